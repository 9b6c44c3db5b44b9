-- Prisma 7.10.0 with adapter-pg: queries, nested writes, transactions; tables as its migrations make them
-- base: empty

== session
CREATE TYPE "Status" AS ENUM ('open', 'paid')
;;
CREATE TABLE "users" ("id" SERIAL NOT NULL, "name" TEXT NOT NULL, "email" TEXT, "birth_date" DATE, "active" BOOLEAN NOT NULL DEFAULT true, "profile" JSONB, "tags" TEXT[], CONSTRAINT "users_pkey" PRIMARY KEY ("id"))
;;
CREATE TABLE "orders" ("id" SERIAL NOT NULL, "user_id" INTEGER NOT NULL, "status" "Status" NOT NULL DEFAULT 'open', "total" DECIMAL(10,2) NOT NULL DEFAULT 0, "placed_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, CONSTRAINT "orders_pkey" PRIMARY KEY ("id"))
;;
CREATE TABLE "reviews" ("id" BIGSERIAL NOT NULL, "user_id" INTEGER NOT NULL, "stars" SMALLINT NOT NULL, "body" TEXT, CONSTRAINT "reviews_pkey" PRIMARY KEY ("id"))
;;
CREATE UNIQUE INDEX "users_email_key" ON "users"("email")
;;
ALTER TABLE "orders" ADD CONSTRAINT "orders_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
;;
BEGIN
;;
INSERT INTO "public"."users" ("name","email","birth_date","active","profile","tags") VALUES ($1,$2,$3,$4,$5,$6) RETURNING "public"."users"."id"
;; ["U1", "u1@example.org", "1980-01-01", "t", "{\"a\": 1}", "{x}"]
INSERT INTO "public"."orders" ("user_id","status","total","placed_at") VALUES ($1,CAST($2::text AS "public"."Status"),$3,$4) RETURNING "public"."orders"."id"
;; ["1", "open", "3", "2026-11-25 06:44:52.088"]
INSERT INTO "public"."reviews" ("user_id","stars","body") VALUES ($1,$2,$3) RETURNING "public"."reviews"."id"
;; ["1", "1", "b"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."id" = $1 LIMIT $2 OFFSET $3
;; ["1", "1", "0"]
COMMIT
;;
BEGIN
;;
INSERT INTO "public"."users" ("name","email","birth_date","active","profile","tags") VALUES ($1,$2,$3,$4,$5,$6) RETURNING "public"."users"."id"
;; ["U2", "u2@example.org", "1980-01-01", "t", "{\"a\": 2}", "{x}"]
INSERT INTO "public"."orders" ("user_id","status","total","placed_at") VALUES ($1,CAST($2::text AS "public"."Status"),$3,$4) RETURNING "public"."orders"."id"
;; ["2", "open", "3", "2026-11-25 06:44:52.26"]
INSERT INTO "public"."reviews" ("user_id","stars","body") VALUES ($1,$2,$3) RETURNING "public"."reviews"."id"
;; ["2", "2", "b"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."id" = $1 LIMIT $2 OFFSET $3
;; ["2", "1", "0"]
COMMIT
;;
BEGIN
;;
INSERT INTO "public"."users" ("name","email","birth_date","active","profile","tags") VALUES ($1,$2,$3,$4,$5,$6) RETURNING "public"."users"."id"
;; ["U3", "u3@example.org", "1980-01-01", "t", "{\"a\": 3}", "{x}"]
INSERT INTO "public"."orders" ("user_id","status","total","placed_at") VALUES ($1,CAST($2::text AS "public"."Status"),$3,$4) RETURNING "public"."orders"."id"
;; ["3", "open", "3", "2026-11-25 06:44:52.368"]
INSERT INTO "public"."reviews" ("user_id","stars","body") VALUES ($1,$2,$3) RETURNING "public"."reviews"."id"
;; ["3", "3", "b"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."id" = $1 LIMIT $2 OFFSET $3
;; ["3", "1", "0"]
COMMIT
;;
INSERT INTO "public"."reviews" ("user_id","stars") VALUES ($1,$2), ($3,$4) ON CONFLICT DO NOTHING
;; ["1", "1", "2", "2"]
INSERT INTO "public"."reviews" ("user_id","stars") VALUES ($1,$2) RETURNING "public"."reviews"."id", "public"."reviews"."user_id", "public"."reviews"."stars", "public"."reviews"."body"
;; ["1", "1"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE 1=1 OFFSET $1
;; ["0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE ("public"."users"."id" = $1 AND 1=1) LIMIT $2 OFFSET $3
;; ["1", "1", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE ("public"."users"."email" = $1 AND 1=1) LIMIT $2 OFFSET $3
;; ["u1@example.org", "1", "0"]
SELECT "public"."orders"."id", "public"."orders"."user_id", "public"."orders"."status"::text, "public"."orders"."total", "public"."orders"."placed_at" FROM "public"."orders" WHERE "public"."orders"."user_id" = $1 OFFSET $2
;; ["1", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."name"::text LIKE ($1 || '%') ORDER BY "public"."users"."name" DESC LIMIT $2 OFFSET $3
;; ["U", "1", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE (("public"."users"."name" ILIKE ('%' || $1 || '%') OR "public"."users"."id" IN ($2,$3) OR "public"."users"."birth_date" IS NULL) AND (NOT "public"."users"."name" = $4) AND "public"."users"."id" >= $5 AND "public"."users"."active" = $6) ORDER BY "public"."users"."name" ASC, "public"."users"."id" DESC LIMIT $7 OFFSET $8
;; ["u", "1", "2", "x", "1", "t", "2", "1"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."id" >= (SELECT "public"."users"."id" FROM "public"."users" WHERE ("public"."users"."id") = ($1)) ORDER BY "public"."users"."id" ASC LIMIT $2 OFFSET $3
;; ["1", "2", "0"]
SELECT "public"."orders"."id", "public"."orders"."user_id", "public"."orders"."status"::text, "public"."orders"."total", "public"."orders"."placed_at" FROM "public"."orders" WHERE ("public"."orders"."total" > $1 AND "public"."orders"."user_id" IN ($2,$3,$4)) ORDER BY "public"."orders"."id" DESC OFFSET $5
;; ["1", "1", "2", "3", "0"]

== session
SELECT "public"."reviews"."id", "public"."reviews"."user_id", "public"."reviews"."stars", "public"."reviews"."body" FROM "public"."reviews" WHERE "public"."reviews"."user_id" IN ($1,$2,$3) OFFSET $4
;; ["1", "2", "3", "0"]
SELECT "public"."users"."id", "public"."users"."name", COALESCE("aggr_selection_0_Order"."_aggr_count_orders", 0) AS "_aggr_count_orders" FROM "public"."users" LEFT JOIN (SELECT "public"."orders"."user_id", COUNT(*) AS "_aggr_count_orders" FROM "public"."orders" WHERE 1=1 GROUP BY "public"."orders"."user_id") AS "aggr_selection_0_Order" ON ("public"."users"."id" = "aggr_selection_0_Order"."user_id") WHERE 1=1 OFFSET $1
;; ["0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE EXISTS(SELECT "t0"."user_id" FROM "public"."orders" AS "t0" WHERE ("t0"."total" > $1 AND ("public"."users"."id") = ("t0"."user_id") AND "t0"."user_id" IS NOT NULL)) OFFSET $2
;; ["1", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE NOT EXISTS(SELECT "t0"."user_id" FROM "public"."orders" AS "t0" WHERE ("t0"."status" = CAST($1::text AS "public"."Status") AND ("public"."users"."id") = ("t0"."user_id") AND "t0"."user_id" IS NOT NULL)) OFFSET $2
;; ["paid", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE NOT EXISTS(SELECT "t0"."user_id" FROM "public"."orders" AS "t0" WHERE ((NOT "t0"."status" = CAST($1::text AS "public"."Status")) AND ("public"."users"."id") = ("t0"."user_id") AND "t0"."user_id" IS NOT NULL)) OFFSET $2
;; ["open", "0"]
SELECT "public"."orders"."id", "public"."orders"."user_id", "public"."orders"."status"::text, "public"."orders"."total", "public"."orders"."placed_at" FROM "public"."orders" LEFT JOIN "public"."users" AS "j0" ON ("j0"."id") = ("public"."orders"."user_id") WHERE ("j0"."name" = $1 AND ("j0"."id" IS NOT NULL)) OFFSET $2
;; ["U1", "0"]
SELECT "public"."users"."id", "public"."users"."name" FROM "public"."users" WHERE "public"."users"."id" IN ($1) OFFSET $2
;; ["1", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE ("public"."users"."profile"#>ARRAY[$1]::text[])::jsonb::jsonb = $2 OFFSET $3
;; ["a", "1", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE (("public"."users"."profile"#>>ARRAY[$1]::text[]) LIKE ('%' || $2 || '%') AND JSONB_TYPEOF(("public"."users"."profile"#>ARRAY[$3]::text[])::jsonb) = $4) OFFSET $5
;; ["a", "x", "a", "string", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."tags" @> $1 OFFSET $2
;; ["{x}", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."tags" && $1 OFFSET $2
;; ["{x}", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."tags" <> '{}' OFFSET $1
;; ["0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" LEFT JOIN (SELECT "public"."orders"."user_id", COUNT(*) AS "orderby_aggregator" FROM "public"."orders" WHERE 1=1 GROUP BY "public"."orders"."user_id") AS "orderby_1_Order" ON ("public"."users"."id" = "orderby_1_Order"."user_id") WHERE 1=1 ORDER BY COALESCE("orderby_1_Order"."orderby_aggregator", $1) DESC OFFSET $2
;; ["0", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE 1=1 ORDER BY "public"."users"."birth_date"DESC NULLS LAST OFFSET $1
;; ["0"]
SELECT "public"."orders"."id", "public"."orders"."user_id", "public"."orders"."status"::text, "public"."orders"."total", "public"."orders"."placed_at" FROM "public"."orders" LEFT JOIN "public"."users" AS "orderby_1" ON ("orderby_1"."id") = ("public"."orders"."user_id") WHERE 1=1 ORDER BY "orderby_1"."name" ASC OFFSET $1
;; ["0"]
SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."users"."id" FROM "public"."users" WHERE 1=1 OFFSET $1) AS "sub"
;; ["0"]
SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."users"."id" FROM "public"."users" WHERE "public"."users"."active" = $1 OFFSET $2) AS "sub"
;; ["t", "0"]
SELECT COUNT("email") AS "_count$email", COUNT(*) AS "_count$_all" FROM (SELECT "public"."users"."email" FROM "public"."users" WHERE 1=1 OFFSET $1) AS "sub"
;; ["0"]
SELECT SUM("total") AS "_sum$total", AVG("total") AS "_avg$total", MIN("id") AS "_min$id", MAX("id") AS "_max$id", COUNT(*) AS "_count$_all" FROM (SELECT "public"."orders"."total", "public"."orders"."id" FROM "public"."orders" WHERE 1=1 OFFSET $1) AS "sub"
;; ["0"]
SELECT SUM("public"."orders"."total") AS "_sum$total", COUNT(*) AS "_count$_all", "public"."orders"."status"::text FROM "public"."orders" WHERE 1=1 GROUP BY "public"."orders"."status" HAVING SUM("public"."orders"."total") > $1 ORDER BY "public"."orders"."status" ASC OFFSET $2
;; ["0", "0"]
UPDATE "public"."users" SET "name" = $1 WHERE ("public"."users"."id" = $2 AND 1=1) RETURNING "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags"
;; ["z", "1"]
BEGIN
;;
INSERT INTO "public"."orders" ("user_id","status","total","placed_at") VALUES ($1,CAST($2::text AS "public"."Status"),$3,$4) RETURNING "public"."orders"."id"
;; ["1", "open", "5", "2026-11-25 06:44:54.19"]
SELECT "public"."orders"."id", "public"."orders"."user_id" FROM "public"."orders" WHERE ("public"."orders"."total" < $1 AND "public"."orders"."user_id" IN ($2)) OFFSET $3
;; ["4", "1", "0"]
UPDATE "public"."orders" SET "total" = ("public"."orders"."total" + $1) WHERE ("public"."orders"."id" IN ($2) AND 1=1)
;; ["1", "1"]
COMMIT
;;
UPDATE "public"."users" SET "name" = $1 WHERE "public"."users"."active" = $2
;; ["y", "f"]
UPDATE "public"."users" SET "name" = $1 WHERE "public"."users"."id" = $2 RETURNING "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags"
;; ["y", "2"]
INSERT INTO "public"."users" ("name","email","active") VALUES ($1,$2,$3) ON CONFLICT ("email") DO UPDATE SET "name" = $4 WHERE ("public"."users"."email" = $5 AND 1=1) RETURNING "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags"
;; ["c", "u1@example.org", "t", "up", "u1@example.org"]
BEGIN
;;
SELECT "public"."users"."id" FROM "public"."users" WHERE ("public"."users"."id" = $1 AND 1=1) OFFSET $2
;; ["77", "0"]
INSERT INTO "public"."users" ("id","name","active") VALUES ($1,$2,$3) RETURNING "public"."users"."id"
;; ["77", "c", "t"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE "public"."users"."id" = $1 LIMIT $2 OFFSET $3
;; ["77", "1", "0"]
COMMIT
;;
BEGIN
;;
SELECT "public"."users"."id" FROM "public"."users" WHERE ("public"."users"."id" = $1 AND 1=1) LIMIT $2 OFFSET $3
;; ["2", "1", "0"]
UPDATE "public"."orders" SET "user_id" = $1 WHERE ("public"."orders"."id" = $2 AND 1=1) RETURNING "public"."orders"."id", "public"."orders"."user_id", "public"."orders"."status"::text, "public"."orders"."total", "public"."orders"."placed_at"
;; ["2", "1"]
SELECT "public"."orders"."id", "public"."orders"."user_id", "public"."orders"."status"::text, "public"."orders"."total", "public"."orders"."placed_at" FROM "public"."orders" WHERE "public"."orders"."id" = $1 LIMIT $2 OFFSET $3
;; ["1", "1", "0"]
COMMIT
;;
DELETE FROM "public"."orders" WHERE ("public"."orders"."id" = $1 AND 1=1) RETURNING "public"."orders"."id", "public"."orders"."user_id", "public"."orders"."status"::text, "public"."orders"."total", "public"."orders"."placed_at"
;; ["1"]
DELETE FROM "public"."reviews" WHERE "public"."reviews"."stars" < $1
;; ["2"]
DELETE FROM "public"."users" WHERE ("public"."users"."id" = $1 AND 1=1) RETURNING "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags"
;; ["77"]
BEGIN
;;
SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."orders"."id" FROM "public"."orders" WHERE 1=1 OFFSET $1) AS "sub"
;; ["0"]
COMMIT
;;
BEGIN
;;
SET TRANSACTION ISOLATION LEVEL SERIALIZABLE
;;
INSERT INTO "public"."orders" ("user_id","status","total","placed_at") VALUES ($1,CAST($2::text AS "public"."Status"),$3,$4) RETURNING "public"."orders"."id", "public"."orders"."user_id", "public"."orders"."status"::text, "public"."orders"."total", "public"."orders"."placed_at"
;; ["2", "open", "1", "2026-11-25 06:44:54.52"]
ROLLBACK
;;
SELECT id, name FROM users WHERE id = $1
;; ["1"]
SELECT count(*) FROM orders WHERE total > $1
;; ["1"]
UPDATE users SET name = $1 WHERE id = $2
;; ["r", "3"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."email", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE ("public"."users"."id" NOT IN ($1) AND "public"."users"."name"::text LIKE ('%' || $2) AND "public"."users"."email" IS NOT NULL) OFFSET $3
;; ["9", "1", "0"]
SELECT "public"."users"."id", "public"."users"."name", "public"."users"."birth_date", "public"."users"."active", "public"."users"."profile", "public"."users"."tags" FROM "public"."users" WHERE 1=1 OFFSET $1
;; ["0"]
