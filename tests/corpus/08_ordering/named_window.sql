-- by a window of a name
SELECT id, row_number() OVER w FROM person WINDOW w AS (ORDER BY notes, id) ORDER BY id
