-- a note, quoted by the error of a cast
SELECT id FROM person WHERE notes::integer = 1
