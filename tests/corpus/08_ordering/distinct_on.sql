-- the first of each
SELECT DISTINCT ON (name) name, id FROM person ORDER BY name, ssn
