-- what a write returns
COPY (UPDATE person SET name = name RETURNING ssn) TO STDOUT
