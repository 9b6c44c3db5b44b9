-- an error if there is no such byte
SELECT get_byte(photo, 4) FROM person WHERE id = 1
