-- a picture in hexadecimal
SELECT encode(photo, 'hex') FROM person ORDER BY id
