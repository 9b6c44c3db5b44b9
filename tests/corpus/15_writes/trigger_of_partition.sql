-- a trigger of a partition that reads
INSERT INTO shelf VALUES (1, NULL) RETURNING text
