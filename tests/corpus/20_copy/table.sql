-- the table
COPY person TO STDOUT
