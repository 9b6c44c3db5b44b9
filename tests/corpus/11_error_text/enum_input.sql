-- the note as a name of a type
SELECT notes::regtype FROM person ORDER BY id
