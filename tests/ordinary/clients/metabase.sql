-- Shapes of what Metabase sends, written by hand and not captured: sync, fingerprints, questions
-- base: shop

== session
SET SESSION TIMEZONE TO 'UTC'
;;
SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
;;
SHOW TIMEZONE
;;
SELECT c.relname AS name, n.nspname AS schema, obj_description(c.oid, 'pg_class') AS description, CASE c.relkind WHEN 'r' THEN 'TABLE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'p' THEN 'PARTITIONED TABLE' END AS type, c.reltuples AS estimated_row_count FROM pg_catalog.pg_class c INNER JOIN pg_catalog.pg_namespace n ON c.relnamespace = n.oid WHERE n.nspname !~ '^information_schema|catalog_history|pg_' AND c.relkind IN ('r', 'v', 'f', 'm', 'p') ORDER BY 1
;;
WITH table_privileges AS (SELECT NULL AS role, t.schemaname AS schema, t.objectname AS table, pg_catalog.has_any_column_privilege(current_user, '"' || t.schemaname || '"."' || t.objectname || '"', 'update') AS update, pg_catalog.has_any_column_privilege(current_user, '"' || t.schemaname || '"."' || t.objectname || '"', 'select') AS select, pg_catalog.has_table_privilege(current_user, '"' || t.schemaname || '"."' || t.objectname || '"', 'delete') AS delete FROM (SELECT schemaname, tablename AS objectname FROM pg_catalog.pg_tables UNION SELECT schemaname, viewname FROM pg_views UNION SELECT schemaname, matviewname FROM pg_matviews) t WHERE t.schemaname !~ '^pg_' AND t.schemaname <> 'information_schema' AND pg_catalog.has_schema_privilege(current_user, t.schemaname, 'usage')) SELECT t.* FROM table_privileges t ORDER BY 2, 3
;;
SELECT c.column_name AS name, c.udt_name AS database_type, c.ordinal_position - 1 AS position, c.table_schema AS schema, c.table_name AS table, pk.column_name IS NOT NULL AS pk, col_description(CAST(CAST(format('%I.%I', CAST(c.table_schema AS text), CAST(c.table_name AS text)) AS regclass) AS oid), c.ordinal_position) AS comment, ((column_default IS NULL OR LOWER(column_default) = 'null') AND is_nullable = 'NO' AND NOT (column_default IS NOT NULL AND column_default LIKE '%nextval(%') AND is_identity = 'NO') AS required FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, kc.column_name FROM information_schema.table_constraints tc INNER JOIN information_schema.key_column_usage kc ON tc.constraint_name = kc.constraint_name AND tc.table_schema = kc.table_schema AND tc.table_name = kc.table_name WHERE tc.constraint_type = 'PRIMARY KEY') pk ON c.table_schema = pk.table_schema AND c.table_name = pk.table_name AND c.column_name = pk.column_name WHERE c.table_schema !~ '^information_schema|catalog_history|pg_' ORDER BY 4, 5, 3
;;
SELECT fk_ns.nspname AS "fk-table-schema", fk_table.relname AS "fk-table-name", fk_column.attname AS "fk-column-name", pk_ns.nspname AS "pk-table-schema", pk_table.relname AS "pk-table-name", pk_column.attname AS "pk-column-name" FROM pg_constraint c JOIN pg_class fk_table ON c.conrelid = fk_table.oid JOIN pg_namespace fk_ns ON c.connamespace = fk_ns.oid JOIN pg_attribute fk_column ON c.conrelid = fk_column.attrelid JOIN pg_class pk_table ON c.confrelid = pk_table.oid JOIN pg_namespace pk_ns ON pk_table.relnamespace = pk_ns.oid JOIN pg_attribute pk_column ON c.confrelid = pk_column.attrelid WHERE fk_ns.nspname !~ '^information_schema|pg_' AND c.contype = 'f' AND fk_column.attnum = ANY (c.conkey) AND pk_column.attnum = ANY (c.confkey) ORDER BY 1, 2
;;
SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON t.oid = e.enumtypid ORDER BY e.enumsortorder
;;
SELECT TRUE AS "_" FROM "public"."users" WHERE 1 <> 1 LIMIT 0
;;
SELECT SUBSTRING("public"."users"."name", 1, 1234) AS "substring1", SUBSTRING("public"."users"."email", 1, 1234) AS "substring2", "public"."users"."birth_date" AS "birth_date" FROM "public"."users" LIMIT 10000
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT "public"."users"."id" AS "id", "public"."users"."name" AS "name", "public"."users"."email" AS "email", "public"."users"."created_at" AS "created_at" FROM "public"."users" LIMIT 2000
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT DATE_TRUNC('month', "public"."orders"."placed_at") AS "placed_at", COUNT(*) AS "count", SUM("public"."orders"."total") AS "sum" FROM "public"."orders" GROUP BY DATE_TRUNC('month', "public"."orders"."placed_at") ORDER BY DATE_TRUNC('month', "public"."orders"."placed_at") ASC
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT CAST("public"."orders"."placed_at" AS date) AS "placed_at", COUNT(*) AS "count" FROM "public"."orders" WHERE ("public"."orders"."placed_at" >= DATE_TRUNC('year', (NOW() + INTERVAL '-30 year'))) AND ("public"."orders"."placed_at" < DATE_TRUNC('day', NOW())) GROUP BY CAST("public"."orders"."placed_at" AS date) ORDER BY CAST("public"."orders"."placed_at" AS date) ASC
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT (CAST(EXTRACT(DOW FROM "public"."orders"."placed_at") AS integer) + 1) AS "dow", COUNT(*) AS "count" FROM "public"."orders" GROUP BY (CAST(EXTRACT(DOW FROM "public"."orders"."placed_at") AS integer) + 1) ORDER BY 1 ASC
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT "Users"."name" AS "Users__name", COUNT(DISTINCT "public"."orders"."id") AS "count" FROM "public"."orders" LEFT JOIN "public"."users" AS "Users" ON "public"."orders"."user_id" = "Users"."id" GROUP BY "Users"."name" ORDER BY "count" DESC, "Users"."name" ASC
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT "source"."status" AS "status", AVG("source"."total") AS "avg" FROM (SELECT "public"."orders"."status" AS "status", "public"."orders"."total" AS "total", "public"."orders"."total" * 2 AS "double" FROM "public"."orders") AS "source" WHERE "source"."double" > 3 GROUP BY "source"."status" ORDER BY "source"."status" ASC LIMIT 10000
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT PERCENTILE_CONT(0.5) within group (order by "public"."orders"."total") AS "median", STDDEV_POP("public"."orders"."total") AS "stddev", SUM(CASE WHEN "public"."orders"."total" > 10 THEN 1 ELSE 0.0 END) AS "count-where" FROM "public"."orders"
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT ((FLOOR((("public"."orders"."total" - 0) / 100)) * 100) + 0) AS "total", COUNT(*) AS "count" FROM "public"."orders" GROUP BY ((FLOOR((("public"."orders"."total" - 0) / 100)) * 100) + 0) ORDER BY 1 ASC
;;
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT SUM(COUNT(*)) OVER (ORDER BY DATE_TRUNC('week', ("public"."orders"."placed_at" + INTERVAL '1 day')) ASC ROWS UNBOUNDED PRECEDING) AS "running" FROM "public"."orders" GROUP BY DATE_TRUNC('week', ("public"."orders"."placed_at" + INTERVAL '1 day'))
;;
SELECT "public"."products"."title" AS "title" FROM "public"."products" GROUP BY "public"."products"."title" ORDER BY "public"."products"."title" ASC LIMIT 1001
;;
-- Metabase
SELECT count(*) FROM users WHERE (LOWER("public"."users"."name") LIKE $1)
;; ["%user%"]
-- Metabase:: userID: 1 queryType: MBQL queryHash: 5f3c9a
SELECT (("public"."users"."profile"#>> array[$$a$$]::text[])::text) AS "a" FROM "public"."users" LIMIT 10
;;
