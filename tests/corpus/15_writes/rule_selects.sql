-- a rule that answers with a query
INSERT INTO niche VALUES (1, 'x')
