-- a field of a row from a sub-select
SELECT ((SELECT p FROM person p WHERE id = 1)).ssn
