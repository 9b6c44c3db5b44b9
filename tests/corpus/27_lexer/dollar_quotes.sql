-- a tag in a tag
SELECT $a$ $b$ $a$, ssn FROM person ORDER BY id -- $b$
