-- a text of code points
SELECT id FROM person WHERE ssn = U&'\0030\0037\0038-05-1120'
