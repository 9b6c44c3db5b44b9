-- a column whose domain looks things up
INSERT INTO typed VALUES (1, '078-05-1120')
