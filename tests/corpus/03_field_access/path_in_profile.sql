-- a path in a JSON column
SELECT profile ->> 'iban' FROM person ORDER BY id
