-- a comment in a text
SELECT ssn, '/* purpose=serve */' FROM person ORDER BY id
