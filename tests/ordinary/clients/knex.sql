-- knex 3.3.0 with node-postgres 8.23.1: tables, queries, introspection, migrations
-- base: empty

== session
select version();
;;
create table "users" ("id" serial primary key, "name" text not null, "email" varchar(255), "birth_date" date, "active" boolean default '1', "profile" jsonb, "tags" text[], "created_at" timestamptz not null default CURRENT_TIMESTAMP, "updated_at" timestamptz not null default CURRENT_TIMESTAMP)
;;
alter table "users" add constraint "users_email_unique" unique ("email")
;;
create type "order_kind" as enum ('a', 'b')
;;
create table "orders" ("id" serial primary key, "user_id" integer, "status" text check ("status" in ('open', 'paid')), "kind" "order_kind", "total" decimal(10, 2), "ref" uuid default gen_random_uuid())
;;
alter table "orders" add constraint "orders_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade
;;
create index "orders_user_id_index" on "orders" ("user_id")
;;
create table "reviews" ("id" bigserial primary key, "user_id" integer, "stars" smallint, "body" text)
;;
comment on table "reviews" is 'said'
;;
alter table "reviews" add constraint "reviews_user_id_foreign" foreign key ("user_id") references "users" ("id")
;;
select * from information_schema.tables where table_name = $1 and table_schema = current_schema()
;; ["users"]
select * from information_schema.columns where table_name = $1 and column_name = $2 and table_schema = current_schema()
;; ["users", "name"]
select * from information_schema.columns where table_name = $1 and table_catalog = current_database() and table_schema = current_schema()
;; ["users"]
insert into "users" ("birth_date", "email", "name", "profile", "tags") values ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10), ($11, $12, $13, $14, $15), ($16, $17, $18, $19, $20) returning "id"
;; ["1980-01-01", "u1@example.org", "U1", "{\"a\": 1}", "{x}", "1980-01-01", "u2@example.org", "U2", "{\"a\": 2}", "{x}", "1980-01-01", "u3@example.org", "U3", "{\"a\": 3}", "{x}", "1980-01-01", "u4@example.org", "U4", "{\"a\": 4}", "{x}"]
insert into "orders" ("kind", "status", "total", "user_id") values ($1, $2, $3, $4) returning *
;; ["a", "open", "3", "1"]
insert into "reviews" ("body", "stars", "user_id") values ($1, $2, $3)
;; ["good", "5", "1"]
select * from "users" where "id" = $1 limit $2
;; ["1", "1"]
select "name" as "n" from "users" where "id" in ($1, $2) or "name" like $3 order by "id" desc limit $4 offset $5
;; ["1", "2", "U%", "2", "1"]
select "u".*, "o"."total" from "users" as "u" inner join "orders" as "o" on "o"."user_id" = "u"."id"
;;
select count(*) as "n" from "users" left join "orders" on "orders"."user_id" = "users"."id" and "orders"."status" = $1 group by "users"."id" having "users"."id" > $2
;; ["open", "0"]
select * from "users" where exists (select * from "orders" where orders.user_id = users.id)
;;
select * from "users" where "birth_date" is null or "id" between $1 and $2 and not "name" = $3 and "name" ilike $4
;; ["1", "9", "x", "u%"]
select sum("total"), avg("total"), min("id"), max("id"), count(distinct "user_id") from "orders"
;;
with "a" as (select * from "users" where "id" = $1) select * from "a"
;; ["1"]
select * from "users" union select * from "users" where "id" = $1
;; ["2"]
select distinct on ("name") * from "users" order by "name" asc
;;
select "id", rank() over (partition by "user_id" order by "total" desc) as "r" from "orders"
;;
select * from "users" where jsonb_path_query_first("profile", $1)::int = $2
;; ["$.\"a\"", "1"]
select jsonb_path_query("profile", $1) as "x" from "users"
;; ["$.\"a\""]
select * from "users" where "profile" @> $1
;; ["{\"a\": 1}"]
select "id", upper("name") as up from "users" where id = $1
;; ["1"]
select "email" from "users"
;;
update "users" set "name" = $1 where "id" = $2 returning "id", "name"
;; ["new", "1"]
update "users" set "id" = "id" + $1 where "id" = $2
;; ["0", "1"]
insert into "users" ("email", "name") values ($1, $2) on conflict ("email") do update set "name" = excluded."name"
;; ["u1@example.org", "d"]
insert into "users" ("email", "name") values ($1, $2) on conflict do nothing
;; ["u1@example.org", "d"]
delete from "reviews" where "stars" < $1
;; ["2"]
update "orders" set "total" = $1 from "users" where "users"."id" = "orders"."user_id"
;; ["1"]
BEGIN;
;;
select * from "users" where "id" = $1 for update
;; ["1"]
select * from "users" where "id" = $1 for share
;; ["1"]
select * from "users" where "id" = $1 for no key update skip locked
;; ["1"]
SAVEPOINT trx3;
;;
insert into "orders" ("total", "user_id") values ($1, $2)
;; ["1", "2"]
RELEASE SAVEPOINT trx3;
;;
ROLLBACK
;;
select * from "users"
;; []
alter table "users" add column "phone" varchar(20)
;;
alter table "users" alter column "name" drop default
;;
alter table "users" alter column "name" drop not null
;;
alter table "users" alter column "name" type varchar(80) using ("name"::varchar(80))
;;
alter table "users" rename "active" to "enabled"
;;
create index "nm" on "users" ("name", "email")
;;
alter table "users" drop column "tags"
;;
alter table "reviews" rename to "opinions"
;;
create view "grown" as select "id" from "orders"
;;
create extension if not exists pg_trgm
;;
drop view "grown"
;;
select * from information_schema.tables where table_name = $1 and table_schema = current_schema()
;; ["knex_migrations"]
create table "knex_migrations" ("id" serial primary key, "name" varchar(255), "batch" integer, "migration_time" timestamptz)
;;
select * from information_schema.tables where table_name = $1 and table_schema = current_schema()
;; ["knex_migrations_lock"]
create table "knex_migrations_lock" ("index" serial primary key, "is_locked" integer)
;;
select * from "knex_migrations_lock"
;;
insert into "knex_migrations_lock" ("is_locked") values ($1)
;; ["0"]
select "name" from "knex_migrations" order by "id" asc
;;
BEGIN;
;;
update "knex_migrations_lock" set "is_locked" = $1 where "is_locked" = $2
;; ["1", "0"]
select max("batch") as "max_batch" from "knex_migrations"
;;
create table "m_a" ("id" serial primary key)
;;
insert into "knex_migrations" ("batch", "migration_time", "name") values ($1, $2, $3)
;; ["1", "2026-11-25 06:42:24.544+00", "a"]
create table "m_b" ("id" serial primary key)
;;
insert into "knex_migrations" ("batch", "migration_time", "name") values ($1, $2, $3)
;; ["1", "2026-11-25 06:42:24.546+00", "b"]
update "knex_migrations_lock" set "is_locked" = $1
;; ["0"]
COMMIT;
;;
select * from "knex_migrations"
;;
BEGIN;
;;
update "knex_migrations_lock" set "is_locked" = $1 where "is_locked" = $2
;; ["1", "0"]
COMMIT;
;;
BEGIN;
;;
drop table "m_b"
;;
COMMIT;
;;
delete from "knex_migrations" where "name" = $1
;; ["b"]
BEGIN;
;;
drop table "m_a"
;;
COMMIT;
;;
delete from "knex_migrations" where "name" = $1
;; ["a"]
update "knex_migrations_lock" set "is_locked" = $1
;; ["0"]
drop table if exists "opinions"
;;
truncate "users" restart identity
;;
