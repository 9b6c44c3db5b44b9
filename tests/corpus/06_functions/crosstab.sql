-- a text that a function runs
SELECT * FROM crosstab('SELECT id, 1, ssn FROM person ORDER BY 1') AS t (id integer, s text) ORDER BY id
