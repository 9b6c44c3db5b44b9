-- how long a text is
SELECT length(notes), octet_length(email), bit_length(ssn) FROM person ORDER BY id
