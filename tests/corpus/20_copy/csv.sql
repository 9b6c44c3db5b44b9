-- as CSV with the old words
COPY person (id, ssn) TO STDOUT WITH CSV HEADER
