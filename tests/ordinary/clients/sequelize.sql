-- sequelize 6.37.8 with node-postgres 8.23.1: tables, queries, introspection, migrations
-- base: empty

== session
SET client_min_messages TO warning;SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE;
;;
WITH ranges AS (  SELECT pg_range.rngtypid, pg_type.typname AS rngtypname,         pg_type.typarray AS rngtyparray, pg_range.rngsubtype    FROM pg_range LEFT OUTER JOIN pg_type ON pg_type.oid = pg_range.rngtypid)SELECT pg_type.typname, pg_type.typtype, pg_type.oid, pg_type.typarray,       ranges.rngtypname, ranges.rngtypid, ranges.rngtyparray  FROM pg_type LEFT OUTER JOIN ranges ON pg_type.oid = ranges.rngsubtype WHERE (pg_type.typtype IN('b', 'e'));
;;

== session
SET client_min_messages TO warning;SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE;
;;
SELECT 1+1 AS result
;;
DROP TABLE IF EXISTS "order_items" CASCADE;
;;
DROP TABLE IF EXISTS "products" CASCADE;
;;
DROP TABLE IF EXISTS "reviews" CASCADE;
;;
DROP TABLE IF EXISTS "orders" CASCADE;
;;
DROP TYPE IF EXISTS "public"."enum_orders_status";
;;
DROP TABLE IF EXISTS "users" CASCADE;
;;
SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name,tc.table_schema as table_schema,tc.table_catalog as table_catalog,tc.initially_deferred as initially_deferred,tc.is_deferrable as is_deferrable,kcu.column_name as column_name,ccu.table_schema  AS referenced_table_schema,ccu.table_catalog  AS referenced_table_catalog,ccu.table_name  AS referenced_table_name,ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'users' AND tc.table_catalog = 'shop'
;;
SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name,tc.table_schema as table_schema,tc.table_catalog as table_catalog,tc.initially_deferred as initially_deferred,tc.is_deferrable as is_deferrable,kcu.column_name as column_name,ccu.table_schema  AS referenced_table_schema,ccu.table_catalog  AS referenced_table_catalog,ccu.table_name  AS referenced_table_name,ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'orders' AND tc.table_catalog = 'shop'
;;
SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name,tc.table_schema as table_schema,tc.table_catalog as table_catalog,tc.initially_deferred as initially_deferred,tc.is_deferrable as is_deferrable,kcu.column_name as column_name,ccu.table_schema  AS referenced_table_schema,ccu.table_catalog  AS referenced_table_catalog,ccu.table_name  AS referenced_table_name,ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'reviews' AND tc.table_catalog = 'shop'
;;
SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name,tc.table_schema as table_schema,tc.table_catalog as table_catalog,tc.initially_deferred as initially_deferred,tc.is_deferrable as is_deferrable,kcu.column_name as column_name,ccu.table_schema  AS referenced_table_schema,ccu.table_catalog  AS referenced_table_catalog,ccu.table_name  AS referenced_table_name,ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'products' AND tc.table_catalog = 'shop'
;;
SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name,tc.table_schema as table_schema,tc.table_catalog as table_catalog,tc.initially_deferred as initially_deferred,tc.is_deferrable as is_deferrable,kcu.column_name as column_name,ccu.table_schema  AS referenced_table_schema,ccu.table_catalog  AS referenced_table_catalog,ccu.table_name  AS referenced_table_name,ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'order_items' AND tc.table_catalog = 'shop'
;;
DROP TABLE IF EXISTS "users" CASCADE;
;;
DROP TABLE IF EXISTS "orders" CASCADE;
;;
DROP TYPE IF EXISTS "public"."enum_orders_status";
;;
DROP TABLE IF EXISTS "reviews" CASCADE;
;;
DROP TABLE IF EXISTS "products" CASCADE;
;;
DROP TABLE IF EXISTS "order_items" CASCADE;
;;
DROP TABLE IF EXISTS "users" CASCADE;
;;
CREATE TABLE IF NOT EXISTS "users" ("id"   SERIAL , "name" TEXT NOT NULL, "email" VARCHAR(255) UNIQUE, "birthDate" DATE, "active" BOOLEAN DEFAULT true, "profile" JSONB, "tags" TEXT[], "uid" UUID, "createdAt" TIMESTAMP WITH TIME ZONE NOT NULL, "updatedAt" TIMESTAMP WITH TIME ZONE NOT NULL, "deletedAt" TIMESTAMP WITH TIME ZONE, PRIMARY KEY ("id"));
;;
SELECT i.relname AS name, ix.indisprimary AS primary, ix.indisunique AS unique, ix.indkey AS indkey, array_agg(a.attnum) as column_indexes, array_agg(a.attname) AS column_names, pg_get_indexdef(ix.indexrelid) AS definition FROM pg_class t, pg_class i, pg_index ix, pg_attribute a WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND a.attrelid = t.oid AND t.relkind = 'r' and t.relname = 'users' GROUP BY i.relname, ix.indexrelid, ix.indisprimary, ix.indisunique, ix.indkey ORDER BY i.relname;
;;
CREATE INDEX "users_name" ON "users" ("name")
;;
DROP TABLE IF EXISTS "orders" CASCADE;
;;
DROP TYPE IF EXISTS "public"."enum_orders_status";
;;
SELECT t.typname enum_name, array_agg(e.enumlabel ORDER BY enumsortorder) enum_value FROM pg_type t JOIN pg_enum e ON t.oid = e.enumtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'public' AND t.typname='enum_orders_status' GROUP BY 1
;;
DROP TYPE IF EXISTS "public"."enum_orders_status"; DO 'BEGIN CREATE TYPE "public"."enum_orders_status" AS ENUM(''open'', ''paid''); EXCEPTION WHEN duplicate_object THEN null; END';
;;
CREATE TABLE IF NOT EXISTS "orders" ("id"   SERIAL , "status" "public"."enum_orders_status", "total" DECIMAL(10,2), "createdAt" TIMESTAMP WITH TIME ZONE NOT NULL, "updatedAt" TIMESTAMP WITH TIME ZONE NOT NULL, "UserId" INTEGER REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE, PRIMARY KEY ("id"));
;;
SELECT i.relname AS name, ix.indisprimary AS primary, ix.indisunique AS unique, ix.indkey AS indkey, array_agg(a.attnum) as column_indexes, array_agg(a.attname) AS column_names, pg_get_indexdef(ix.indexrelid) AS definition FROM pg_class t, pg_class i, pg_index ix, pg_attribute a WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND a.attrelid = t.oid AND t.relkind = 'r' and t.relname = 'orders' GROUP BY i.relname, ix.indexrelid, ix.indisprimary, ix.indisunique, ix.indkey ORDER BY i.relname;
;;
DROP TABLE IF EXISTS "reviews" CASCADE;
;;
CREATE TABLE IF NOT EXISTS "reviews" ("id"   SERIAL , "stars" SMALLINT, "body" TEXT, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL, "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL, "user_id" INTEGER REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE, PRIMARY KEY ("id"));
;;
SELECT i.relname AS name, ix.indisprimary AS primary, ix.indisunique AS unique, ix.indkey AS indkey, array_agg(a.attnum) as column_indexes, array_agg(a.attname) AS column_names, pg_get_indexdef(ix.indexrelid) AS definition FROM pg_class t, pg_class i, pg_index ix, pg_attribute a WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND a.attrelid = t.oid AND t.relkind = 'r' and t.relname = 'reviews' GROUP BY i.relname, ix.indexrelid, ix.indisprimary, ix.indisunique, ix.indkey ORDER BY i.relname;
;;
DROP TABLE IF EXISTS "products" CASCADE;
;;
CREATE TABLE IF NOT EXISTS "products" ("id"   SERIAL , "title" VARCHAR(255), PRIMARY KEY ("id"));
;;
SELECT i.relname AS name, ix.indisprimary AS primary, ix.indisunique AS unique, ix.indkey AS indkey, array_agg(a.attnum) as column_indexes, array_agg(a.attname) AS column_names, pg_get_indexdef(ix.indexrelid) AS definition FROM pg_class t, pg_class i, pg_index ix, pg_attribute a WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND a.attrelid = t.oid AND t.relkind = 'r' and t.relname = 'products' GROUP BY i.relname, ix.indexrelid, ix.indisprimary, ix.indisunique, ix.indkey ORDER BY i.relname;
;;
DROP TABLE IF EXISTS "order_items" CASCADE;
;;
CREATE TABLE IF NOT EXISTS "order_items" ("createdAt" TIMESTAMP WITH TIME ZONE NOT NULL, "updatedAt" TIMESTAMP WITH TIME ZONE NOT NULL, "OrderId" INTEGER  REFERENCES "orders" ("id") ON DELETE CASCADE ON UPDATE CASCADE, "ProductId" INTEGER  REFERENCES "products" ("id") ON DELETE CASCADE ON UPDATE CASCADE, PRIMARY KEY ("OrderId","ProductId"));
;;
SELECT i.relname AS name, ix.indisprimary AS primary, ix.indisunique AS unique, ix.indkey AS indkey, array_agg(a.attnum) as column_indexes, array_agg(a.attname) AS column_names, pg_get_indexdef(ix.indexrelid) AS definition FROM pg_class t, pg_class i, pg_index ix, pg_attribute a WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND a.attrelid = t.oid AND t.relkind = 'r' and t.relname = 'order_items' GROUP BY i.relname, ix.indexrelid, ix.indisprimary, ix.indisunique, ix.indkey ORDER BY i.relname;
;;
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'users'
;;
SELECT pk.constraint_type as "Constraint",c.column_name as "Field", c.column_default as "Default",c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE  cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'users' AND c.table_schema = 'public'
;;
ALTER TABLE "order_items" ALTER COLUMN "createdAt" SET NOT NULL;ALTER TABLE "order_items" ALTER COLUMN "createdAt" DROP DEFAULT;ALTER TABLE "order_items" ALTER COLUMN "createdAt" TYPE TIMESTAMP WITH TIME ZONE;
;;
ALTER TABLE "order_items" ALTER COLUMN "updatedAt" SET NOT NULL;ALTER TABLE "order_items" ALTER COLUMN "updatedAt" DROP DEFAULT;ALTER TABLE "order_items" ALTER COLUMN "updatedAt" TYPE TIMESTAMP WITH TIME ZONE;
;;
INSERT INTO "users" ("id","name","email","birthDate","active","profile","tags","uid","createdAt","updatedAt") VALUES (DEFAULT,'U1','u1@example.org','1980-01-01',true,'{"a":1,"b":{"c":[1]}}',ARRAY['x']::TEXT[],'372b59f0-34ca-4310-a2d9-061745df3497','2026-11-25 06:42:28.059 +00:00','2026-11-25 06:42:28.059 +00:00'),(DEFAULT,'U2','u2@example.org','1980-01-01',true,'{"a":2,"b":{"c":[1]}}',ARRAY['x']::TEXT[],'01e8166d-1ee5-4c80-9c88-f39a1fbdf232','2026-11-25 06:42:28.059 +00:00','2026-11-25 06:42:28.059 +00:00'),(DEFAULT,'U3','u3@example.org','1980-01-01',true,'{"a":3,"b":{"c":[1]}}',ARRAY['x']::TEXT[],'94b3fe88-6bbb-4c0f-a00e-8223618ec3b4','2026-11-25 06:42:28.059 +00:00','2026-11-25 06:42:28.059 +00:00') RETURNING "id","name","email","birthDate","active","profile","tags","uid","createdAt","updatedAt","deletedAt";
;;
INSERT INTO "users" ("id","name","email","active","uid","createdAt","updatedAt") VALUES (DEFAULT,$1,$2,$3,$4,$5,$6) RETURNING "id","name","email","birthDate","active","profile","tags","uid","createdAt","updatedAt","deletedAt";
;; ["N", "n@example.org", "t", "fdae7783-2239-4630-8226-02e5749871b8", "2026-11-25 06:42:28.091+00", "2026-11-25 06:42:28.091+00"]
INSERT INTO "orders" ("id","status","total","createdAt","updatedAt","UserId") VALUES (DEFAULT,$1,$2,$3,$4,$5) RETURNING "id","status","total","createdAt","updatedAt","UserId";
;; ["open", "3", "2026-11-25 06:42:28.102+00", "2026-11-25 06:42:28.102+00", "4"]
INSERT INTO "products" ("id","title") VALUES (DEFAULT,$1) RETURNING "id","title";
;; ["t"]
SELECT "createdAt", "updatedAt", "OrderId", "ProductId" FROM "order_items" AS "order_items" WHERE "order_items"."OrderId" = 1 AND "order_items"."ProductId" IN (1);
;;
INSERT INTO "order_items" ("createdAt","updatedAt","OrderId","ProductId") VALUES ('2026-11-25 06:42:28.122 +00:00','2026-11-25 06:42:28.122 +00:00',1,1) RETURNING "createdAt","updatedAt","OrderId","ProductId";
;;
INSERT INTO "reviews" ("id","stars","body","created_at","updated_at","user_id") VALUES (DEFAULT,$1,$2,$3,$4,$5) RETURNING "id","stars","body","created_at","updated_at","user_id";
;; ["3", "b", "2026-11-25 06:42:28.124+00", "2026-11-25 06:42:28.124+00", "4"]
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL);
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND "User"."id" = 1);
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND "User"."email" = 'u1@example.org');
;;
SELECT "id", upper("name") AS "up" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND (("User"."active" = true OR "User"."birthDate" IS NULL) AND "User"."name" ILIKE 'u%' AND "User"."id" IN (1, 2))) ORDER BY "User"."name" DESC, lower("email") ASC LIMIT 2 OFFSET 1;
;;
SELECT "User"."id", "User"."name", "User"."email", "User"."birthDate", "User"."active", "User"."profile", "User"."tags", "User"."uid", "User"."createdAt", "User"."updatedAt", "User"."deletedAt", "Orders"."id" AS "Orders.id", "Orders"."status" AS "Orders.status", "Orders"."total" AS "Orders.total", "Orders"."createdAt" AS "Orders.createdAt", "Orders"."updatedAt" AS "Orders.updatedAt", "Orders"."UserId" AS "Orders.UserId", "Reviews"."id" AS "Reviews.id", "Reviews"."stars" AS "Reviews.stars", "Reviews"."body" AS "Reviews.body", "Reviews"."created_at" AS "Reviews.createdAt", "Reviews"."updated_at" AS "Reviews.updatedAt", "Reviews"."user_id" AS "Reviews.UserId" FROM "users" AS "User" LEFT OUTER JOIN "orders" AS "Orders" ON "User"."id" = "Orders"."UserId" LEFT OUTER JOIN "reviews" AS "Reviews" ON "User"."id" = "Reviews"."user_id" WHERE ("User"."deletedAt" IS NULL);
;;
SELECT "User".*, "Orders"."id" AS "Orders.id", "Orders"."status" AS "Orders.status", "Orders"."total" AS "Orders.total", "Orders"."createdAt" AS "Orders.createdAt", "Orders"."updatedAt" AS "Orders.updatedAt", "Orders"."UserId" AS "Orders.UserId" FROM (SELECT "User"."id", "User"."name", "User"."email", "User"."birthDate", "User"."active", "User"."profile", "User"."tags", "User"."uid", "User"."createdAt", "User"."updatedAt", "User"."deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL) AND ( SELECT "UserId" FROM "orders" AS "Orders" WHERE ("Orders"."status" = 'open' AND "Orders"."UserId" = "User"."id") LIMIT 1 ) IS NOT NULL LIMIT 2) AS "User" INNER JOIN "orders" AS "Orders" ON "User"."id" = "Orders"."UserId" AND "Orders"."status" = 'open';
;;
SELECT "Order"."id", "Order"."status", "Order"."total", "Order"."createdAt", "Order"."updatedAt", "Order"."UserId", "Products"."id" AS "Products.id", "Products"."title" AS "Products.title", "User"."id" AS "User.id", "User"."name" AS "User.name" FROM "orders" AS "Order" LEFT OUTER JOIN ( "order_items" AS "Products->order_items" INNER JOIN "products" AS "Products" ON "Products"."id" = "Products->order_items"."ProductId") ON "Order"."id" = "Products->order_items"."OrderId" LEFT OUTER JOIN "users" AS "User" ON "Order"."UserId" = "User"."id" AND ("User"."deletedAt" IS NULL);
;;
SELECT count(DISTINCT("User"."id")) AS "count" FROM "users" AS "User" LEFT OUTER JOIN "orders" AS "Orders" ON "User"."id" = "Orders"."UserId" WHERE ("User"."deletedAt" IS NULL);
;;

== session
SET client_min_messages TO warning;SET TIME ZONE INTERVAL '+00:00' HOUR TO MINUTE;
;;
ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;ALTER TABLE "users" ALTER COLUMN "name" DROP DEFAULT;ALTER TABLE "users" ALTER COLUMN "name" TYPE TEXT;
;;
ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL;ALTER TABLE "users" ALTER COLUMN "email" DROP DEFAULT;ALTER TABLE "users"  ADD UNIQUE ("email");ALTER TABLE "users" ALTER COLUMN "email" TYPE VARCHAR(255) ;
;;
ALTER TABLE "users" ALTER COLUMN "birthDate" DROP NOT NULL;ALTER TABLE "users" ALTER COLUMN "birthDate" DROP DEFAULT;ALTER TABLE "users" ALTER COLUMN "birthDate" TYPE DATE;
;;
ALTER TABLE "users" ALTER COLUMN "active" DROP NOT NULL;ALTER TABLE "users" ALTER COLUMN "active" SET DEFAULT true;ALTER TABLE "users" ALTER COLUMN "active" TYPE BOOLEAN;
;;
ALTER TABLE "users" ALTER COLUMN "profile" DROP NOT NULL;ALTER TABLE "users" ALTER COLUMN "profile" DROP DEFAULT;ALTER TABLE "users" ALTER COLUMN "profile" TYPE JSONB;
;;
ALTER TABLE "users" ALTER COLUMN "tags" DROP NOT NULL;ALTER TABLE "users" ALTER COLUMN "tags" DROP DEFAULT;ALTER TABLE "users" ALTER COLUMN "tags" TYPE TEXT[];
;;
ALTER TABLE "users" ALTER COLUMN "uid" DROP NOT NULL;ALTER TABLE "users" ALTER COLUMN "uid" DROP DEFAULT;ALTER TABLE "users" ALTER COLUMN "uid" TYPE UUID;
;;
ALTER TABLE "users" ALTER COLUMN "createdAt" SET NOT NULL;ALTER TABLE "users" ALTER COLUMN "createdAt" DROP DEFAULT;ALTER TABLE "users" ALTER COLUMN "createdAt" TYPE TIMESTAMP WITH TIME ZONE;
;;
ALTER TABLE "users" ALTER COLUMN "updatedAt" SET NOT NULL;ALTER TABLE "users" ALTER COLUMN "updatedAt" DROP DEFAULT;ALTER TABLE "users" ALTER COLUMN "updatedAt" TYPE TIMESTAMP WITH TIME ZONE;
;;
ALTER TABLE "users" ALTER COLUMN "deletedAt" DROP NOT NULL;ALTER TABLE "users" ALTER COLUMN "deletedAt" DROP DEFAULT;ALTER TABLE "users" ALTER COLUMN "deletedAt" TYPE TIMESTAMP WITH TIME ZONE;
;;
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'orders'
;;
SELECT pk.constraint_type as "Constraint",c.column_name as "Field", c.column_default as "Default",c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE  cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'orders' AND c.table_schema = 'public'
;;
ALTER TABLE "orders" ALTER COLUMN "status" DROP NOT NULL;ALTER TABLE "orders" ALTER COLUMN "status" DROP DEFAULT;DO 'BEGIN CREATE TYPE "public"."enum_orders_status" AS ENUM(''open'', ''paid''); EXCEPTION WHEN duplicate_object THEN null; END';ALTER TABLE "orders" ALTER COLUMN "status" TYPE "public"."enum_orders_status" USING ("status"::"public"."enum_orders_status");
;;
ALTER TABLE "orders" ALTER COLUMN "total" DROP NOT NULL;ALTER TABLE "orders" ALTER COLUMN "total" DROP DEFAULT;ALTER TABLE "orders" ALTER COLUMN "total" TYPE DECIMAL(10,2);
;;
ALTER TABLE "orders" ALTER COLUMN "createdAt" SET NOT NULL;ALTER TABLE "orders" ALTER COLUMN "createdAt" DROP DEFAULT;ALTER TABLE "orders" ALTER COLUMN "createdAt" TYPE TIMESTAMP WITH TIME ZONE;
;;
ALTER TABLE "orders" ALTER COLUMN "updatedAt" SET NOT NULL;ALTER TABLE "orders" ALTER COLUMN "updatedAt" DROP DEFAULT;ALTER TABLE "orders" ALTER COLUMN "updatedAt" TYPE TIMESTAMP WITH TIME ZONE;
;;
ALTER TABLE "orders" DROP CONSTRAINT "orders_UserId_fkey"
;;
ALTER TABLE "orders"  ADD FOREIGN KEY ("UserId") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
;;
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'reviews'
;;
SELECT pk.constraint_type as "Constraint",c.column_name as "Field", c.column_default as "Default",c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE  cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'reviews' AND c.table_schema = 'public'
;;
ALTER TABLE "reviews" ALTER COLUMN "stars" DROP NOT NULL;ALTER TABLE "reviews" ALTER COLUMN "stars" DROP DEFAULT;ALTER TABLE "reviews" ALTER COLUMN "stars" TYPE SMALLINT;
;;
ALTER TABLE "reviews" ALTER COLUMN "body" DROP NOT NULL;ALTER TABLE "reviews" ALTER COLUMN "body" DROP DEFAULT;ALTER TABLE "reviews" ALTER COLUMN "body" TYPE TEXT;
;;
ALTER TABLE "reviews" ALTER COLUMN "created_at" SET NOT NULL;ALTER TABLE "reviews" ALTER COLUMN "created_at" DROP DEFAULT;ALTER TABLE "reviews" ALTER COLUMN "created_at" TYPE TIMESTAMP WITH TIME ZONE;
;;
ALTER TABLE "reviews" ALTER COLUMN "updated_at" SET NOT NULL;ALTER TABLE "reviews" ALTER COLUMN "updated_at" DROP DEFAULT;ALTER TABLE "reviews" ALTER COLUMN "updated_at" TYPE TIMESTAMP WITH TIME ZONE;
;;
ALTER TABLE "reviews" DROP CONSTRAINT "reviews_user_id_fkey"
;;
ALTER TABLE "reviews"  ADD FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE CASCADE;
;;
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'products'
;;
SELECT pk.constraint_type as "Constraint",c.column_name as "Field", c.column_default as "Default",c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE  cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'products' AND c.table_schema = 'public'
;;
ALTER TABLE "products" ALTER COLUMN "title" DROP NOT NULL;ALTER TABLE "products" ALTER COLUMN "title" DROP DEFAULT;ALTER TABLE "products" ALTER COLUMN "title" TYPE VARCHAR(255);
;;
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'order_items'
;;
SELECT pk.constraint_type as "Constraint",c.column_name as "Field", c.column_default as "Default",c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE  cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'order_items' AND c.table_schema = 'public'
;;
SELECT "User".*, "Orders"."id" AS "Orders.id", "Orders"."status" AS "Orders.status", "Orders"."total" AS "Orders.total", "Orders"."createdAt" AS "Orders.createdAt", "Orders"."updatedAt" AS "Orders.updatedAt", "Orders"."UserId" AS "Orders.UserId" FROM (SELECT "User"."id", "User"."name", "User"."email", "User"."birthDate", "User"."active", "User"."profile", "User"."tags", "User"."uid", "User"."createdAt", "User"."updatedAt", "User"."deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL) LIMIT 1) AS "User" LEFT OUTER JOIN "orders" AS "Orders" ON "User"."id" = "Orders"."UserId";
;;
SELECT "status", sum("total") AS "t" FROM "orders" AS "Order" GROUP BY "status" HAVING count("id") > 0;
;;
SELECT count(*) AS "count" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL);
;;
SELECT sum("total") AS "sum" FROM "orders" AS "Order";
;;
SELECT max("total") AS "max" FROM "orders" AS "Order";
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND (CAST(("User"."profile"#>>'{a}') AS DOUBLE PRECISION) = 1 AND CAST(("User"."profile"#>>'{b,c}') AS DOUBLE PRECISION) @> ARRAY[1]));
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND "User"."tags" @> ARRAY['x']::TEXT[]);
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND "User"."tags" && ARRAY['x']::TEXT[]);
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND id > 1);
;;
SELECT "id", "status", "total", "createdAt", "updatedAt", "UserId" FROM "orders" AS "Order" WHERE "Order"."UserId" = 4;
;;
SELECT COUNT("Order"."id") AS "count" FROM "orders" AS "Order" WHERE "Order"."UserId" = 4;
;;
SELECT "User"."id", "User"."name", "User"."email", "User"."birthDate", "User"."active", "User"."profile", "User"."tags", "User"."uid", "User"."createdAt", "User"."updatedAt", "User"."deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL);
;;
SELECT "Order".* FROM (SELECT * FROM (SELECT "id", "status", "total", "createdAt", "updatedAt", "UserId" FROM "orders" AS "Order" WHERE "Order"."UserId" = 1 LIMIT 1) AS sub UNION ALL SELECT * FROM (SELECT "id", "status", "total", "createdAt", "updatedAt", "UserId" FROM "orders" AS "Order" WHERE "Order"."UserId" = 2 LIMIT 1) AS sub UNION ALL SELECT * FROM (SELECT "id", "status", "total", "createdAt", "updatedAt", "UserId" FROM "orders" AS "Order" WHERE "Order"."UserId" = 3 LIMIT 1) AS sub UNION ALL SELECT * FROM (SELECT "id", "status", "total", "createdAt", "updatedAt", "UserId" FROM "orders" AS "Order" WHERE "Order"."UserId" = 4 LIMIT 1) AS sub) AS "Order";
;;
UPDATE "users" SET "name"=$1,"updatedAt"=$2 WHERE "id" = $3
;; ["z", "2026-11-25 06:42:28.247+00", "4"]
UPDATE "users" SET "name"=$1,"updatedAt"=$2 WHERE ("deletedAt" IS NULL AND "id" = $3) RETURNING "id","name","email","birthDate","active","profile","tags","uid","createdAt","updatedAt","deletedAt"
;; ["y", "2026-11-25 06:42:28.253+00", "1"]
UPDATE "orders" SET "total"="total"+ 2,"updatedAt"='2026-11-25 06:42:28.254 +00:00' WHERE "id" = 1 RETURNING *
;;
INSERT INTO "users" ("id","name","email","active","uid","createdAt","updatedAt") VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT ("id") DO UPDATE SET "id"=EXCLUDED."id","name"=EXCLUDED."name","email"=EXCLUDED."email","updatedAt"=EXCLUDED."updatedAt" RETURNING "id","name","email","birthDate","active","profile","tags","uid","createdAt","updatedAt","deletedAt";
;; ["1", "up", "u1@example.org", "t", "8dba4d5d-9521-4312-85df-aa8e7287e3d2", "2026-11-25 06:42:28.257+00", "2026-11-25 06:42:28.257+00"]
START TRANSACTION;
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND "User"."email" = 'foc@example.org');
;;
CREATE OR REPLACE FUNCTION pg_temp.testfunc(OUT response "users", OUT sequelize_caught_exception text) RETURNS RECORD AS $func_bd018a10803e436a9246d50982db77c9$ BEGIN INSERT INTO "users" ("id","name","email","active","uid","createdAt","updatedAt") VALUES (DEFAULT,'f','foc@example.org',true,'6bab8e7d-b719-4d0a-8010-447a2d1ffa78','2026-11-25 06:42:28.264 +00:00','2026-11-25 06:42:28.264 +00:00') RETURNING * INTO response; EXCEPTION WHEN unique_violation THEN GET STACKED DIAGNOSTICS sequelize_caught_exception = PG_EXCEPTION_DETAIL; END $func_bd018a10803e436a9246d50982db77c9$ LANGUAGE plpgsql; SELECT (testfunc.response)."id", (testfunc.response)."name", (testfunc.response)."email", (testfunc.response)."birthDate", (testfunc.response)."active", (testfunc.response)."profile", (testfunc.response)."tags", (testfunc.response)."uid", (testfunc.response)."createdAt", (testfunc.response)."updatedAt", (testfunc.response)."deletedAt", testfunc.sequelize_caught_exception FROM pg_temp.testfunc(); DROP FUNCTION IF EXISTS pg_temp.testfunc();
;;
COMMIT;
;;
INSERT INTO "users" ("id","name","email","active","uid","createdAt","updatedAt") VALUES (1,'q','u1@example.org',true,'d1b9673e-6397-4092-a1f9-4eedf2a9f62f','2026-11-25 06:42:28.268 +00:00','2026-11-25 06:42:28.268 +00:00') ON CONFLICT ("email") DO UPDATE SET "name"=EXCLUDED."name" RETURNING "id","name","email","birthDate","active","profile","tags","uid","createdAt","updatedAt","deletedAt";
;;
INSERT INTO "users" ("id","name","email","active","uid","createdAt","updatedAt") VALUES (1,'q','u1@example.org',true,'fa6a1e61-ce78-4da3-be3a-e7431c508a12','2026-11-25 06:42:28.270 +00:00','2026-11-25 06:42:28.270 +00:00') ON CONFLICT DO NOTHING RETURNING "id","name","email","birthDate","active","profile","tags","uid","createdAt","updatedAt","deletedAt";
;;
UPDATE "users" SET "deletedAt"=$1,"updatedAt"=$2 WHERE "id" = $3
;; ["2026-11-25 06:42:28.272+00", "2026-11-25 06:42:28.273+00", "4"]
UPDATE "users" SET "deletedAt"=$1,"updatedAt"=$2 WHERE "id" = $3
;; [null, "2026-11-25 06:42:28.281+00", "4"]
DELETE FROM "users" WHERE "id" = 2
;;
DELETE FROM "reviews" WHERE "stars" < 2
;;
START TRANSACTION;
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL) FOR UPDATE SKIP LOCKED;
;;
SELECT "id", "name", "email", "birthDate", "active", "profile", "tags", "uid", "createdAt", "updatedAt", "deletedAt" FROM "users" AS "User" WHERE ("User"."deletedAt" IS NULL AND "User"."id" = 1) FOR UPDATE;
;;
SAVEPOINT "2ed7eeb9-09fd-48e3-8003-c0c252717b74-sp-1";
;;
COMMIT;
;;
START TRANSACTION;
;;
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;
;;
ROLLBACK;
;;
SELECT * FROM users WHERE id = 1
;;
SELECT name FROM users WHERE id = $1
;; ["1"]
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type LIKE '%TABLE' AND table_name != 'spatial_ref_sys';
;;
ALTER TABLE "public"."users" ADD COLUMN "phone" VARCHAR(20);
;;
ALTER TABLE "users" ALTER COLUMN "phone" DROP NOT NULL;ALTER TABLE "users" ALTER COLUMN "phone" SET DEFAULT '-';ALTER TABLE "users" ALTER COLUMN "phone" TYPE TEXT;
;;
ALTER TABLE "users" RENAME COLUMN "phone" TO "telephone";
;;
CREATE INDEX "users_telephone" ON "users" ("telephone")
;;
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_stars_ck" CHECK ("stars" > -1);
;;
DROP INDEX IF EXISTS "users_telephone"
;;
ALTER TABLE "public"."users" DROP COLUMN "telephone";
;;
SELECT schema_name FROM information_schema.schemata WHERE schema_name <> 'information_schema' AND schema_name != 'public' AND schema_name !~ E'^pg_';
;;
SHOW SERVER_VERSION
;;
TRUNCATE "order_items" CASCADE
;;
TRUNCATE "products" CASCADE
;;
TRUNCATE "reviews" CASCADE
;;
TRUNCATE "orders" CASCADE
;;
UPDATE "users" SET "deletedAt"=$1 WHERE "deletedAt" IS NULL
;; ["2026-11-25 06:42:28.385+00"]
DROP TABLE IF EXISTS "order_items";
;;
DROP TABLE IF EXISTS "products";
;;
DROP TABLE IF EXISTS "reviews";
;;
DROP TABLE IF EXISTS "orders";
;;
