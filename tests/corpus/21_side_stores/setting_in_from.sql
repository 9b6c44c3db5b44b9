-- kept in a setting, in FROM
SELECT * FROM set_config('app.x', (SELECT ssn FROM person WHERE id = 1), true)
---
SHOW app.x
