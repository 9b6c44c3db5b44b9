-- from here to there
WITH d AS (DELETE FROM contact RETURNING person_id, value) INSERT INTO note SELECT person_id + 300, string_agg(value, '') FROM d GROUP BY 1 RETURNING *
