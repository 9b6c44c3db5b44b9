-- how many different ones
SELECT count(DISTINCT ssn), count(notes), count(*) FROM person
