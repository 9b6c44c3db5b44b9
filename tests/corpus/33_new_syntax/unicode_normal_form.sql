-- whether a text is normal
SELECT id FROM person WHERE notes || '' IS NFC NORMALIZED ORDER BY id
