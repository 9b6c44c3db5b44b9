-- the row in the detail of a missing partition
UPDATE visit SET day = day + (SELECT balance * 100 FROM person WHERE id = 1)
