-- peewee 4.5.3: tables, queries, introspection, migrations
-- base: empty

== session
CREATE TABLE IF NOT EXISTS "users" ("id" SERIAL NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, "email" VARCHAR(255) NOT NULL, "birth_date" DATE, "active" BOOLEAN NOT NULL)
;;
CREATE UNIQUE INDEX IF NOT EXISTS "user_email" ON "users" ("email")
;;
CREATE TABLE IF NOT EXISTS "orders" ("id" SERIAL NOT NULL PRIMARY KEY, "user_id" INTEGER NOT NULL, "status" VARCHAR(255) NOT NULL, "total" NUMERIC(10, 5) NOT NULL, FOREIGN KEY ("user_id") REFERENCES "users" ("id"))
;;
CREATE INDEX IF NOT EXISTS "order_user_id" ON "orders" ("user_id")
;;
CREATE INDEX IF NOT EXISTS "order_status" ON "orders" ("status")
;;
CREATE TABLE IF NOT EXISTS "reviews" ("id" SERIAL NOT NULL PRIMARY KEY, "user_id" INTEGER NOT NULL, "stars" INTEGER NOT NULL, "body" TEXT, FOREIGN KEY ("user_id") REFERENCES "users" ("id"))
;;
CREATE INDEX IF NOT EXISTS "review_user_id" ON "reviews" ("user_id")
;;
BEGIN
;;
INSERT INTO "users" ("name", "email", "birth_date", "active") VALUES ('U0', 'u0@example.org', '1980-02-01'::date, true) RETURNING "users"."id"
;;
INSERT INTO "users" ("name", "email", "birth_date", "active") VALUES ('U1', 'u1@example.org', '1980-02-02'::date, true) RETURNING "users"."id"
;;
INSERT INTO "users" ("name", "email", "birth_date", "active") VALUES ('U2', 'u2@example.org', '1980-02-03'::date, true) RETURNING "users"."id"
;;
INSERT INTO "users" ("name", "email", "birth_date", "active") VALUES ('U3', 'u3@example.org', '1980-02-04'::date, true) RETURNING "users"."id"
;;
INSERT INTO "orders" ("user_id", "status", "total") VALUES (1, 'open', 3), (2, 'open', 3), (3, 'open', 3), (4, 'open', 3) RETURNING "orders"."id"
;;
SAVEPOINT "sb0ea540f843942788a9652a3f2e29bb9";
;;
INSERT INTO "reviews" ("user_id", "stars") VALUES (1, 3) RETURNING "reviews"."id"
;;
RELEASE SAVEPOINT "sb0ea540f843942788a9652a3f2e29bb9";
;;
COMMIT
;;
SELECT "t1"."id", "t1"."name", "t1"."email", "t1"."birth_date", "t1"."active" FROM "users" AS "t1"
;;
SELECT "t1"."id", "t1"."name", "t1"."email", "t1"."birth_date", "t1"."active" FROM "users" AS "t1" WHERE ("t1"."id" = 1) LIMIT 1 OFFSET 0
;;
SELECT "t1"."id", "t1"."name", "t1"."email", "t1"."birth_date", "t1"."active" FROM "users" AS "t1" WHERE ("t1"."email" = 'u1@example.org') LIMIT 1 OFFSET 0
;;
SELECT "t1"."name", COUNT("t2"."id") AS "n" FROM "users" AS "t1" LEFT OUTER JOIN "orders" AS "t2" ON ("t2"."user_id" = "t1"."id") GROUP BY "t1"."name" HAVING (COUNT("t2"."id") > 0) ORDER BY n DESC
;;
SELECT "t1"."id", "t1"."name", "t1"."email", "t1"."birth_date", "t1"."active" FROM "users" AS "t1" WHERE ((("t1"."name" ILIKE '%U%') AND "t1"."active") OR ("t1"."birth_date" IS NULL))
;;
SELECT "t1"."id", "t1"."user_id", "t1"."status", "t1"."total", "t2"."id", "t2"."name", "t2"."email", "t2"."birth_date", "t2"."active" FROM "orders" AS "t1" INNER JOIN "users" AS "t2" ON ("t1"."user_id" = "t2"."id")
;;
SELECT "t1"."id", "t1"."user_id", "t1"."status", "t1"."total" FROM "orders" AS "t1" WHERE ("t1"."user_id" IN (SELECT "t2"."id" FROM "users" AS "t2"))
;;
UPDATE "users" SET "name" = 'x' WHERE ("users"."id" = 1)
;;
UPDATE "users" SET "name" = ("users"."name" || 'y') WHERE ("users"."id" = 2) RETURNING "users"."id", "users"."name", "users"."email", "users"."birth_date", "users"."active"
;;
INSERT INTO "users" ("name", "email", "active") VALUES ('z', 'u1@example.org', true) ON CONFLICT ("email") DO UPDATE SET "name" = 'zz' RETURNING "users"."id"
;;
SELECT COUNT(1) FROM (SELECT 1 FROM "orders" AS "t1" WHERE ("t1"."user_id" = 4)) AS "_wrapped" LIMIT 1
;;
DELETE FROM "reviews" WHERE ("reviews"."stars" < 2)
;;
DELETE FROM "reviews" WHERE ("reviews"."user_id" = 4)
;;
DELETE FROM "orders" WHERE ("orders"."user_id" = 4)
;;
DELETE FROM "users" WHERE ("users"."id" = 4)
;;
SELECT "t1"."id", "t1"."name", "t1"."email", "t1"."birth_date", "t1"."active" FROM "users" AS "t1" LIMIT 2 OFFSET 1
;;
SELECT ROW_NUMBER() OVER (ORDER BY "t1"."id") FROM "users" AS "t1"
;;
SELECT EXISTS(SELECT 1 FROM "users" AS "t1") LIMIT 1
;;
SELECT "t1"."id", "t1"."name", "t1"."email", "t1"."birth_date", "t1"."active" FROM "users" AS "t1" LIMIT 2 OFFSET 0
;;
SELECT SUM("t1"."total") FILTER (WHERE ("t1"."status" = 'open')) FROM "orders" AS "t1"
;;
SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = COALESCE(NULL, current_schema()) ORDER BY tablename
;;

            SELECT c.column_name, c.is_nullable, c.data_type,
                c.column_default,
                pg_catalog.format_type(a.atttypid, a.atttypmod),
                c.is_identity
            FROM information_schema.columns AS c
            INNER JOIN pg_catalog.pg_namespace AS n
                ON (n.nspname = c.table_schema)
            INNER JOIN pg_catalog.pg_class AS t
                ON (t.relname = c.table_name AND t.relnamespace = n.oid)
            INNER JOIN pg_catalog.pg_attribute AS a
                ON (a.attrelid = t.oid AND a.attname = c.column_name)
            WHERE c.table_name = 'users'
                AND c.table_schema = COALESCE(NULL, current_schema())
                AND NOT a.attisdropped
            ORDER BY c.ordinal_position
;;

            SELECT kc.column_name
            FROM information_schema.table_constraints AS tc
            INNER JOIN information_schema.key_column_usage AS kc ON (
                tc.table_name = kc.table_name AND
                tc.table_schema = kc.table_schema AND
                tc.constraint_name = kc.constraint_name)
            WHERE
                tc.constraint_type = 'PRIMARY KEY' AND
                tc.table_name = 'users' AND
                tc.table_schema = COALESCE(NULL, current_schema())
            ORDER BY kc.ordinal_position
;;

            SELECT
                i.relname, idxs.indexdef, idx.indisunique,
                ARRAY(
                    SELECT pg_get_indexdef(idx.indexrelid, k + 1, TRUE)
                    FROM generate_subscripts(idx.indkey, 1) AS k
                    ORDER BY k)
            FROM pg_catalog.pg_class AS t
            INNER JOIN pg_catalog.pg_namespace AS n ON t.relnamespace = n.oid
            INNER JOIN pg_catalog.pg_index AS idx ON t.oid = idx.indrelid
            INNER JOIN pg_catalog.pg_class AS i ON idx.indexrelid = i.oid
            INNER JOIN pg_catalog.pg_indexes AS idxs ON (
                idxs.tablename = t.relname
                AND idxs.indexname = i.relname
                AND idxs.schemaname = n.nspname)
            WHERE t.relname = 'users' AND t.relkind = 'r'
                AND n.nspname = COALESCE(NULL, current_schema())
            ORDER BY idx.indisunique DESC, i.relname;
;;

            SELECT DISTINCT
                kcu.column_name, ccu.table_name, ccu.column_name,
                tc.constraint_name, rc.delete_rule, rc.update_rule
            FROM information_schema.table_constraints AS tc
            JOIN information_schema.key_column_usage AS kcu
                ON (tc.constraint_name = kcu.constraint_name AND
                    tc.constraint_schema = kcu.constraint_schema AND
                    tc.table_name = kcu.table_name AND
                    tc.table_schema = kcu.table_schema)
            JOIN information_schema.constraint_column_usage AS ccu
                ON (ccu.constraint_name = tc.constraint_name AND
                    ccu.constraint_schema = tc.constraint_schema)
            JOIN information_schema.referential_constraints AS rc
                ON (rc.constraint_name = tc.constraint_name AND
                    rc.constraint_schema = tc.constraint_schema)
            WHERE
                tc.constraint_type = 'FOREIGN KEY' AND
                tc.table_name = 'orders' AND
                tc.table_schema = COALESCE(NULL, current_schema())
;;
SELECT viewname, definition FROM pg_catalog.pg_views WHERE schemaname = COALESCE(NULL, current_schema()) ORDER BY viewname
;;

            SELECT COUNT(*) FROM pg_class, pg_namespace
            WHERE relkind='S'
                AND pg_class.relnamespace = pg_namespace.oid
                AND relname='x'
                AND nspname=COALESCE(NULL, current_schema())
;;
ALTER TABLE "users" ADD COLUMN "note" TEXT
;;
ALTER TABLE "users" RENAME COLUMN "note" TO "memo"
;;
CREATE INDEX "users_memo" ON "users" ("memo")
;;
ALTER TABLE "users" ALTER COLUMN "name" DROP NOT NULL
;;

            SELECT DISTINCT
                kcu.column_name, ccu.table_name, ccu.column_name,
                tc.constraint_name, rc.delete_rule, rc.update_rule
            FROM information_schema.table_constraints AS tc
            JOIN information_schema.key_column_usage AS kcu
                ON (tc.constraint_name = kcu.constraint_name AND
                    tc.constraint_schema = kcu.constraint_schema AND
                    tc.table_name = kcu.table_name AND
                    tc.table_schema = kcu.table_schema)
            JOIN information_schema.constraint_column_usage AS ccu
                ON (ccu.constraint_name = tc.constraint_name AND
                    ccu.constraint_schema = tc.constraint_schema)
            JOIN information_schema.referential_constraints AS rc
                ON (rc.constraint_name = tc.constraint_name AND
                    rc.constraint_schema = tc.constraint_schema)
            WHERE
                tc.constraint_type = 'FOREIGN KEY' AND
                tc.table_name = 'users' AND
                tc.table_schema = COALESCE(NULL, current_schema())
;;
ALTER TABLE "users" DROP COLUMN "memo" CASCADE
;;
DROP TABLE IF EXISTS "reviews"
;;
DROP TABLE IF EXISTS "orders"
;;
DROP TABLE IF EXISTS "users"
;;
