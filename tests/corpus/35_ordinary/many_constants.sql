-- a thousand constants
-- expect: same
SELECT count(*), sum(length(text)) FROM note WHERE id IN (SELECT x FROM generate_series(1, 1000) x) AND id = ANY (array(SELECT generate_series(1, 1000)))
