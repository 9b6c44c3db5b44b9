-- in a cipher of one's own
SELECT translate(ssn, '0123456789', 'abcdefghij') FROM person ORDER BY id
