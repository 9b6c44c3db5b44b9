-- an array in the order of the numbers
SELECT array_agg(id ORDER BY ssn, id) FROM person
