-- a national text
SELECT id FROM person WHERE ssn = N'078-05-1120'
