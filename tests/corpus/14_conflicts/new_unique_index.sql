-- whether values are unique
CREATE UNIQUE INDEX ON person ((balance < 150)) WHERE id IN (1, 3)
