-- a text of code points behind a mark of one's own
SELECT id FROM person WHERE ssn = U&'!003078-05-1120' UESCAPE '!'
