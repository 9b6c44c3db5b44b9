-- the words of a query in a text
SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', ssn) FROM person') ORDER BY 1
