-- how many are near
SELECT id, count(*) OVER (ORDER BY balance RANGE BETWEEN 100 PRECEDING AND 20 FOLLOWING) FROM person ORDER BY id
