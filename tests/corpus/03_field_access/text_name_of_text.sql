-- a column named by the function notation with a schema
SELECT count(*) FROM person p WHERE ssn(p) = '078-05-1120'
