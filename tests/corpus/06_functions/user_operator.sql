-- by an operator whose function reads the table
SELECT 0 |?| 1
