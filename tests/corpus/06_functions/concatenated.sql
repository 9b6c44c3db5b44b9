-- the number glued to nothing
SELECT ssn || '' FROM person ORDER BY id
