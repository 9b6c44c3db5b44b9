-- a row saved by a MERGE
-- commits: yes
-- state: SELECT price FROM purchase WHERE id = 11
-- undo: UPDATE purchase SET price = CASE current_database() WHEN 'corpus_0' THEN 10 ELSE 11 END WHERE id = 11
MERGE INTO purchase p USING (VALUES (11, 90)) v (id, price) ON v.id = p.id WHEN MATCHED THEN UPDATE SET price = v.price
