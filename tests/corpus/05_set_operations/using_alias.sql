-- the alias of merged columns
SELECT m.ssn FROM person a JOIN person b USING (ssn) AS m ORDER BY 1
