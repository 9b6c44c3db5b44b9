-- rows compared as a whole
SELECT a.id FROM person a, person b WHERE a > b AND b.id = 1 ORDER BY 1
