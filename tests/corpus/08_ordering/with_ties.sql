-- who shares the place
SELECT id FROM person ORDER BY balance > 150 FETCH FIRST 1 ROW WITH TIES
