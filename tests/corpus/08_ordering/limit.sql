-- who is the first
SELECT id FROM person ORDER BY balance DESC LIMIT 1
