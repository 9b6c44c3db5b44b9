-- a note, quoted by the error of a parser
SELECT notes::json FROM person WHERE notes IS NOT NULL ORDER BY id
