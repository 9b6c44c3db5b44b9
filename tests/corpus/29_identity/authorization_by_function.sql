-- as another login, by a function
-- role: postgres
SELECT set_config('session_authorization', 'clerk', true)
---
SELECT ssn FROM person ORDER BY id
