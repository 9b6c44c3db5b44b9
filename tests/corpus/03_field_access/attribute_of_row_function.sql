-- a function of the row called like a column
SELECT p.show_row FROM person p ORDER BY id
