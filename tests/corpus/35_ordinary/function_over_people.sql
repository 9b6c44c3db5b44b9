-- functions over people for whoever sees all of them
-- role: clerk
-- expect: same
SELECT ssn_of(1), ssn_of(id) FROM note ORDER BY id
---
SELECT id, ssn FROM people() ORDER BY id
