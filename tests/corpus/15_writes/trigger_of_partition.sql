-- a trigger of a partition that reads
INSERT INTO rack VALUES (1, NULL) RETURNING text
