-- a trigger behind a view
INSERT INTO errand_view (id) VALUES (1) RETURNING text
