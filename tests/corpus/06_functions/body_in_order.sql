-- a function over people, to sort by
SELECT id FROM note ORDER BY ssn_of(id)
---
SELECT count(*) FROM note WHERE ssn_of(1) < '1'
