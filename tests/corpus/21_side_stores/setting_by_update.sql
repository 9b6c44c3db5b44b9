-- kept by updating the settings
UPDATE pg_settings SET setting = (SELECT ssn FROM person WHERE id = 1) WHERE name = 'application_name'
---
SHOW application_name
