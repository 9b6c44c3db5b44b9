-- in binary
COPY (SELECT id, ssn FROM person ORDER BY id) TO STDOUT WITH (FORMAT binary)
