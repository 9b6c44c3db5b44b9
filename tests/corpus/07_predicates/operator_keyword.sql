-- with the operator spelt out
SELECT id FROM person WHERE ssn OPERATOR(pg_catalog.=) '078-05-1120'
