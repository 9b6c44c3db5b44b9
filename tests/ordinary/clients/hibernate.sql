-- Shapes of what Hibernate 6 sends over JDBC, written by hand and not captured: entities, HQL, bulk statements, paging, locking
-- base: shop

== session
select u1_0.id,u1_0.active,u1_0.birth_date,u1_0.email,u1_0.name from users u1_0 where u1_0.id=$1
;; ["3"]
select u1_0.id,u1_0.name,o1_0.user_id,o1_0.id,o1_0.total from users u1_0 left join orders o1_0 on u1_0.id=o1_0.user_id where u1_0.id=$1
;; ["3"]
select u1_0.id,u1_0.name from users u1_0 order by u1_0.id offset $1 rows fetch first $2 rows only
;; ["5", "10"]
select u1_0.id from users u1_0 where u1_0.name like $1 escape '' fetch first $2 rows only
;; ["User%", "3"]
select u1_0.id from users u1_0 where lower(u1_0.name) like lower($1) escape '\'
;; ["user 1%"]
select count(u1_0.id) from users u1_0
;; []
select distinct u1_0.id,u1_0.name from users u1_0 join orders o1_0 on u1_0.id=o1_0.user_id where o1_0.total>$1
;; ["5"]
select u1_0.id,u1_0.name from users u1_0 where u1_0.id in ($1,$2,$3)
;; ["1", "2", "3"]
select u1_0.id from users u1_0 where exists(select 1 from orders o1_0 where u1_0.id=o1_0.user_id)
;; []
select o1_0.status,sum(o1_0.total),count(*) from orders o1_0 group by o1_0.status having sum(o1_0.total)>$1 order by 2 desc
;; ["1"]
select o1_0.id,u1_0.id,u1_0.name from orders o1_0 join users u1_0 on u1_0.id=o1_0.user_id where o1_0.placed_at between $1 and $2
;; ["2020-01-01", "2030-01-01"]
select nextval('reviews_id_seq')
;; []
begin
;;
insert into reviews (body,product_id,stars,user_id,id) values ($1,$2,$3,$4,$5)
;; ["fine", "1", "4", "2", "9001"]
update reviews set body=$1,product_id=$2,stars=$3,user_id=$4 where id=$5
;; ["better", "1", "5", "2", "9001"]
select u1_0.id,u1_0.name from users u1_0 where u1_0.id=$1 for no key update
;; ["3"]
select u1_0.id,u1_0.name from users u1_0 where u1_0.id=$1 for no key update of u1_0 skip locked
;; ["3"]
select u1_0.id from users u1_0 where u1_0.id=$1 for share
;; ["3"]
delete from reviews where id=$1
;; ["9001"]
update orders o1_0 set total=(o1_0.total+$1) where o1_0.user_id=$2
;; ["1", "3"]
delete from reviews r1_0 where r1_0.stars<$1
;; ["1"]
insert into reviews(user_id,product_id,stars,body) select u1_0.id,1,3,$1 from users u1_0 where u1_0.id=$2
;; ["copied", "4"]
insert into products (price,title) values ($1,$2) returning id
;; ["2.5", "new"]
commit
;;
with c (id,n) as (select o1_0.user_id,count(*) from orders o1_0 group by o1_0.user_id) select u1_0.name,c1_0.n from c c1_0 join users u1_0 on u1_0.id=c1_0.id
;; []
select u1_0.id,case when u1_0.active=true then 'y' else 'n' end,coalesce(u1_0.phone,'-'),extract(year from u1_0.birth_date),cast(u1_0.id as varchar),(u1_0.name||' '||u1_0.email) from users u1_0
;; []
select u1_0.id,rank() over(partition by u1_0.active order by u1_0.id) from users u1_0
;; []
select current_date
;; []
select localtimestamp
;; []
select 1
;; []
select * from information_schema.sequences
;; []
select tablename from pg_tables where schemaname=$1
;; ["public"]
create table if not exists flyway_schema_history (installed_rank integer not null, version varchar(50), description varchar(200) not null, type varchar(20) not null, script varchar(1000) not null, checksum integer, installed_by varchar(100) not null, installed_on timestamp not null default now(), execution_time integer not null, success boolean not null)
;;
alter table flyway_schema_history add constraint flyway_schema_history_pk primary key (installed_rank)
;;
create index flyway_schema_history_s_idx on flyway_schema_history (success)
;;
select exists ( select 1 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2 and c.relkind = 'r')
;; ["public", "flyway_schema_history"]
insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
;; ["1", "1", "init", "SQL", "V1.sql", "7", "app", "3", "True"]
select pg_try_advisory_lock(77431708279161)
;; []
select pg_advisory_unlock(77431708279161)
;; []
select 1
;;
create table databasechangeloglock (id integer not null, locked boolean not null, lockgranted timestamp without time zone, lockedby varchar(255), constraint databasechangeloglock_pkey primary key (id))
;;
update databasechangeloglock set locked = true, lockedby = $1, lockgranted = now() where id = 1 and locked = false
;; ["host"]
