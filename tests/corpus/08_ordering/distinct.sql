-- how many there are
SELECT DISTINCT tags FROM person ORDER BY 1
