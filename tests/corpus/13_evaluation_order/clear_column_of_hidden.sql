-- a division by what is clear, of a row that is hidden
SELECT item FROM purchase WHERE 1 / (person_id - 6) = 5
