-- the short form
COPY (TABLE person) TO STDOUT
