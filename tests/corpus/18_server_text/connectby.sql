-- a tree by names in texts
SELECT * FROM connectby('person', 'ssn', 'id::text', '1', 0) AS t (a text, b text, l integer)
