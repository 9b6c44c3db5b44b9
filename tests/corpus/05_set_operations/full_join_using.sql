-- the merged column of a full join
SELECT ssn FROM person FULL JOIN (VALUES ('x')) v (ssn) USING (ssn) ORDER BY 1
