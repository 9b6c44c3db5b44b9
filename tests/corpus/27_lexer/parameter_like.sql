-- what looks like a parameter in a text
SELECT '$1', ssn FROM person ORDER BY id
