-- with the star of old
SELECT value FROM contact * ORDER BY value
