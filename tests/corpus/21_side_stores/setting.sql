-- kept in a setting
SELECT set_config('app.x', (SELECT ssn FROM person WHERE id = 1), false)
---
SELECT current_setting('app.x')
