-- a text that goes on after a comment
SELECT id FROM person WHERE ssn = '078-' -- and on
    '05-1120'
