-- whose birth is in a period
SELECT id FROM person WHERE (born, born) OVERLAPS (date '1980-01-01', date '1980-02-01') ORDER BY id
