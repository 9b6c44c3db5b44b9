-- a hash to be guessed at leisure
SELECT md5(ssn), sha256(notes::bytea) FROM person ORDER BY id
