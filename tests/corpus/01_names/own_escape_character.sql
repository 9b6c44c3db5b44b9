-- the number, spelt in code points after a character of one's own
SELECT U&"!0073sn" UESCAPE '!' FROM person ORDER BY id
