-- what was put in
INSERT INTO note SELECT id + 100, ssn FROM person RETURNING text
