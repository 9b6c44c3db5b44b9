-- a running sum
SELECT id, sum(balance) OVER (ORDER BY id), string_agg(ssn, '') OVER (ORDER BY id) FROM person ORDER BY id
