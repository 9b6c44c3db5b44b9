-- kept in a setting that is there
SELECT set_config('application_name', (SELECT ssn FROM person WHERE id = 1), false)
---
SHOW application_name
