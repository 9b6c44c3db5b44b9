-- a query
COPY (SELECT ssn FROM person ORDER BY id) TO STDOUT
