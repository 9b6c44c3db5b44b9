-- how many are equal
SELECT id, count(*) OVER (ORDER BY tags GROUPS UNBOUNDED PRECEDING EXCLUDE TIES) FROM person ORDER BY id
