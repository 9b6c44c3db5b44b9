-- whose numbers are in this order
SELECT a.id, b.id FROM person a JOIN person b ON a.ssn < b.ssn ORDER BY 1, 2
