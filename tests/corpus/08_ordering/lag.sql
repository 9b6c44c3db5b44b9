-- the one before
SELECT id, lag(id) OVER (ORDER BY balance) FROM person ORDER BY id
