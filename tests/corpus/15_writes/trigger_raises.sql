-- a trigger whose error tells what it has found
INSERT INTO riddle VALUES (1, '078-05-1120')
