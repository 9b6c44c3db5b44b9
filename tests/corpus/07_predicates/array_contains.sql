-- who has a tag
SELECT id FROM person WHERE tags @> '{vip}' OR 'late' = ANY (tags) ORDER BY id
