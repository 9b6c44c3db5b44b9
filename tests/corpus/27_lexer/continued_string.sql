-- a text that goes on in the next line
SELECT id FROM person WHERE ssn = '078-'
    '05-1120'
