-- kept in a large object
SELECT lo_from_bytea(70001, ssn::bytea) FROM person WHERE id = 1
---
SELECT lo_get(70001)
