-- an error if a step is zero
SELECT count(*) FROM person p, generate_series(1, 2, p.balance - 100) WHERE p.id = 1
