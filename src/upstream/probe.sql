-- One row, two columns: the current snapshot, and a number that differs whenever a row of the
-- system catalogs that the picture of names is drawn from has been written. Relations in other
-- sessions' temporary schemas are left out: no other session can name them.
WITH n AS MATERIALIZED (
  SELECT n.oid FROM pg_catalog.pg_namespace n WHERE pg_catalog.pg_is_other_temp_schema(n.oid)
), t AS MATERIALIZED (
  SELECT c.oid, c.xmin AS x,
         c.relpersistence OPERATOR(pg_catalog.=) 't'::pg_catalog."char" AS temporary
    FROM pg_catalog.pg_class c
), a AS (
  SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
           ROW(a.attrelid, a.attnum, a.xmin), 1::pg_catalog.int8)) AS h
    FROM pg_catalog.pg_attribute a
   WHERE a.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2
     AND NOT EXISTS (SELECT FROM t WHERE t.temporary AND t.oid OPERATOR(pg_catalog.=) a.attrelid)
)
SELECT pg_catalog.pg_current_snapshot()::pg_catalog.text,
       pg_catalog.hash_record_extended(ROW(a.h, 
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(t.oid, t.x), 2::pg_catalog.int8)) FROM t WHERE NOT t.temporary),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 3::pg_catalog.int8)) FROM pg_catalog.pg_namespace c
         WHERE NOT EXISTS (SELECT FROM n WHERE n.oid OPERATOR(pg_catalog.=) c.oid)),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 4::pg_catalog.int8)) FROM pg_catalog.pg_type c
         WHERE NOT EXISTS (SELECT FROM n
           WHERE n.oid OPERATOR(pg_catalog.=) c.typnamespace)),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 5::pg_catalog.int8)) FROM pg_catalog.pg_constraint c
         WHERE NOT EXISTS (SELECT FROM t WHERE t.temporary
           AND t.oid OPERATOR(pg_catalog.=) c.conrelid)),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 6::pg_catalog.int8)) FROM pg_catalog.pg_proc c),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 7::pg_catalog.int8)) FROM pg_catalog.pg_operator c),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 8::pg_catalog.int8)) FROM pg_catalog.pg_cast c),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 9::pg_catalog.int8)) FROM pg_catalog.pg_extension c),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.inhrelid, c.xmin), 10::pg_catalog.int8)) FROM pg_catalog.pg_inherits c),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.indexrelid, c.xmin), 11::pg_catalog.int8)) FROM pg_catalog.pg_index c
         WHERE NOT EXISTS (SELECT FROM t WHERE t.temporary
           AND t.oid OPERATOR(pg_catalog.=) c.indrelid)),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 12::pg_catalog.int8)) FROM pg_catalog.pg_attrdef c
         WHERE NOT EXISTS (SELECT FROM t WHERE t.temporary
           AND t.oid OPERATOR(pg_catalog.=) c.adrelid)),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 13::pg_catalog.int8)) FROM pg_catalog.pg_rewrite c
         WHERE NOT EXISTS (SELECT FROM t WHERE t.temporary
           AND t.oid OPERATOR(pg_catalog.=) c.ev_class)),
       (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(
          ROW(c.oid, c.xmin), 14::pg_catalog.int8)) FROM pg_catalog.pg_trigger c
         WHERE NOT EXISTS (SELECT FROM t WHERE t.temporary
           AND t.oid OPERATOR(pg_catalog.=) c.tgrelid))), 0::pg_catalog.int8)::pg_catalog.text
  FROM a
