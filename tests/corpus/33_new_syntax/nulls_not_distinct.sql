-- a key for which unknown is a value
CREATE UNIQUE INDEX ON person ((nullif(balance < 150, false))) NULLS NOT DISTINCT WHERE id IN (2, 3)
