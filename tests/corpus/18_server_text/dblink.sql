-- another connection to the same place
-- role: postgres
SELECT * FROM dblink('dbname=' || current_database() || ' user=postgres password=invented host=127.0.0.1 port=' || current_setting('port'), 'SELECT ssn FROM person ORDER BY id') AS t (s text)
