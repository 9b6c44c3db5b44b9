-- kysely 0.28.19 with node-postgres 8.23.1: tables, queries, introspection, migrations
-- base: empty

== session
create table if not exists "users" ("id" serial primary key, "name" text not null, "email" varchar(120) unique, "birth_date" date, "profile" jsonb, "created_at" timestamptz default now())
;;
create table "orders" ("id" serial primary key, "user_id" integer references "users" ("id") on delete cascade, "total" numeric(10,2), "status" text check (status in ('open','paid')))
;;
create index "oix" on "orders" ("user_id", "total" desc) where "total" > 0
;;
insert into "users" ("name", "email", "profile") values ($1, $2, $3), ($4, $5, $6), ($7, $8, $9) returning *
;; ["U1", "u1@example.org", "{\"a\": 1}", "U2", "u2@example.org", "{\"a\": 2}", "U3", "u3@example.org", "{\"a\": 3}"]
insert into "orders" ("user_id", "total", "status") values ($1, $2, $3)
;; ["1", "3", "open"]
select * from "users" where "id" = $1
;; ["1"]
select "id", "name" as "n" from "users" where ("name" like $1 or "id" in ($2, $3)) order by "name" desc limit $4 offset $5
;; ["U%", "1", "2", "2", "1"]
select "u"."name", sum("o"."total") as "t", count(*) as "n", count("o"."id") filter(where "o"."total" > $1) as "f", rank() over(order by "u"."name") as "rk" from "users" as "u" inner join "orders" as "o" on "o"."user_id" = "u"."id" left join "orders" as "p" on "p"."user_id" = "u"."id" and "p"."total" > $2 group by "u"."name" having count(*) > $3
;; ["1", "5", "0"]
select "id", (select coalesce(json_agg(agg), '[]') from (select "orders"."id", "total" from "orders" where "orders"."user_id" = "users"."id") as agg) as "orders", (select to_json(obj) from (select "total" from "orders" where "orders"."user_id" = "users"."id" limit $1) as obj) as "o1", "profile"->>'a' as "a", case when "id" > $2 then $3 else $4 end as "c", upper(name) as "u" from "users"
;; ["1", "1", "x", "y"]
with "a" as (select "id" from "users"), "d" as (delete from "orders" where "total" < $1 returning "id") select * from "a"
;; ["0"]
with recursive "r"("n") as (select "x"."n" from (select 1 as n) as "x" union all select n+1 as "n" from "r" where "n" < $1) select * from "r"
;; ["4"]
select distinct on ("name") * from "users" order by "name"
;;
select * from "users" where exists (select "id" from "orders" where "user_id" = "users"."id")
;;
select * from "users" inner join lateral (select "total" from "orders" where "user_id" = "users"."id" limit $1) as "l" on true
;; ["1"]
select * from "users" union select * from "users" where "id" = $1
;; ["2"]
select sum("total") over(partition by "user_id" order by "id") as "s" from "orders"
;;
update "users" set "name" = $1 where "id" = $2 returning "id", "name"
;; ["z", "1"]
update "orders" set "total" = "total" + $1 from "users" where "orders"."user_id" = "users"."id"
;; ["1"]
insert into "users" ("name", "email") values ($1, $2) on conflict ("email") do update set "name" = "excluded"."name"
;; ["d", "u1@example.org"]
insert into "users" ("name", "email") values ($1, $2) on conflict do nothing
;; ["d", "u1@example.org"]
insert into "orders" ("user_id", "total") select "id", 1 as "t" from "users"
;;
merge into "orders" using "users" on "users"."id" = "orders"."user_id" when matched then update set "total" = $1 when not matched then insert ("total") values ($2)
;; ["4", "1"]
delete from "orders" using "users" where "users"."id" = "orders"."user_id" and "users"."name" = $1
;; ["q"]
start transaction isolation level repeatable read
;;
select * from "users" for update skip locked
;;
select * from "users" for no key update
;;
select * from "users" for key share
;;
rollback
;;
select * from "users"
;; []
select "a"."attname" as "column", "a"."attnotnull" as "not_null", "a"."atthasdef" as "has_default", "c"."relname" as "table", "c"."relkind" as "table_type", "ns"."nspname" as "schema", "typ"."typname" as "type", "dtns"."nspname" as "type_schema", col_description(a.attrelid, a.attnum) as "column_description", pg_get_serial_sequence(quote_ident(ns.nspname) || '.' || quote_ident(c.relname), a.attname) as "auto_incrementing" from "pg_catalog"."pg_attribute" as "a" inner join "pg_catalog"."pg_class" as "c" on "a"."attrelid" = "c"."oid" inner join "pg_catalog"."pg_namespace" as "ns" on "c"."relnamespace" = "ns"."oid" inner join "pg_catalog"."pg_type" as "typ" on "a"."atttypid" = "typ"."oid" inner join "pg_catalog"."pg_namespace" as "dtns" on "typ"."typnamespace" = "dtns"."oid" where "c"."relkind" in ($1, $2, $3) and "ns"."nspname" !~ $4 and "ns"."nspname" != $5 and "ns"."nspname" != $6 and has_schema_privilege(ns.nspname, 'USAGE') and "a"."attnum" >= $7 and "a"."attisdropped" != $8 and "c"."relname" != $9 and "c"."relname" != $10 order by "ns"."nspname", "c"."relname", "a"."attnum"
;; ["r", "v", "p", "^pg_", "information_schema", "crdb_internal", "0", "t", "kysely_migration", "kysely_migration_lock"]
select "nspname" from "pg_catalog"."pg_namespace"
;;
alter table "users" add column "phone" text
;;
alter table "users" alter column "phone" set not null
;;
create view "vv" as select "id" from "orders"
;;
drop view "vv"
;;
create type "sp" as enum ('a')
;;
select "a"."attname" as "column", "a"."attnotnull" as "not_null", "a"."atthasdef" as "has_default", "c"."relname" as "table", "c"."relkind" as "table_type", "ns"."nspname" as "schema", "typ"."typname" as "type", "dtns"."nspname" as "type_schema", col_description(a.attrelid, a.attnum) as "column_description", pg_get_serial_sequence(quote_ident(ns.nspname) || '.' || quote_ident(c.relname), a.attname) as "auto_incrementing" from "pg_catalog"."pg_attribute" as "a" inner join "pg_catalog"."pg_class" as "c" on "a"."attrelid" = "c"."oid" inner join "pg_catalog"."pg_namespace" as "ns" on "c"."relnamespace" = "ns"."oid" inner join "pg_catalog"."pg_type" as "typ" on "a"."atttypid" = "typ"."oid" inner join "pg_catalog"."pg_namespace" as "dtns" on "typ"."typnamespace" = "dtns"."oid" where "c"."relkind" in ($1, $2, $3) and "ns"."nspname" !~ $4 and "ns"."nspname" != $5 and "ns"."nspname" != $6 and has_schema_privilege(ns.nspname, 'USAGE') and "a"."attnum" >= $7 and "a"."attisdropped" != $8 order by "ns"."nspname", "c"."relname", "a"."attnum"
;; ["r", "v", "p", "^pg_", "information_schema", "crdb_internal", "0", "t"]
create table if not exists "kysely_migration" ("name" varchar(255) not null primary key, "timestamp" varchar(255) not null)
;;
create table if not exists "kysely_migration_lock" ("id" varchar(255) not null primary key, "is_locked" integer default 0 not null)
;;
select "id" from "kysely_migration_lock" where "id" = $1
;; ["migration_lock"]
insert into "kysely_migration_lock" ("id", "is_locked") values ($1, $2)
;; ["migration_lock", "0"]

    with set_timeout as (
      select set_config('lock_timeout', '3600000', true) as config_val
    )
    select pg_advisory_lock(3853314791062309107)
    from set_timeout
;;
begin
;;
select "name", "timestamp" from "kysely_migration"
;;
create table "kk" ("id" integer)
;;
insert into "kysely_migration" ("name", "timestamp") values ($1, $2)
;; ["a1", "2026-11-25T06:44:46.289Z"]
commit
;;
select pg_advisory_unlock(3853314791062309107)
;;
begin
;;
drop table "kk"
;;
delete from "kysely_migration" where "name" = $1
;; ["a1"]
commit
;;
