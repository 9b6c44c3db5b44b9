-- a query in a text that rewrites another
SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, plainto_tsquery(''simple'', ssn) FROM person WHERE id = 1')
