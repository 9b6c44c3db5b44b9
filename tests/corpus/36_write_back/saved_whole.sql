-- a whole row saved as it was read
-- commits: yes
-- state: SELECT ssn, phone FROM person WHERE id = 1
-- undo: UPDATE person SET (ssn, phone) = (SELECT v.s, v.p FROM (VALUES ('corpus_0', '078-05-1120', '+4420791112345'), ('corpus_1', '536-90-4399', '+4420882222345')) v (d, s, p) WHERE d = current_database()) WHERE id = 1
UPDATE person SET name = 'Ada Plain', ssn = NULL, phone = '***2345', region = 'north' WHERE id = 1
