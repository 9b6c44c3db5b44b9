-- an error if a count is zero
SELECT width_bucket(1.0, 0.0, 9.0, balance - 100) FROM person WHERE id = 1
