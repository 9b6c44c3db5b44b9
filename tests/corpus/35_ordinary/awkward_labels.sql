-- labels that are words of SQL
-- expect: same
SELECT id AS delete, text AS "select", 1 AS value, 2 AS insert FROM note ORDER BY id
