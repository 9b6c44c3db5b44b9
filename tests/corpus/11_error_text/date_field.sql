-- the number as a field of a date
SELECT date_trunc(ssn, timestamp '2020-01-01') FROM person ORDER BY id
