-- a cast of what is clear, of a row that is hidden
SELECT id FROM purchase WHERE item <> 'tea' AND item <> 'cup' AND item::integer = 3
