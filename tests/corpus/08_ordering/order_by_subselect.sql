-- by a sub-select
SELECT id FROM person p ORDER BY (SELECT q.balance FROM person q WHERE q.id = p.id), id
