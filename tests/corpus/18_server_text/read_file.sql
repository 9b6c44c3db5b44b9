-- the file of a table
-- role: postgres
CHECKPOINT
---
SELECT encode(pg_read_binary_file(pg_relation_filepath('person_list')), 'escape')
