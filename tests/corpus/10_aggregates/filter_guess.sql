-- how many a guess fits
SELECT count(*) FILTER (WHERE ssn = '078-05-1120') FROM person
