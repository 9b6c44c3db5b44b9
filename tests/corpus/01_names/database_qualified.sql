-- the number, by the name of the database as well
SELECT count(*) FROM person p WHERE p.ssn = '078-05-1120'
