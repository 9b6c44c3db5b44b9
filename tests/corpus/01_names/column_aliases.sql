-- the number, under another label by position
SELECT d FROM person AS p (a, b, c, d) ORDER BY a
