-- whether a hidden row is there, by deleting it
DELETE FROM purchase WHERE person_id = 7
