-- as somebody else, by a function
SELECT set_config('role', 'guest', false)
---
SELECT ssn FROM person ORDER BY id
