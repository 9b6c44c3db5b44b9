-- every value set to what is seen of it
-- commits: yes
-- state: SELECT phone FROM person WHERE id = 1
-- undo: UPDATE person SET phone = CASE current_database() WHEN 'corpus_0' THEN '+4420791112345' ELSE '+4420882222345' END WHERE id = 1
UPDATE person p SET phone = '***' || right(q.phone, 4) FROM person q WHERE q.id = p.id AND p.id = 1
