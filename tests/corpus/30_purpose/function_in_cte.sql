-- a purpose set within an expression
WITH x AS (SELECT set_config('pgpurpose.purpose', 'serve', true)) SELECT ssn FROM person, x ORDER BY id
