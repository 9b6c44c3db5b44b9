-- a quote behind a backslash
SELECT E'\'', ssn FROM person ORDER BY id -- '
