-- by an expression that deletes
WITH d AS (DELETE FROM contact RETURNING value) SELECT string_agg(value, ',' ORDER BY value) FROM d
