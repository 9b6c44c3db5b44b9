-- a check that calls code that reads
INSERT INTO guess VALUES (1, '078-05-1120')
