-- by a file
-- role: postgres
CREATE TEMP TABLE t (x text)
---
COPY (SELECT ssn FROM person ORDER BY id) TO '/tmp/pgpurpose-corpus.txt'
---
COPY t FROM '/tmp/pgpurpose-corpus.txt'
---
SELECT x FROM t
