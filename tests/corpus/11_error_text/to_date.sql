-- the number by a template
SELECT to_date(ssn, 'YYYY-Mon') FROM person ORDER BY id
