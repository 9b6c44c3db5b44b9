-- the number, spelt in code points
SELECT U&"\0073sn" FROM U&"p\0065rson" ORDER BY id
