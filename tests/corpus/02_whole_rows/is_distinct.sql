-- a row compared with a guess
SELECT count(*) FROM person p WHERE (p.name, p.ssn) IS NOT DISTINCT FROM ('Ada Plain', '078-05-1120')
