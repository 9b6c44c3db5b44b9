-- Shapes of what DBeaver sends, written by hand and not captured: navigator tree, properties, data editor, session manager
-- base: shop

== session
SET application_name = 'DBeaver - Main'
;;
SET extra_float_digits = 3
;;
SHOW search_path
;;
SELECT current_schema(), session_user
;;
SELECT version()
;;
SHOW server_version_num
;;
SELECT db.oid, db.* FROM pg_catalog.pg_database db WHERE 1 = 1 AND datallowconn AND NOT datistemplate OR db.datname = current_database() ORDER BY db.datname
;;
SELECT n.oid, n.*, d.description FROM pg_catalog.pg_namespace n LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = n.oid AND d.objsubid = 0 AND d.classoid = 'pg_namespace'::regclass ORDER BY nspname
;;
SELECT t.oid, t.*, c.relkind, format_type(nullif(t.typbasetype, 0), t.typtypmod) AS base_type_name, d.description FROM pg_catalog.pg_type t LEFT OUTER JOIN pg_catalog.pg_type et ON et.oid = t.typelem LEFT OUTER JOIN pg_catalog.pg_class c ON c.oid = t.typrelid LEFT OUTER JOIN pg_catalog.pg_description d ON t.oid = d.objoid WHERE t.typname IS NOT NULL AND (c.relkind IS NULL OR c.relkind = 'c') AND (et.typcategory IS NULL OR et.typcategory <> 'C')
;;
SELECT c.oid, c.*, d.description, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS partition_expr, pg_catalog.pg_get_partkeydef(c.oid) AS partition_key FROM pg_catalog.pg_class c LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_class'::regclass WHERE c.relnamespace = $1 AND c.relkind NOT IN ('i', 'I', 'c')
;; ["2200"]
SELECT c.relname, a.*, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid, true) AS def_value, dsc.description, dep.objid FROM pg_catalog.pg_attribute a INNER JOIN pg_catalog.pg_class c ON (a.attrelid = c.oid) LEFT OUTER JOIN pg_catalog.pg_attrdef ad ON (a.attrelid = ad.adrelid AND a.attnum = ad.adnum) LEFT OUTER JOIN pg_catalog.pg_description dsc ON (c.oid = dsc.objoid AND a.attnum = dsc.objsubid) LEFT OUTER JOIN pg_depend dep ON dep.refobjid = a.attrelid AND dep.deptype = 'i' AND dep.refobjsubid = a.attnum AND dep.classid = dep.refclassid WHERE NOT a.attisdropped AND c.oid = $1 ORDER BY a.attnum
;; ["@{class users}"]
SELECT c.oid, c.*, t.relname AS tabrelname, rt.relnamespace AS refnamespace, d.description, CASE WHEN c.contype = 'c' THEN "substring"(pg_get_constraintdef(c.oid), 7) ELSE NULL END consrc_copy FROM pg_catalog.pg_constraint c INNER JOIN pg_catalog.pg_class t ON t.oid = c.conrelid LEFT OUTER JOIN pg_catalog.pg_class rt ON rt.oid = c.confrelid LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = 0 AND d.classoid = 'pg_constraint'::regclass WHERE c.conrelid = $1 ORDER BY c.oid
;; ["@{class orders}"]
SELECT i.*, i.indkey AS keys, c.relname, c.relnamespace, c.relam, c.reltablespace, tc.relname AS tabrelname, dsc.description, pg_catalog.pg_get_expr(i.indpred, i.indrelid) AS pred_expr, pg_catalog.pg_get_expr(i.indexprs, i.indrelid, true) AS expr, pg_catalog.pg_relation_size(i.indexrelid) AS index_rel_size, pg_catalog.pg_stat_get_numscans(i.indexrelid) AS index_num_scans FROM pg_catalog.pg_index i INNER JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid INNER JOIN pg_catalog.pg_class tc ON tc.oid = i.indrelid LEFT OUTER JOIN pg_catalog.pg_description dsc ON i.indexrelid = dsc.objoid WHERE i.indrelid = $1 ORDER BY tabrelname, c.relname
;; ["@{class orders}"]
SELECT p.oid AS poid, p.*, pg_catalog.pg_get_expr(p.proargdefaults, 0) AS arg_defaults, d.description FROM pg_catalog.pg_proc p LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.objsubid = 0 WHERE p.pronamespace = $1 ORDER BY p.proname
;; ["2200"]
SELECT x.oid, x.*, p.relnamespace AS func_schema, d.description FROM pg_catalog.pg_trigger x INNER JOIN pg_catalog.pg_class p ON p.oid = x.tgrelid LEFT OUTER JOIN pg_catalog.pg_description d ON d.objoid = x.oid AND d.objsubid = 0 WHERE x.tgrelid = $1 AND NOT x.tgisinternal
;; ["@{class products}"]
SELECT i.*, c.relnamespace FROM pg_catalog.pg_inherits i, pg_catalog.pg_class c WHERE i.inhrelid = $1 AND c.oid = i.inhparent ORDER BY i.inhseqno
;; ["@{class events_2026}"]
SELECT pg_catalog.pg_get_viewdef($1::oid, true)
;; ["@{class cheap}"]
SELECT pg_catalog.pg_get_functiondef($1::oid)
;; ["@{proc vat(numeric)}"]
SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = $1 ORDER BY e.enumsortorder
;; ["@{type order_status}"]
SELECT pg_catalog.pg_table_size($1), pg_catalog.pg_total_relation_size($1)
;; ["@{class users}"]
SELECT a.oid, a.*, pd.description FROM pg_catalog.pg_roles a LEFT JOIN pg_catalog.pg_shdescription pd ON a.oid = pd.objoid ORDER BY a.rolname
;;
SELECT * FROM pg_catalog.pg_settings
;;
SELECT * FROM pg_catalog.pg_settings WHERE name = $1
;; ["standard_conforming_strings"]
SELECT * FROM pg_catalog.pg_timezone_names
;;
SELECT t.oid, t.*, pg_tablespace_location(t.oid) loc FROM pg_catalog.pg_tablespace t ORDER BY t.oid
;;
SELECT e.oid, e.*, n.nspname AS schema_name FROM pg_catalog.pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace ORDER BY e.oid
;;
SELECT l.oid, l.* FROM pg_catalog.pg_language l ORDER BY l.oid
;;
SELECT am.oid, am.* FROM pg_catalog.pg_am am ORDER BY am.oid
;;
SELECT c.oid, c.* FROM pg_catalog.pg_collation c ORDER BY c.oid
;;
SELECT sa.* FROM pg_catalog.pg_stat_activity sa
;;
SELECT l.pid, l.locktype, l.mode, l.granted FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
;;
SELECT x.relacl FROM pg_catalog.pg_class x WHERE x.oid = $1
;; ["@{class users}"]
SELECT * FROM information_schema.table_privileges WHERE table_schema = $1 AND grantee = $2
;; ["public", "app"]
SELECT * FROM pg_catalog.pg_sequence s WHERE s.seqrelid = $1
;; ["@{class ticket_numbers}"]
SELECT last_value, is_called FROM public.ticket_numbers
;;
SELECT u.id, u."name", u.email, u.phone, u.birth_date, u.zip, u.active, u.profile, u.created_at FROM public.users u LIMIT 200
;;
SELECT * FROM public.orders ORDER BY placed_at DESC NULLS LAST LIMIT 200 OFFSET 0
;;
SELECT count(*) FROM public.orders
;;
SELECT u.* , u.ctid FROM public.users u WHERE u."name" ILIKE '%user 1%'
;;
BEGIN
;;
UPDATE public.users SET phone = $1 WHERE id = $2
;; ["+49 1", "3"]
INSERT INTO public.reviews (user_id, product_id, stars, body) VALUES ($1, $2, $3, $4)
;; ["1", "1", "3", "x"]
DELETE FROM public.reviews WHERE id = $1
;; ["4"]
COMMIT
;;
SELECT "status", count(*) FROM public.orders GROUP BY "status" ORDER BY count(*) DESC LIMIT 100
;;
EXPLAIN SELECT * FROM public.products
;;
EXPLAIN (ANALYZE false, FORMAT XML) SELECT * FROM public.products
;;
SELECT * FROM (SELECT * FROM public.products) z_q WHERE price > 3
;;
SELECT count(*) FROM (SELECT * FROM public.products) dbvrcnt
;;
CREATE TABLE public.newtable (column1 varchar NULL, id serial4 NOT NULL)
;;
COMMENT ON TABLE public.newtable IS 'n'
;;
ALTER TABLE public.newtable ADD CONSTRAINT newtable_pk PRIMARY KEY (id)
;;
ALTER TABLE public.newtable RENAME COLUMN column1 TO c1
;;
DROP TABLE public.newtable
;;
