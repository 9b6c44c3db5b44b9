-- an error in a condition of a DELETE
DELETE FROM purchase WHERE 1 / (price - 10) = 77
