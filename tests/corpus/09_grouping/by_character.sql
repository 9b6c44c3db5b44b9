-- how many begin so
SELECT substr(ssn, 1, 1), count(*) FROM person GROUP BY substr(ssn, 1, 1) ORDER BY 1
