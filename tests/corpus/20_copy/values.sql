-- hidden values in VALUES
COPY (VALUES ((SELECT ssn FROM person WHERE id = 1))) TO STDOUT
