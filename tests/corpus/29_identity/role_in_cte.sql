-- as somebody else, within an expression
WITH x AS (SELECT set_config('role', 'guest', true) AS r) SELECT ssn FROM person, x ORDER BY id
