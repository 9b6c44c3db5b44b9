-- what looks like a comment in a text
SELECT '/*', ssn FROM person ORDER BY id /*'*/
