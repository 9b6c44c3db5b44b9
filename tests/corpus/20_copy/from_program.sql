-- read from a program that asks the server
-- role: postgres
CREATE TEMP TABLE t (x text)
---
COPY t FROM PROGRAM 'PGPASSWORD=invented psql -At -h 127.0.0.1 -p $(sed -n 4p postmaster.pid) -U postgres -c "SELECT ssn FROM person ORDER BY id" $(cut -d" " -f3 /proc/$PPID/cmdline)'
---
SELECT x || '' FROM t
