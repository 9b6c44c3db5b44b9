-- Rails ActiveRecord 6.1.7.10 with ruby-pg: migrations, queries, schema dump
-- base: empty

== session
SET client_min_messages TO 'warning'
;;
SET standard_conforming_strings = on
;;
SET intervalstyle = iso_8601
;;
SET SESSION timezone TO 'UTC'
;;
SELECT t.oid, t.typname
FROM pg_type as t
WHERE t.typname IN ('int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric', 'bool', 'timestamp', 'timestamptz')
;; []
SELECT t.oid, t.typname, t.typelem, t.typdelim, t.typinput, r.rngsubtype, t.typtype, t.typbasetype
FROM pg_type as t
LEFT JOIN pg_range as r ON oid = rngtypid
WHERE
  t.typname IN ('int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'text', 'varchar', 'char', 'name', 'bpchar', 'bool', 'bit', 'varbit', 'timestamptz', 'date', 'money', 'bytea', 'point', 'hstore', 'json', 'jsonb', 'cidr', 'inet', 'uuid', 'xml', 'tsvector', 'macaddr', 'citext', 'ltree', 'line', 'lseg', 'box', 'path', 'polygon', 'circle', 'time', 'timestamp', 'numeric', 'interval')
  OR t.typtype IN ('r', 'e', 'd')
  OR t.typinput = 'array_in(cstring,oid,integer)'::regprocedure
  OR t.typelem != 0
;; []
SHOW TIME ZONE
;;
SELECT 1
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'schema_migrations' AND c.relkind IN ('r','p')
;;
CREATE TABLE "schema_migrations" ("version" character varying NOT NULL PRIMARY KEY)
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'ar_internal_metadata' AND c.relkind IN ('r','p')
;;
CREATE TABLE "ar_internal_metadata" ("key" character varying NOT NULL PRIMARY KEY, "value" character varying, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL)
;;
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"ar_internal_metadata"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
;;
SHOW search_path
;;
SELECT "ar_internal_metadata".* FROM "ar_internal_metadata" WHERE "ar_internal_metadata"."key" = $1 LIMIT $2
;; ["environment", "1"]
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('r','v','m','p','f')
;;
BEGIN
;;
INSERT INTO "ar_internal_metadata" ("key", "value", "created_at", "updated_at") VALUES ($1, $2, $3, $4) RETURNING "key"
;; ["environment", "test", "2026-11-25 06:43:43.621702", "2026-11-25 06:43:43.621702"]
COMMIT
;;
CREATE EXTENSION IF NOT EXISTS "plpgsql"
;; []
SELECT 'boolean'::regtype::oid
;;
SELECT 'jsonb'::regtype::oid
;;
SELECT 'text[]'::regtype::oid
;;
CREATE TABLE "users" ("id" bigserial primary key, "name" text NOT NULL, "email" character varying, "birth_date" date, "active" boolean DEFAULT TRUE, "profile" jsonb DEFAULT '{}', "tags" text[] DEFAULT '{}', "ip" inet, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL)
;;
SHOW max_identifier_length
;;
CREATE UNIQUE INDEX "index_users_on_email" ON "users" ("email")
;;
CREATE TABLE "products" ("id" bigserial primary key, "title" character varying, "price" decimal(10,2), "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL)
;;
SELECT 'character varying'::regtype::oid
;;
SELECT 'decimal(10,2)'::regtype::oid
;;
SELECT 'integer'::regtype::oid
;;
CREATE TABLE "orders" ("id" bigserial primary key, "user_id" bigint, "status" character varying DEFAULT 'open', "total" decimal(10,2) DEFAULT 0.0, "lock_version" integer DEFAULT 0, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL, CONSTRAINT "fk_rails_f868b47f6a"
FOREIGN KEY ("user_id")
  REFERENCES "users" ("id")
 ON DELETE CASCADE)
;;
CREATE INDEX "index_orders_on_user_id" ON "orders" ("user_id")
;;
CREATE TABLE "order_items" ("id" bigserial primary key, "order_id" bigint, "product_id" bigint, "quantity" integer DEFAULT 1)
;;
CREATE INDEX "index_order_items_on_order_id" ON "order_items" ("order_id")
;;
CREATE INDEX "index_order_items_on_product_id" ON "order_items" ("product_id")
;;
CREATE TABLE "reviews" ("id" bigserial primary key, "user_id" bigint, "product_id" bigint, "stars" integer, "body" text, "created_at" timestamp(6) NOT NULL, "updated_at" timestamp(6) NOT NULL, CONSTRAINT "fk_rails_74a66bd6c5"
FOREIGN KEY ("user_id")
  REFERENCES "users" ("id")
)
;;
CREATE INDEX "index_reviews_on_user_id" ON "reviews" ("user_id")
;;
CREATE INDEX "index_reviews_on_product_id" ON "reviews" ("product_id")
;;
CREATE INDEX "oix" ON "orders" ("status", "total") WHERE status = 'open'
;;
ALTER TABLE "reviews" ADD CONSTRAINT st CHECK (stars >= 0)
;;
DEALLOCATE a1
;;
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"users"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'users' AND c.relkind IN ('r','v','m','p','f')
;;
SELECT a.attname
  FROM (
         SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx
           FROM pg_index
          WHERE indrelid = '"users"'::regclass
            AND indisprimary
       ) i
  JOIN pg_attribute a
    ON a.attrelid = i.indrelid
   AND a.attnum = i.indkey[i.idx]
 ORDER BY i.idx
;;
BEGIN
;;
SELECT 1 AS one FROM "users" WHERE "users"."email" = $1 LIMIT $2
;; ["u1@example.org", "1"]
INSERT INTO "users" ("name", "email", "birth_date", "profile", "tags", "ip", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING "id"
;; ["U1", "u1@example.org", "1980-01-01", "{\"a\": 1}", "{x}", "10.0.0.1", "2026-11-25 06:43:43.717794", "2026-11-25 06:43:43.717794"]
COMMIT
;;
BEGIN
;;
SELECT 1 AS one FROM "users" WHERE "users"."email" = $1 LIMIT $2
;; ["u2@example.org", "1"]
INSERT INTO "users" ("name", "email", "birth_date", "profile", "tags", "ip", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING "id"
;; ["U2", "u2@example.org", "1980-01-02", "{\"a\": 2}", "{x}", "10.0.0.1", "2026-11-25 06:43:43.726953", "2026-11-25 06:43:43.726953"]
COMMIT
;;
BEGIN
;;
SELECT 1 AS one FROM "users" WHERE "users"."email" = $1 LIMIT $2
;; ["u3@example.org", "1"]
INSERT INTO "users" ("name", "email", "birth_date", "profile", "tags", "ip", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING "id"
;; ["U3", "u3@example.org", "1980-01-03", "{\"a\": 3}", "{x}", "10.0.0.1", "2026-11-25 06:43:43.733586", "2026-11-25 06:43:43.733586"]
COMMIT
;;
BEGIN
;;
INSERT INTO "users" ("name", "email", "birth_date", "profile", "tags", "ip", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING "id"
;; ["U4", "u4@example.org", "1980-01-04", "{\"a\": 4}", "{x}", "10.0.0.1", "2026-11-25 06:43:43.742218", "2026-11-25 06:43:43.742218"]
COMMIT
;;
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"products"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'products' AND c.relkind IN ('r','v','m','p','f')
;;
SELECT a.attname
  FROM (
         SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx
           FROM pg_index
          WHERE indrelid = '"products"'::regclass
            AND indisprimary
       ) i
  JOIN pg_attribute a
    ON a.attrelid = i.indrelid
   AND a.attnum = i.indkey[i.idx]
 ORDER BY i.idx
;;
BEGIN
;;
INSERT INTO "products" ("title", "price", "created_at", "updated_at") VALUES ($1, $2, $3, $4) RETURNING "id"
;; ["a", "1.0", "2026-11-25 06:43:43.748192", "2026-11-25 06:43:43.748192"]
COMMIT
;;
BEGIN
;;
INSERT INTO "products" ("title", "price", "created_at", "updated_at") VALUES ($1, $2, $3, $4) RETURNING "id"
;; ["b", "2.0", "2026-11-25 06:43:43.781719", "2026-11-25 06:43:43.781719"]
COMMIT
;;
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"orders"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'orders' AND c.relkind IN ('r','v','m','p','f')
;;
SELECT a.attname
  FROM (
         SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx
           FROM pg_index
          WHERE indrelid = '"orders"'::regclass
            AND indisprimary
       ) i
  JOIN pg_attribute a
    ON a.attrelid = i.indrelid
   AND a.attnum = i.indkey[i.idx]
 ORDER BY i.idx
;;
BEGIN
;;
INSERT INTO "orders" ("user_id", "total", "created_at", "updated_at", "lock_version") VALUES ($1, $2, $3, $4, $5) RETURNING "id"
;; ["1", "3.0", "2026-11-25 06:43:43.827579", "2026-11-25 06:43:43.827579", "0"]
COMMIT
;;
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"order_items"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'order_items' AND c.relkind IN ('r','v','m','p','f')
;;
SELECT a.attname
  FROM (
         SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx
           FROM pg_index
          WHERE indrelid = '"order_items"'::regclass
            AND indisprimary
       ) i
  JOIN pg_attribute a
    ON a.attrelid = i.indrelid
   AND a.attnum = i.indkey[i.idx]
 ORDER BY i.idx
;;
BEGIN
;;
INSERT INTO "order_items" ("order_id", "product_id") VALUES ($1, $2) RETURNING "id"
;; ["1", "1"]
COMMIT
;;
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"reviews"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'reviews' AND c.relkind IN ('r','v','m','p','f')
;;
SELECT a.attname
  FROM (
         SELECT indrelid, indkey, generate_subscripts(indkey, 1) idx
           FROM pg_index
          WHERE indrelid = '"reviews"'::regclass
            AND indisprimary
       ) i
  JOIN pg_attribute a
    ON a.attrelid = i.indrelid
   AND a.attnum = i.indkey[i.idx]
 ORDER BY i.idx
;;
BEGIN
;;
INSERT INTO "reviews" ("user_id", "product_id", "stars", "body", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "id"
;; ["1", "2", "4", "ok", "2026-11-25 06:43:43.898984", "2026-11-25 06:43:43.898984"]
COMMIT
;;
BEGIN
;;
INSERT INTO "orders" ("user_id", "total", "created_at", "updated_at", "lock_version") VALUES ($1, $2, $3, $4, $5) RETURNING "id"
;; ["2", "3.0", "2026-11-25 06:43:43.905585", "2026-11-25 06:43:43.905585", "0"]
COMMIT
;;
BEGIN
;;
INSERT INTO "order_items" ("order_id", "product_id") VALUES ($1, $2) RETURNING "id"
;; ["2", "1"]
COMMIT
;;
BEGIN
;;
INSERT INTO "reviews" ("user_id", "product_id", "stars", "body", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "id"
;; ["2", "2", "4", "ok", "2026-11-25 06:43:43.911711", "2026-11-25 06:43:43.911711"]
COMMIT
;;
BEGIN
;;
INSERT INTO "orders" ("user_id", "total", "created_at", "updated_at", "lock_version") VALUES ($1, $2, $3, $4, $5) RETURNING "id"
;; ["3", "3.0", "2026-11-25 06:43:43.913486", "2026-11-25 06:43:43.913486", "0"]
COMMIT
;;
BEGIN
;;
INSERT INTO "order_items" ("order_id", "product_id") VALUES ($1, $2) RETURNING "id"
;; ["3", "1"]
COMMIT
;;
BEGIN
;;
INSERT INTO "reviews" ("user_id", "product_id", "stars", "body", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "id"
;; ["3", "2", "4", "ok", "2026-11-25 06:43:43.915979", "2026-11-25 06:43:43.915979"]
COMMIT
;;
BEGIN
;;
INSERT INTO "orders" ("user_id", "total", "created_at", "updated_at", "lock_version") VALUES ($1, $2, $3, $4, $5) RETURNING "id"
;; ["4", "3.0", "2026-11-25 06:43:43.917609", "2026-11-25 06:43:43.917609", "0"]
COMMIT
;;
BEGIN
;;
INSERT INTO "order_items" ("order_id", "product_id") VALUES ($1, $2) RETURNING "id"
;; ["4", "1"]
COMMIT
;;
BEGIN
;;
INSERT INTO "reviews" ("user_id", "product_id", "stars", "body", "created_at", "updated_at") VALUES ($1, $2, $3, $4, $5, $6) RETURNING "id"
;; ["4", "2", "4", "ok", "2026-11-25 06:43:43.919661", "2026-11-25 06:43:43.919661"]
COMMIT
;;
SELECT "users".* FROM "users" WHERE "users"."id" = $1 LIMIT $2
;; ["1", "1"]
SELECT "users".* FROM "users" WHERE "users"."email" = $1 LIMIT $2
;; ["u1@example.org", "1"]
SELECT "users".* FROM "users"
;; []
SELECT "users".* FROM "users" WHERE "users"."active" = $1 ORDER BY "users"."name" DESC LIMIT $2 OFFSET $3
;; ["t", "2", "1"]
SELECT "users".* FROM "users" WHERE ("users"."id" IN ($1, $2) OR "users"."birth_date" IS NULL)
;; ["1", "2"]
SELECT "users".* FROM "users" WHERE "users"."name" != $1
;; ["x"]
SELECT "users".* FROM "users" WHERE (name ILIKE '%u%')
;; []
SELECT "users".* FROM "users" WHERE "users"."id" BETWEEN $1 AND $2
;; ["1", "3"]
SELECT "users".* FROM "users" WHERE "users"."created_at" >= $1
;; ["2026-11-24 06:43:43.948898"]
SELECT "users".* FROM "users" ORDER BY "users"."id" ASC LIMIT $1
;; ["1"]
SELECT "users".* FROM "users" ORDER BY "users"."id" DESC LIMIT $1
;; ["1"]
SELECT "users".* FROM "users" LIMIT $1
;; ["1"]
SELECT 1 AS one FROM "users" WHERE "users"."id" = $1 LIMIT $2
;; ["1", "1"]
SELECT COUNT(*) FROM "users"
;; []
SELECT COUNT(DISTINCT "users"."name") FROM "users"
;; []
SELECT SUM("orders"."total") FROM "orders"
;; []
SELECT AVG("orders"."total") FROM "orders"
;; []
SELECT MAX("orders"."total") FROM "orders"
;; []
SELECT COUNT(*) AS count_all, "orders"."status" AS orders_status FROM "orders" GROUP BY "orders"."status"
;; []
SELECT SUM("orders"."total") AS sum_total, "orders"."status" AS orders_status FROM "orders" GROUP BY "orders"."status" HAVING (count(*) > 0)
;; []
SELECT "users"."id", "users"."email" FROM "users"
;; []
SELECT "users"."id" FROM "users"
;; []
SELECT "users".* FROM "users" INNER JOIN "orders" ON "orders"."user_id" = "users"."id" WHERE "orders"."status" = $1
;; ["open"]
SELECT "users".* FROM "users" LEFT OUTER JOIN "reviews" ON "reviews"."user_id" = "users"."id" WHERE "reviews"."id" IS NULL
;; []
SELECT "orders".* FROM "orders" WHERE "orders"."user_id" IN ($1, $2, $3, $4)
;; ["1", "2", "3", "4"]
SELECT "reviews".* FROM "reviews" WHERE "reviews"."user_id" IN ($1, $2, $3, $4)
;; ["1", "2", "3", "4"]
SELECT DISTINCT "users"."id" FROM "users" LEFT OUTER JOIN "orders" ON "orders"."user_id" = "users"."id" WHERE (orders.total > 1) LIMIT $1
;; ["2"]
SELECT "users"."id" AS t0_r0, "users"."name" AS t0_r1, "users"."email" AS t0_r2, "users"."birth_date" AS t0_r3, "users"."active" AS t0_r4, "users"."profile" AS t0_r5, "users"."tags" AS t0_r6, "users"."ip" AS t0_r7, "users"."created_at" AS t0_r8, "users"."updated_at" AS t0_r9, "orders"."id" AS t1_r0, "orders"."user_id" AS t1_r1, "orders"."status" AS t1_r2, "orders"."total" AS t1_r3, "orders"."lock_version" AS t1_r4, "orders"."created_at" AS t1_r5, "orders"."updated_at" AS t1_r6 FROM "users" LEFT OUTER JOIN "orders" ON "orders"."user_id" = "users"."id" WHERE (orders.total > 1) AND "users"."id" IN ($1, $2)
;; ["1", "2"]
SELECT "order_items".* FROM "order_items" WHERE "order_items"."order_id" IN ($1, $2, $3, $4)
;; ["1", "2", "3", "4"]
SELECT "products".* FROM "products" WHERE "products"."id" = $1
;; ["1"]
SELECT DISTINCT "users".* FROM "users" INNER JOIN "orders" ON "orders"."user_id" = "users"."id"
;; []
SELECT users.*, (SELECT count(*) FROM orders WHERE orders.user_id = users.id) AS n FROM "users"
;; []
SELECT "users".* FROM "users" WHERE "users"."id" IN (SELECT "orders"."user_id" FROM "orders")
;; []
SELECT "users".* FROM "users" WHERE (profile @> '{"a":1}')
;; []
SELECT "users".* FROM "users" WHERE ('x' = ANY (tags))
;; []
SELECT "users".* FROM "users" WHERE (profile ->> 'a' = '1')
;; []
SELECT "users".* FROM "users" ORDER BY "users"."id" ASC LIMIT $1
;; ["2"]
SELECT "users".* FROM "users" WHERE "users"."id" > $1 ORDER BY "users"."id" ASC LIMIT $2
;; ["2", "2"]
SELECT "users".* FROM "users" WHERE "users"."id" > $1 ORDER BY "users"."id" ASC LIMIT $2
;; ["4", "2"]
SELECT "users"."id" FROM "users" ORDER BY "users"."id" ASC LIMIT $1
;; ["2"]
UPDATE "users" SET "active" = $1 WHERE "users"."id" IN ($2, $3)
;; ["t", "1", "2"]
SELECT "users"."id" FROM "users" WHERE "users"."id" > $1 ORDER BY "users"."id" ASC LIMIT $2
;; ["2", "2"]
UPDATE "users" SET "active" = $1 WHERE "users"."id" IN ($2, $3)
;; ["t", "3", "4"]
SELECT "users"."id" FROM "users" WHERE "users"."id" > $1 ORDER BY "users"."id" ASC LIMIT $2
;; ["4", "2"]
SELECT "users".* FROM (SELECT "users".* FROM "users" WHERE "users"."active" = $1) users
;; ["t"]
SELECT * FROM users WHERE id = 2
;; []
SELECT "users".* FROM "users" WHERE "users"."active" = $1 ORDER BY "users"."id" DESC
;; ["t"]
SELECT "users".* FROM "users" WHERE "users"."id" = $1 LIMIT $2 FOR UPDATE
;; ["1", "1"]
SELECT "users".* FROM "users" ORDER BY "users"."id" ASC LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
;; ["1"]
BEGIN
;;
COMMIT
;;
BEGIN
;;
SELECT 1 AS one FROM "users" WHERE "users"."email" = $1 AND "users"."id" != $2 LIMIT $3
;; ["u1@example.org", "1", "1"]
UPDATE "users" SET "name" = $1, "updated_at" = $2 WHERE "users"."id" = $3
;; ["z", "2026-11-25 06:43:44.100676", "1"]
COMMIT
;;
BEGIN
;;
UPDATE "users" SET "updated_at" = $1 WHERE "users"."id" = $2
;; ["2026-11-25 06:43:44.105224", "1"]
COMMIT
;;
UPDATE "users" SET "id" = COALESCE("id", 0) + $1 WHERE "users"."id" = $2
;; ["0", "1"]
UPDATE "users" SET "name" = $1 WHERE "users"."id" = $2
;; ["y", "2"]
UPDATE "users" SET name = name || '!'
;; []
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), t.oid,
                pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND d.indisprimary = 'f'
  AND t.relname = 'users'
  AND n.nspname = ANY (current_schemas(false))
ORDER BY i.relname
;;
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = 18614
AND a.attnum IN (3)
;;
INSERT INTO "users" ("name","email","created_at","updated_at") VALUES ('q', 'q@example.org', '2026-11-25 06:43:44.125321', '2026-11-25 06:43:44.125322') ON CONFLICT  DO NOTHING RETURNING "id"
;; []
INSERT INTO "users" ("id","name","email","created_at","updated_at") VALUES (1, 'w', 'u1@example.org', '2026-11-25 06:43:44.140399', '2026-11-25 06:43:44.140401') ON CONFLICT ("id") DO UPDATE SET "name"=excluded."name","email"=excluded."email","created_at"=excluded."created_at","updated_at"=excluded."updated_at" RETURNING "id"
;; []
INSERT INTO "users" ("name","email","created_at","updated_at") VALUES ('w', 'u1@example.org', '2026-11-25 06:43:44.141633', '2026-11-25 06:43:44.141634') ON CONFLICT ("email") DO UPDATE SET "name"=excluded."name","created_at"=excluded."created_at","updated_at"=excluded."updated_at" RETURNING "id"
;; []
INSERT INTO "users" ("name","email","created_at","updated_at") VALUES ('q', 'q@example.org', '2026-11-25 06:43:44.142492', '2026-11-25 06:43:44.142493') ON CONFLICT  DO NOTHING RETURNING "id"
;; []
BEGIN
;;
COMMIT
;;
SELECT "users".* FROM "users" WHERE "users"."email" = $1 LIMIT $2
;; ["new@example.org", "1"]
BEGIN
;;
INSERT INTO "users" ("name", "email", "created_at", "updated_at") VALUES ($1, $2, $3, $4) RETURNING "id"
;; ["n", "new@example.org", "2026-11-25 06:43:44.160187", "2026-11-25 06:43:44.160187"]
COMMIT
;;
SELECT "users".* FROM "users" WHERE "users"."id" = $1 LIMIT $2
;; ["2", "1"]
SELECT "orders".* FROM "orders" WHERE "orders"."user_id" = $1
;; ["2"]
BEGIN
;;
DELETE FROM "orders" WHERE "orders"."id" = $1 AND "orders"."lock_version" = $2
;; ["2", "0"]
COMMIT
;;
UPDATE "reviews" SET "user_id" = $1 WHERE "reviews"."user_id" = $2
;; [null, "4"]
DELETE FROM "reviews" WHERE "reviews"."stars" = $1
;; ["1"]
SELECT "orders".* FROM "orders" WHERE "orders"."user_id" = $1 ORDER BY "orders"."id" ASC LIMIT $2
;; ["3", "1"]
BEGIN
;;
DELETE FROM "orders" WHERE "orders"."id" = $1 AND "orders"."lock_version" = $2
;; ["3", "0"]
COMMIT
;;
DELETE FROM "users" WHERE "users"."id" IN (SELECT "users"."id" FROM "users" INNER JOIN "orders" ON "orders"."user_id" = "users"."id" WHERE "orders"."total" = $1)
;; ["99.0"]
UPDATE "users" SET "name" = $1 WHERE "users"."id" IN (SELECT "users"."id" FROM "users" INNER JOIN "orders" ON "orders"."user_id" = "users"."id" WHERE "orders"."total" = $2)
;; ["k", "99.0"]
SELECT "users".* FROM "users" WHERE "users"."id" = $1
;; ["1"]
EXPLAIN SELECT "users".* FROM "users" WHERE "users"."id" = $1
;; ["1"]
BEGIN
;;
SAVEPOINT active_record_1
;;
ROLLBACK TO SAVEPOINT active_record_1
;;
COMMIT
;;
BEGIN
;;
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
;;
COMMIT
;;
SELECT "products".* FROM "products" INNER JOIN "reviews" ON "products"."id" = "reviews"."product_id" WHERE "reviews"."user_id" = $1
;; ["1"]
SELECT /*+ SeqScan(users) */ "users".* FROM "users"
;; []
SELECT "users".* FROM "users" /* a comment */
;; []
SELECT $1::int
;; ["1"]
SELECT 1 AS one FROM "users" WHERE "users"."name" IS NULL LIMIT $1
;; ["1"]
SELECT "users".* FROM "users" ORDER BY random() LIMIT $1
;; ["1"]
SELECT 1 AS one FROM "users" WHERE "users"."name" = $1 LIMIT $2
;; ["b", "1"]
SELECT "orders".* FROM "orders" ORDER BY "orders"."id" DESC LIMIT $1
;; ["1"]
BEGIN
;;
UPDATE "orders" SET "total" = $1, "updated_at" = $2, "lock_version" = $3 WHERE "orders"."id" = $4 AND "orders"."lock_version" = $5
;; ["9.0", "2026-11-25 06:43:44.258802", "1", "4", "0"]
COMMIT
;;
BEGIN
;;
UPDATE "orders" SET "status" = $1, "updated_at" = $2, "lock_version" = $3 WHERE "orders"."id" = $4 AND "orders"."lock_version" = $5
;; ["paid", "2026-11-25 06:43:44.260931", "2", "4", "1"]
COMMIT
;;
SELECT pg_try_advisory_lock(1)
;;
SELECT pg_advisory_unlock(1)
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('r','p')
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relkind IN ('v','m')
;;
SELECT nspname
  FROM pg_namespace
 WHERE nspname !~ '^pg_.*'
   AND nspname NOT IN ('information_schema')
 ORDER by nspname;
;;
SELECT extname FROM pg_extension
;; []
SELECT current_database()
;;
SELECT current_schema
;;
SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()
;;
SELECT datcollate FROM pg_database WHERE datname = current_database()
;;
SELECT datctype FROM pg_database WHERE datname = current_database()
;;
SHOW client_min_messages
;;
SELECT t2.oid::regclass::text AS to_table, a1.attname AS column, a2.attname AS primary_key, c.conname AS name, c.confupdtype AS on_update, c.confdeltype AS on_delete, c.convalidated AS valid
FROM pg_constraint c
JOIN pg_class t1 ON c.conrelid = t1.oid
JOIN pg_class t2 ON c.confrelid = t2.oid
JOIN pg_attribute a1 ON a1.attnum = c.conkey[1] AND a1.attrelid = t1.oid
JOIN pg_attribute a2 ON a2.attnum = c.confkey[1] AND a2.attrelid = t2.oid
JOIN pg_namespace t3 ON c.connamespace = t3.oid
WHERE c.contype = 'f'
  AND t1.relname = 'users'
  AND t3.nspname = ANY (current_schemas(false))
ORDER BY c.conname
;; []
            SELECT conname, pg_get_constraintdef(c.oid) AS constraintdef, c.convalidated AS valid
            FROM pg_constraint c
            JOIN pg_class t ON c.conrelid = t.oid
            WHERE c.contype = 'c'
              AND t.relname = 'users'
;; []
SELECT pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'users'
  AND c.relkind IN ('r','p')
  AND n.nspname = ANY (current_schemas(false))
;;
SELECT attr.attname, nsp.nspname, seq.relname
FROM pg_class      seq,
     pg_attribute  attr,
     pg_depend     dep,
     pg_constraint cons,
     pg_namespace  nsp
WHERE seq.oid           = dep.objid
  AND seq.relkind       = 'S'
  AND attr.attrelid     = dep.refobjid
  AND attr.attnum       = dep.refobjsubid
  AND attr.attrelid     = cons.conrelid
  AND attr.attnum       = cons.conkey[1]
  AND seq.relnamespace  = nsp.oid
  AND cons.contype      = 'p'
  AND dep.classid       = 'pg_class'::regclass
  AND dep.refobjid      = '"users"'::regclass
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'users' AND c.relkind IN ('r','p')
;;
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), t.oid,
                pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND d.indisprimary = 'f'
  AND t.relname = 'orders'
  AND n.nspname = ANY (current_schemas(false))
ORDER BY i.relname
;;
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = 18636
AND a.attnum IN (2)
;;
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = 18636
AND a.attnum IN (3,4)
;;
SELECT t2.oid::regclass::text AS to_table, a1.attname AS column, a2.attname AS primary_key, c.conname AS name, c.confupdtype AS on_update, c.confdeltype AS on_delete, c.convalidated AS valid
FROM pg_constraint c
JOIN pg_class t1 ON c.conrelid = t1.oid
JOIN pg_class t2 ON c.confrelid = t2.oid
JOIN pg_attribute a1 ON a1.attnum = c.conkey[1] AND a1.attrelid = t1.oid
JOIN pg_attribute a2 ON a2.attnum = c.confkey[1] AND a2.attrelid = t2.oid
JOIN pg_namespace t3 ON c.connamespace = t3.oid
WHERE c.contype = 'f'
  AND t1.relname = 'orders'
  AND t3.nspname = ANY (current_schemas(false))
ORDER BY c.conname
;; []
            SELECT conname, pg_get_constraintdef(c.oid) AS constraintdef, c.convalidated AS valid
            FROM pg_constraint c
            JOIN pg_class t ON c.conrelid = t.oid
            WHERE c.contype = 'c'
              AND t.relname = 'orders'
;; []
SELECT pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'orders'
  AND c.relkind IN ('r','p')
  AND n.nspname = ANY (current_schemas(false))
;;
SELECT attr.attname, nsp.nspname, seq.relname
FROM pg_class      seq,
     pg_attribute  attr,
     pg_depend     dep,
     pg_constraint cons,
     pg_namespace  nsp
WHERE seq.oid           = dep.objid
  AND seq.relkind       = 'S'
  AND attr.attrelid     = dep.refobjid
  AND attr.attnum       = dep.refobjsubid
  AND attr.attrelid     = cons.conrelid
  AND attr.attnum       = cons.conkey[1]
  AND seq.relnamespace  = nsp.oid
  AND cons.contype      = 'p'
  AND dep.classid       = 'pg_class'::regclass
  AND dep.refobjid      = '"orders"'::regclass
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'orders' AND c.relkind IN ('r','p')
;;
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), t.oid,
                pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND d.indisprimary = 'f'
  AND t.relname = 'reviews'
  AND n.nspname = ANY (current_schemas(false))
ORDER BY i.relname
;;
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = 18664
AND a.attnum IN (3)
;;
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = 18664
AND a.attnum IN (2)
;;
SELECT t2.oid::regclass::text AS to_table, a1.attname AS column, a2.attname AS primary_key, c.conname AS name, c.confupdtype AS on_update, c.confdeltype AS on_delete, c.convalidated AS valid
FROM pg_constraint c
JOIN pg_class t1 ON c.conrelid = t1.oid
JOIN pg_class t2 ON c.confrelid = t2.oid
JOIN pg_attribute a1 ON a1.attnum = c.conkey[1] AND a1.attrelid = t1.oid
JOIN pg_attribute a2 ON a2.attnum = c.confkey[1] AND a2.attrelid = t2.oid
JOIN pg_namespace t3 ON c.connamespace = t3.oid
WHERE c.contype = 'f'
  AND t1.relname = 'reviews'
  AND t3.nspname = ANY (current_schemas(false))
ORDER BY c.conname
;; []
            SELECT conname, pg_get_constraintdef(c.oid) AS constraintdef, c.convalidated AS valid
            FROM pg_constraint c
            JOIN pg_class t ON c.conrelid = t.oid
            WHERE c.contype = 'c'
              AND t.relname = 'reviews'
;; []
SELECT pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'reviews'
  AND c.relkind IN ('r','p')
  AND n.nspname = ANY (current_schemas(false))
;;
SELECT attr.attname, nsp.nspname, seq.relname
FROM pg_class      seq,
     pg_attribute  attr,
     pg_depend     dep,
     pg_constraint cons,
     pg_namespace  nsp
WHERE seq.oid           = dep.objid
  AND seq.relkind       = 'S'
  AND attr.attrelid     = dep.refobjid
  AND attr.attnum       = dep.refobjsubid
  AND attr.attrelid     = cons.conrelid
  AND attr.attnum       = cons.conkey[1]
  AND seq.relnamespace  = nsp.oid
  AND cons.contype      = 'p'
  AND dep.classid       = 'pg_class'::regclass
  AND dep.refobjid      = '"reviews"'::regclass
;;
SELECT c.relname FROM pg_class c LEFT JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY (current_schemas(false)) AND c.relname = 'reviews' AND c.relkind IN ('r','p')
;;
SELECT a.attname, format_type(a.atttypid, a.atttypmod),
       pg_get_expr(d.adbin, d.adrelid), a.attnotnull, a.atttypid, a.atttypmod,
       c.collname, col_description(a.attrelid, a.attnum) AS comment
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON a.attrelid = d.adrelid AND a.attnum = d.adnum
  LEFT JOIN pg_type t ON a.atttypid = t.oid
  LEFT JOIN pg_collation c ON a.attcollation = c.oid AND a.attcollation <> t.typcollation
 WHERE a.attrelid = '"schema_migrations"'::regclass
   AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
;;
SELECT "schema_migrations"."version" FROM "schema_migrations" ORDER BY "schema_migrations"."version" ASC
;; []
SELECT pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'order_items'
  AND c.relkind IN ('r','p')
  AND n.nspname = ANY (current_schemas(false))
;;
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), t.oid,
                pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND d.indisprimary = 'f'
  AND t.relname = 'order_items'
  AND n.nspname = ANY (current_schemas(false))
ORDER BY i.relname
;;
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = 18654
AND a.attnum IN (2)
;;
SELECT a.attnum, a.attname
FROM pg_attribute a
WHERE a.attrelid = 18654
AND a.attnum IN (3)
;;
            SELECT conname, pg_get_constraintdef(c.oid) AS constraintdef, c.convalidated AS valid
            FROM pg_constraint c
            JOIN pg_class t ON c.conrelid = t.oid
            WHERE c.contype = 'c'
              AND t.relname = 'order_items'
;; []
SELECT pg_catalog.obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_class c
  LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = 'products'
  AND c.relkind IN ('r','p')
  AND n.nspname = ANY (current_schemas(false))
;;
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), t.oid,
                pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND d.indisprimary = 'f'
  AND t.relname = 'products'
  AND n.nspname = ANY (current_schemas(false))
ORDER BY i.relname
;;
            SELECT conname, pg_get_constraintdef(c.oid) AS constraintdef, c.convalidated AS valid
            FROM pg_constraint c
            JOIN pg_class t ON c.conrelid = t.oid
            WHERE c.contype = 'c'
              AND t.relname = 'products'
;; []
SELECT t2.oid::regclass::text AS to_table, a1.attname AS column, a2.attname AS primary_key, c.conname AS name, c.confupdtype AS on_update, c.confdeltype AS on_delete, c.convalidated AS valid
FROM pg_constraint c
JOIN pg_class t1 ON c.conrelid = t1.oid
JOIN pg_class t2 ON c.confrelid = t2.oid
JOIN pg_attribute a1 ON a1.attnum = c.conkey[1] AND a1.attrelid = t1.oid
JOIN pg_attribute a2 ON a2.attnum = c.confkey[1] AND a2.attrelid = t2.oid
JOIN pg_namespace t3 ON c.connamespace = t3.oid
WHERE c.contype = 'f'
  AND t1.relname = 'order_items'
  AND t3.nspname = ANY (current_schemas(false))
ORDER BY c.conname
;; []
SELECT t2.oid::regclass::text AS to_table, a1.attname AS column, a2.attname AS primary_key, c.conname AS name, c.confupdtype AS on_update, c.confdeltype AS on_delete, c.convalidated AS valid
FROM pg_constraint c
JOIN pg_class t1 ON c.conrelid = t1.oid
JOIN pg_class t2 ON c.confrelid = t2.oid
JOIN pg_attribute a1 ON a1.attnum = c.conkey[1] AND a1.attrelid = t1.oid
JOIN pg_attribute a2 ON a2.attnum = c.confkey[1] AND a2.attrelid = t2.oid
JOIN pg_namespace t3 ON c.connamespace = t3.oid
WHERE c.contype = 'f'
  AND t1.relname = 'products'
  AND t3.nspname = ANY (current_schemas(false))
ORDER BY c.conname
;; []
DEALLOCATE a2
;;
DEALLOCATE a3
;;
DEALLOCATE a4
;;
DEALLOCATE a5
;;
DEALLOCATE a6
;;
DEALLOCATE a7
;;
DEALLOCATE a8
;;
DEALLOCATE a9
;;
DEALLOCATE a10
;;
DEALLOCATE a11
;;
DEALLOCATE a12
;;
DEALLOCATE a13
;;
DEALLOCATE a14
;;
DEALLOCATE a15
;;
DEALLOCATE a16
;;
DEALLOCATE a17
;;
DEALLOCATE a18
;;
DEALLOCATE a19
;;
DEALLOCATE a20
;;
DEALLOCATE a21
;;
DEALLOCATE a22
;;
ALTER TABLE "users" ADD "phone" character varying
;;
COMMENT ON COLUMN "users"."phone" IS 'called'
;;
ALTER TABLE "users" RENAME COLUMN "phone" TO "tel"
;;
ALTER TABLE "users" ALTER COLUMN "tel" SET DEFAULT '-'
;;
UPDATE "users" SET "tel"='-' WHERE "tel" IS NULL
;;
ALTER TABLE "users" ALTER COLUMN "tel" SET NOT NULL
;;
CREATE INDEX CONCURRENTLY "index_users_on_tel" ON "users" ("tel")
;;
ALTER TABLE "products" RENAME TO "goods"
;;
SELECT attr.attname, nsp.nspname, seq.relname
FROM pg_class      seq,
     pg_attribute  attr,
     pg_depend     dep,
     pg_constraint cons,
     pg_namespace  nsp
WHERE seq.oid           = dep.objid
  AND seq.relkind       = 'S'
  AND attr.attrelid     = dep.refobjid
  AND attr.attnum       = dep.refobjsubid
  AND attr.attrelid     = cons.conrelid
  AND attr.attnum       = cons.conkey[1]
  AND seq.relnamespace  = nsp.oid
  AND cons.contype      = 'p'
  AND dep.classid       = 'pg_class'::regclass
  AND dep.refobjid      = '"goods"'::regclass
;;
ALTER INDEX "products_pkey" RENAME TO "goods_pkey"
;;
ALTER TABLE "public"."products_id_seq" RENAME TO "goods_id_seq"
;;
SELECT distinct i.relname, d.indisunique, d.indkey, pg_get_indexdef(d.indexrelid), t.oid,
                pg_catalog.obj_description(i.oid, 'pg_class') AS comment
FROM pg_class t
INNER JOIN pg_index d ON t.oid = d.indrelid
INNER JOIN pg_class i ON d.indexrelid = i.oid
LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
WHERE i.relkind IN ('i', 'I')
  AND d.indisprimary = 'f'
  AND t.relname = 'goods'
  AND n.nspname = ANY (current_schemas(false))
ORDER BY i.relname
;;
ALTER TABLE "goods" RENAME TO "products"
;;
SELECT attr.attname, nsp.nspname, seq.relname
FROM pg_class      seq,
     pg_attribute  attr,
     pg_depend     dep,
     pg_constraint cons,
     pg_namespace  nsp
WHERE seq.oid           = dep.objid
  AND seq.relkind       = 'S'
  AND attr.attrelid     = dep.refobjid
  AND attr.attnum       = dep.refobjsubid
  AND attr.attrelid     = cons.conrelid
  AND attr.attnum       = cons.conkey[1]
  AND seq.relnamespace  = nsp.oid
  AND cons.contype      = 'p'
  AND dep.classid       = 'pg_class'::regclass
  AND dep.refobjid      = '"products"'::regclass
;;
ALTER INDEX "goods_pkey" RENAME TO "products_pkey"
;;
ALTER TABLE "public"."goods_id_seq" RENAME TO "products_id_seq"
;;
ALTER TABLE "users" DROP COLUMN "tel"
;;
BEGIN
;;
INSERT INTO "schema_migrations" ("version") VALUES ($1) RETURNING "version"
;; ["1"]
COMMIT
;;
SELECT MAX("id") FROM "users"
;;
SELECT setval('"public"."users_id_seq"', 8, true)
;;
BEGIN
;;
ALTER TABLE "schema_migrations" DISABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" DISABLE TRIGGER ALL;ALTER TABLE "orders" DISABLE TRIGGER ALL;ALTER TABLE "order_items" DISABLE TRIGGER ALL;ALTER TABLE "users" DISABLE TRIGGER ALL;ALTER TABLE "reviews" DISABLE TRIGGER ALL;ALTER TABLE "products" DISABLE TRIGGER ALL
;;
COMMIT
;;
BEGIN
;;
ALTER TABLE "schema_migrations" ENABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" ENABLE TRIGGER ALL;ALTER TABLE "orders" ENABLE TRIGGER ALL;ALTER TABLE "order_items" ENABLE TRIGGER ALL;ALTER TABLE "users" ENABLE TRIGGER ALL;ALTER TABLE "reviews" ENABLE TRIGGER ALL;ALTER TABLE "products" ENABLE TRIGGER ALL
;;
COMMIT
;;
CREATE SCHEMA "extra"
;;
DROP SCHEMA "extra" CASCADE
;;
BEGIN
;;
ALTER TABLE "schema_migrations" DISABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" DISABLE TRIGGER ALL;ALTER TABLE "orders" DISABLE TRIGGER ALL;ALTER TABLE "order_items" DISABLE TRIGGER ALL;ALTER TABLE "users" DISABLE TRIGGER ALL;ALTER TABLE "reviews" DISABLE TRIGGER ALL;ALTER TABLE "products" DISABLE TRIGGER ALL
;;
COMMIT
;;
TRUNCATE TABLE "reviews", "order_items"
;;
BEGIN
;;
ALTER TABLE "schema_migrations" ENABLE TRIGGER ALL;ALTER TABLE "ar_internal_metadata" ENABLE TRIGGER ALL;ALTER TABLE "orders" ENABLE TRIGGER ALL;ALTER TABLE "users" ENABLE TRIGGER ALL;ALTER TABLE "products" ENABLE TRIGGER ALL;ALTER TABLE "reviews" ENABLE TRIGGER ALL;ALTER TABLE "order_items" ENABLE TRIGGER ALL
;;
COMMIT
;;
DISCARD ALL
;;
SET client_min_messages TO 'warning'
;;
SET standard_conforming_strings = on
;;
SET intervalstyle = iso_8601
;;
SET SESSION timezone TO 'UTC'
;;

== session
SET client_min_messages TO 'warning'
;;
SET standard_conforming_strings = on
;;
SET intervalstyle = iso_8601
;;
SET SESSION timezone TO 'UTC'
;;
ALTER TABLE "reviews" DROP CONSTRAINT "st"
;;
DROP INDEX  "oix"
;;
DROP TABLE "reviews"
;;
DROP TABLE "order_items"
;;
DROP TABLE "orders"
;;
DROP TABLE "products"
;;
DROP TABLE "users"
;;
DROP EXTENSION IF EXISTS "plpgsql" CASCADE
;; []
