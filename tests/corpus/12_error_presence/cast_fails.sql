-- an error if it is no number
SELECT count(ssn::bigint) FROM person WHERE id = 5
