-- the note as a time zone that nobody knows
SELECT now() AT TIME ZONE notes IS NULL FROM person ORDER BY id
