-- by an aggregate of the user's
SELECT gather(ssn ORDER BY id) FROM person
