-- read where large objects are kept
-- role: postgres
SELECT lo_from_bytea(70002, ssn::bytea) FROM person WHERE id = 1
---
SELECT data FROM pg_largeobject WHERE loid = 70002
