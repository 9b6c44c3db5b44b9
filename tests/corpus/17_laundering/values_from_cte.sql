-- by expressions that follow each other
WITH a AS (SELECT ssn AS x FROM person), b AS (SELECT x AS y FROM a) INSERT INTO note SELECT 100 + row_number() OVER (ORDER BY y), y FROM b
---
SELECT text FROM note ORDER BY id
