-- pgbench, vacuumdb, reindexdb, clusterdb, createuser, dropuser (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
-- base: shop

== session
drop table if exists pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers
;;
create table pgbench_history(tid int,bid int,aid    int,delta int,mtime timestamp,filler char(22))
;;
create table pgbench_tellers(tid int not null,bid int,tbalance int,filler char(84)) with (fillfactor=100)
;;
create table pgbench_accounts(aid    int not null,bid int,abalance int,filler char(84)) with (fillfactor=100)
;;
create table pgbench_branches(bid int not null,bbalance int,filler char(88)) with (fillfactor=100)
;;
begin
;;
truncate table pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers
;;
insert into pgbench_branches(bid,bbalance) values(1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (1,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (2,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (3,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (4,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (5,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (6,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (7,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (8,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (9,1,0)
;;
insert into pgbench_tellers(tid,bid,tbalance) values (10,1,0)
;;
copy pgbench_accounts from stdin with (freeze on)
;;
commit
;;
vacuum analyze pgbench_branches
;;
vacuum analyze pgbench_tellers
;;
vacuum analyze pgbench_accounts
;;
vacuum analyze pgbench_history
;;
alter table pgbench_branches add primary key (bid)
;;
alter table pgbench_tellers add primary key (tid)
;;
alter table pgbench_accounts add primary key (aid)
;;

== session
select count(*) from pgbench_branches
;;
select o.n, p.partstrat, pg_catalog.count(i.inhparent) from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on (n.oid = c.relnamespace) cross join lateral (select pg_catalog.array_position(pg_catalog.current_schemas(true), n.nspname)) as o(n) left join pg_catalog.pg_partitioned_table as p on (p.partrelid = c.oid) left join pg_catalog.pg_inherits as i on (c.oid = i.inhparent) where c.relname = 'pgbench_accounts' and o.n is not null group by 1, 2 order by 1 asc limit 1
;;
vacuum pgbench_branches
;;
vacuum pgbench_tellers
;;
truncate pgbench_history
;;

== session
BEGIN;
;;
UPDATE pgbench_accounts SET abalance = abalance + 4076 WHERE aid = 44950;
;;
SELECT abalance FROM pgbench_accounts WHERE aid = 44950;
;;
UPDATE pgbench_tellers SET tbalance = tbalance + 4076 WHERE tid = 7;
;;
UPDATE pgbench_branches SET bbalance = bbalance + 4076 WHERE bid = 1;
;;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (7, 1, 44950, 4076, CURRENT_TIMESTAMP);
;;
END;
;;
BEGIN;
;;
UPDATE pgbench_accounts SET abalance = abalance + -644 WHERE aid = 83236;
;;
SELECT abalance FROM pgbench_accounts WHERE aid = 83236;
;;
UPDATE pgbench_tellers SET tbalance = tbalance + -644 WHERE tid = 7;
;;
UPDATE pgbench_branches SET bbalance = bbalance + -644 WHERE bid = 1;
;;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (7, 1, 83236, -644, CURRENT_TIMESTAMP);
;;
END;
;;
BEGIN;
;;
UPDATE pgbench_accounts SET abalance = abalance + 44 WHERE aid = 79811;
;;
SELECT abalance FROM pgbench_accounts WHERE aid = 79811;
;;
UPDATE pgbench_tellers SET tbalance = tbalance + 44 WHERE tid = 9;
;;
UPDATE pgbench_branches SET bbalance = bbalance + 44 WHERE bid = 1;
;;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (9, 1, 79811, 44, CURRENT_TIMESTAMP);
;;
END;
;;

== session
vacuum pgbench_branches
;;
vacuum pgbench_tellers
;;
truncate pgbench_history
;;

== session
BEGIN;
;; []
UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2;
;; ["3578", "80661"]
SELECT abalance FROM pgbench_accounts WHERE aid = $1;
;; ["80661"]
UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2;
;; ["3578", "2"]
UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2;
;; ["3578", "1"]
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP);
;; ["2", "1", "80661", "3578"]
END;
;; []
BEGIN;
;; []
UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2;
;; ["2999", "14596"]
SELECT abalance FROM pgbench_accounts WHERE aid = $1;
;; ["14596"]
UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2;
;; ["2999", "4"]
UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2;
;; ["2999", "1"]
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP);
;; ["4", "1", "14596", "2999"]
END;
;; []
BEGIN;
;; []
UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2;
;; ["4764", "44244"]
SELECT abalance FROM pgbench_accounts WHERE aid = $1;
;; ["44244"]
UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2;
;; ["4764", "7"]
UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2;
;; ["4764", "1"]
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP);
;; ["7", "1", "44244", "4764"]
END;
;; []

== session
vacuum pgbench_branches
;;
vacuum pgbench_tellers
;;
truncate pgbench_history
;;

== session
BEGIN;
;; []
UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2;
;; ["4753", "12511"]
SELECT abalance FROM pgbench_accounts WHERE aid = $1;
;; ["12511"]
UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2;
;; ["4753", "7"]
UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2;
;; ["4753", "1"]
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP);
;; ["7", "1", "12511", "4753"]
END;
;; []
BEGIN;
;; []
UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2;
;; ["2854", "47705"]
SELECT abalance FROM pgbench_accounts WHERE aid = $1;
;; ["47705"]
UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2;
;; ["2854", "9"]
UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2;
;; ["2854", "1"]
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP);
;; ["9", "1", "47705", "2854"]
END;
;; []
BEGIN;
;; []
UPDATE pgbench_accounts SET abalance = abalance + $1 WHERE aid = $2;
;; ["-92", "84247"]
SELECT abalance FROM pgbench_accounts WHERE aid = $1;
;; ["84247"]
UPDATE pgbench_tellers SET tbalance = tbalance + $1 WHERE tid = $2;
;; ["-92", "6"]
UPDATE pgbench_branches SET bbalance = bbalance + $1 WHERE bid = $2;
;; ["-92", "1"]
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES ($1, $2, $3, $4, CURRENT_TIMESTAMP);
;; ["6", "1", "84247", "-92"]
END;
;; []

== session
vacuum pgbench_branches
;;
vacuum pgbench_tellers
;;
truncate pgbench_history
;;

== session
SELECT abalance FROM pgbench_accounts WHERE aid = 40889;
;;
SELECT abalance FROM pgbench_accounts WHERE aid = 59117;
;;
SELECT abalance FROM pgbench_accounts WHERE aid = 813;
;;

== session
vacuum pgbench_branches
;;
vacuum pgbench_tellers
;;
truncate pgbench_history
;;

== session
BEGIN;
;;
UPDATE pgbench_accounts SET abalance = abalance + 4138 WHERE aid = 90223;
;;
SELECT abalance FROM pgbench_accounts WHERE aid = 90223;
;;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (5, 1, 90223, 4138, CURRENT_TIMESTAMP);
;;
END;
;;
BEGIN;
;;
UPDATE pgbench_accounts SET abalance = abalance + -1776 WHERE aid = 74856;
;;
SELECT abalance FROM pgbench_accounts WHERE aid = 74856;
;;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (2, 1, 74856, -1776, CURRENT_TIMESTAMP);
;;
END;
;;
BEGIN;
;;
UPDATE pgbench_accounts SET abalance = abalance + -4038 WHERE aid = 43246;
;;
SELECT abalance FROM pgbench_accounts WHERE aid = 43246;
;;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (8, 1, 43246, -4038, CURRENT_TIMESTAMP);
;;
END;
;;

== session
SELECT pg_catalog.set_config('search_path', '', false);
;;
RESET search_path;
;;
SELECT c.relname, ns.nspname FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 AND c.relkind OPERATOR(pg_catalog.=) ANY (array['r', 'm'])
 ORDER BY c.relpages DESC;
;;
VACUUM (ANALYZE) public.pgbench_accounts;
;;
VACUUM (ANALYZE) pg_catalog.pg_proc;
;;
VACUUM (ANALYZE) pg_catalog.pg_attribute;
;;
VACUUM (ANALYZE) pg_catalog.pg_description;
;;
VACUUM (ANALYZE) pg_catalog.pg_statistic;
;;
VACUUM (ANALYZE) pg_catalog.pg_type;
;;
VACUUM (ANALYZE) pg_catalog.pg_rewrite;
;;
VACUUM (ANALYZE) pg_catalog.pg_depend;
;;
VACUUM (ANALYZE) pg_catalog.pg_collation;
;;
VACUUM (ANALYZE) pg_catalog.pg_operator;
;;
VACUUM (ANALYZE) pg_catalog.pg_class;
;;
VACUUM (ANALYZE) information_schema.sql_features;
;;
VACUUM (ANALYZE) pg_catalog.pg_amop;
;;
VACUUM (ANALYZE) pg_catalog.pg_amproc;
;;
VACUUM (ANALYZE) pg_catalog.pg_index;
;;
VACUUM (ANALYZE) pg_catalog.pg_init_privs;
;;
VACUUM (ANALYZE) pg_catalog.pg_ts_config_map;
;;
VACUUM (ANALYZE) pg_catalog.pg_opclass;
;;
VACUUM (ANALYZE) pg_catalog.pg_constraint;
;;
VACUUM (ANALYZE) pg_catalog.pg_cast;
;;
VACUUM (ANALYZE) pg_catalog.pg_opfamily;
;;
VACUUM (ANALYZE) pg_catalog.pg_aggregate;
;;
VACUUM (ANALYZE) pg_catalog.pg_conversion;
;;
VACUUM (ANALYZE) information_schema.sql_sizing;
;;
VACUUM (ANALYZE) pg_catalog.pg_am;
;;
VACUUM (ANALYZE) pg_catalog.pg_database;
;;
VACUUM (ANALYZE) public.pgbench_branches;
;;
VACUUM (ANALYZE) pg_catalog.pg_tablespace;
;;
VACUUM (ANALYZE) pg_catalog.pg_auth_members;
;;
VACUUM (ANALYZE) information_schema.sql_implementation_info;
;;
VACUUM (ANALYZE) pg_catalog.pg_range;
;;
VACUUM (ANALYZE) pg_catalog.pg_shdescription;
;;
VACUUM (ANALYZE) pg_catalog.pg_ts_config;
;;
VACUUM (ANALYZE) public.pgbench_tellers;
;;
VACUUM (ANALYZE) pg_catalog.pg_ts_dict;
;;
VACUUM (ANALYZE) pg_catalog.pg_ts_parser;
;;
VACUUM (ANALYZE) pg_catalog.pg_ts_template;
;;
VACUUM (ANALYZE) pg_catalog.pg_extension;
;;
VACUUM (ANALYZE) pg_catalog.pg_language;
;;
VACUUM (ANALYZE) pg_catalog.pg_authid;
;;
VACUUM (ANALYZE) information_schema.sql_parts;
;;
VACUUM (ANALYZE) pg_catalog.pg_namespace;
;;
VACUUM (ANALYZE) pg_catalog.pg_default_acl;
;;
VACUUM (ANALYZE) public.products;
;;
VACUUM (ANALYZE) pg_catalog.pg_seclabel;
;;
VACUUM (ANALYZE) pg_catalog.pg_shseclabel;
;;
VACUUM (ANALYZE) public.order_items;
;;
VACUUM (ANALYZE) pg_catalog.pg_parameter_acl;
;;
VACUUM (ANALYZE) pg_catalog.pg_partitioned_table;
;;
VACUUM (ANALYZE) pg_catalog.pg_transform;
;;
VACUUM (ANALYZE) pg_catalog.pg_sequence;
;;
VACUUM (ANALYZE) pg_catalog.pg_publication;
;;
VACUUM (ANALYZE) pg_catalog.pg_publication_namespace;
;;
VACUUM (ANALYZE) pg_catalog.pg_publication_rel;
;;
VACUUM (ANALYZE) pg_catalog.pg_subscription_rel;
;;
VACUUM (ANALYZE) pg_catalog.pg_largeobject;
;;
VACUUM (ANALYZE) public.orders;
;;
VACUUM (ANALYZE) pg_catalog.pg_subscription;
;;
VACUUM (ANALYZE) pg_catalog.pg_attrdef;
;;
VACUUM (ANALYZE) pg_catalog.pg_inherits;
;;
VACUUM (ANALYZE) pg_catalog.pg_user_mapping;
;;
VACUUM (ANALYZE) pg_catalog.pg_statistic_ext_data;
;;
VACUUM (ANALYZE) pg_catalog.pg_foreign_table;
;;
VACUUM (ANALYZE) public.pgbench_history;
;;
VACUUM (ANALYZE) pg_catalog.pg_largeobject_metadata;
;;
VACUUM (ANALYZE) pg_catalog.pg_statistic_ext;
;;
VACUUM (ANALYZE) pg_catalog.pg_trigger;
;;
VACUUM (ANALYZE) pg_catalog.pg_event_trigger;
;;
VACUUM (ANALYZE) public.events_2026;
;;
VACUUM (ANALYZE) public.users;
;;
VACUUM (ANALYZE) pg_catalog.pg_enum;
;;
VACUUM (ANALYZE) public.product_stats;
;;
VACUUM (ANALYZE) pg_catalog.pg_db_role_setting;
;;
VACUUM (ANALYZE) pg_catalog.pg_shdepend;
;;
VACUUM (ANALYZE) public.reviews;
;;
VACUUM (ANALYZE) pg_catalog.pg_foreign_data_wrapper;
;;
VACUUM (ANALYZE) pg_catalog.pg_foreign_server;
;;
VACUUM (ANALYZE) pg_catalog.pg_policy;
;;
VACUUM (ANALYZE) pg_catalog.pg_replication_origin;
;;

== session
RESET search_path;
;;
WITH listed_tables (table_oid, column_list) AS (
  VALUES ('users'::pg_catalog.regclass, NULL::pg_catalog.text)
)
SELECT c.relname, ns.nspname, listed_tables.column_list FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 JOIN listed_tables ON listed_tables.table_oid OPERATOR(pg_catalog.=) c.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 ORDER BY c.relpages DESC;
;;
ANALYZE public.users;
;;

== session
RESET search_path;
;;
SELECT c.relname, ns.nspname
 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace ns
 WHERE c.relnamespace OPERATOR(pg_catalog.=) ns.oid
  AND c.oid OPERATOR(pg_catalog.=) 'users'::pg_catalog.regclass;
;;
REINDEX TABLE public.users;
;;

== session
REINDEX DATABASE shop;
;;

== session
CLUSTER;
;;

== session
RESET search_path;
;;
SET default_statistics_target=1; SET vacuum_cost_delay=0;
;;
ANALYZE public.pgbench_accounts;
;;
ANALYZE pg_catalog.pg_proc;
;;
ANALYZE pg_catalog.pg_attribute;
;;
ANALYZE pg_catalog.pg_description;
;;
ANALYZE pg_catalog.pg_statistic;
;;
ANALYZE pg_catalog.pg_depend;
;;
ANALYZE pg_catalog.pg_type;
;;
ANALYZE pg_catalog.pg_collation;
;;
ANALYZE pg_catalog.pg_operator;
;;
ANALYZE pg_catalog.pg_rewrite;
;;
ANALYZE pg_catalog.pg_class;
;;
ANALYZE information_schema.sql_features;
;;
ANALYZE pg_catalog.pg_amop;
;;
ANALYZE pg_catalog.pg_amproc;
;;
ANALYZE pg_catalog.pg_index;
;;
ANALYZE pg_catalog.pg_ts_config_map;
;;
ANALYZE pg_catalog.pg_constraint;
;;
ANALYZE pg_catalog.pg_opclass;
;;
ANALYZE public.order_items;
;;
ANALYZE pg_catalog.pg_init_privs;
;;
ANALYZE pg_catalog.pg_cast;
;;
ANALYZE public.orders;
;;
ANALYZE pg_catalog.pg_opfamily;
;;
ANALYZE pg_catalog.pg_aggregate;
;;
ANALYZE pg_catalog.pg_conversion;
;;
ANALYZE pg_catalog.pg_am;
;;
ANALYZE information_schema.sql_parts;
;;
ANALYZE pg_catalog.pg_authid;
;;
ANALYZE public.pgbench_history;
;;
ANALYZE pg_catalog.pg_trigger;
;;
ANALYZE information_schema.sql_implementation_info;
;;
ANALYZE public.pgbench_tellers;
;;
ANALYZE public.users;
;;
ANALYZE public.reviews;
;;
ANALYZE pg_catalog.pg_enum;
;;
ANALYZE pg_catalog.pg_partitioned_table;
;;
ANALYZE pg_catalog.pg_range;
;;
ANALYZE pg_catalog.pg_namespace;
;;
ANALYZE pg_catalog.pg_sequence;
;;
ANALYZE information_schema.sql_sizing;
;;
ANALYZE public.pgbench_branches;
;;
ANALYZE pg_catalog.pg_database;
;;
ANALYZE pg_catalog.pg_language;
;;
ANALYZE pg_catalog.pg_tablespace;
;;
ANALYZE public.products;
;;
ANALYZE pg_catalog.pg_attrdef;
;;
ANALYZE pg_catalog.pg_inherits;
;;
ANALYZE pg_catalog.pg_auth_members;
;;
ANALYZE pg_catalog.pg_shdepend;
;;
ANALYZE pg_catalog.pg_shdescription;
;;
ANALYZE pg_catalog.pg_ts_config;
;;
ANALYZE public.events_2026;
;;
ANALYZE pg_catalog.pg_ts_dict;
;;
ANALYZE pg_catalog.pg_ts_parser;
;;
ANALYZE pg_catalog.pg_ts_template;
;;
ANALYZE pg_catalog.pg_extension;
;;
ANALYZE pg_catalog.pg_subscription;
;;
ANALYZE pg_catalog.pg_statistic_ext_data;
;;
ANALYZE pg_catalog.pg_foreign_table;
;;
ANALYZE pg_catalog.pg_largeobject_metadata;
;;
ANALYZE pg_catalog.pg_statistic_ext;
;;
ANALYZE pg_catalog.pg_event_trigger;
;;
ANALYZE pg_catalog.pg_db_role_setting;
;;
ANALYZE pg_catalog.pg_foreign_data_wrapper;
;;
ANALYZE pg_catalog.pg_foreign_server;
;;
ANALYZE pg_catalog.pg_policy;
;;
ANALYZE pg_catalog.pg_replication_origin;
;;
ANALYZE pg_catalog.pg_default_acl;
;;
ANALYZE public.product_stats;
;;
ANALYZE pg_catalog.pg_seclabel;
;;
ANALYZE pg_catalog.pg_shseclabel;
;;
ANALYZE pg_catalog.pg_parameter_acl;
;;
ANALYZE pg_catalog.pg_transform;
;;
ANALYZE pg_catalog.pg_publication;
;;
ANALYZE pg_catalog.pg_publication_namespace;
;;
ANALYZE pg_catalog.pg_publication_rel;
;;
ANALYZE pg_catalog.pg_subscription_rel;
;;
ANALYZE pg_catalog.pg_largeobject;
;;
ANALYZE pg_catalog.pg_user_mapping;
;;

== session
RESET search_path;
;;
SET default_statistics_target=10; RESET vacuum_cost_delay;
;;
ANALYZE public.pgbench_accounts;
;;
ANALYZE pg_catalog.pg_proc;
;;
ANALYZE pg_catalog.pg_attribute;
;;
ANALYZE pg_catalog.pg_description;
;;
ANALYZE pg_catalog.pg_statistic;
;;
ANALYZE pg_catalog.pg_depend;
;;
ANALYZE pg_catalog.pg_type;
;;
ANALYZE pg_catalog.pg_collation;
;;
ANALYZE pg_catalog.pg_operator;
;;
ANALYZE pg_catalog.pg_rewrite;
;;
ANALYZE pg_catalog.pg_class;
;;
ANALYZE information_schema.sql_features;
;;
ANALYZE pg_catalog.pg_amop;
;;
ANALYZE pg_catalog.pg_amproc;
;;
ANALYZE pg_catalog.pg_index;
;;
ANALYZE pg_catalog.pg_ts_config_map;
;;
ANALYZE pg_catalog.pg_constraint;
;;
ANALYZE pg_catalog.pg_opclass;
;;
ANALYZE public.order_items;
;;
ANALYZE pg_catalog.pg_init_privs;
;;
ANALYZE pg_catalog.pg_cast;
;;
ANALYZE public.orders;
;;
ANALYZE pg_catalog.pg_opfamily;
;;
ANALYZE pg_catalog.pg_aggregate;
;;
ANALYZE pg_catalog.pg_conversion;
;;
ANALYZE pg_catalog.pg_am;
;;
ANALYZE information_schema.sql_parts;
;;
ANALYZE pg_catalog.pg_authid;
;;
ANALYZE public.pgbench_history;
;;
ANALYZE pg_catalog.pg_trigger;
;;
ANALYZE information_schema.sql_implementation_info;
;;
ANALYZE public.pgbench_tellers;
;;
ANALYZE public.users;
;;
ANALYZE public.reviews;
;;
ANALYZE pg_catalog.pg_enum;
;;
ANALYZE pg_catalog.pg_partitioned_table;
;;
ANALYZE pg_catalog.pg_range;
;;
ANALYZE pg_catalog.pg_namespace;
;;
ANALYZE pg_catalog.pg_sequence;
;;
ANALYZE information_schema.sql_sizing;
;;
ANALYZE public.pgbench_branches;
;;
ANALYZE pg_catalog.pg_database;
;;
ANALYZE pg_catalog.pg_language;
;;
ANALYZE pg_catalog.pg_tablespace;
;;
ANALYZE public.products;
;;
ANALYZE pg_catalog.pg_attrdef;
;;
ANALYZE pg_catalog.pg_inherits;
;;
ANALYZE pg_catalog.pg_auth_members;
;;
ANALYZE pg_catalog.pg_shdepend;
;;
ANALYZE pg_catalog.pg_shdescription;
;;
ANALYZE pg_catalog.pg_ts_config;
;;
ANALYZE public.events_2026;
;;
ANALYZE pg_catalog.pg_ts_dict;
;;
ANALYZE pg_catalog.pg_ts_parser;
;;
ANALYZE pg_catalog.pg_ts_template;
;;
ANALYZE pg_catalog.pg_extension;
;;
ANALYZE pg_catalog.pg_subscription;
;;
ANALYZE pg_catalog.pg_statistic_ext_data;
;;
ANALYZE pg_catalog.pg_foreign_table;
;;
ANALYZE pg_catalog.pg_largeobject_metadata;
;;
ANALYZE pg_catalog.pg_statistic_ext;
;;
ANALYZE pg_catalog.pg_event_trigger;
;;
ANALYZE pg_catalog.pg_db_role_setting;
;;
ANALYZE pg_catalog.pg_foreign_data_wrapper;
;;
ANALYZE pg_catalog.pg_foreign_server;
;;
ANALYZE pg_catalog.pg_policy;
;;
ANALYZE pg_catalog.pg_replication_origin;
;;
ANALYZE pg_catalog.pg_default_acl;
;;
ANALYZE public.product_stats;
;;
ANALYZE pg_catalog.pg_seclabel;
;;
ANALYZE pg_catalog.pg_shseclabel;
;;
ANALYZE pg_catalog.pg_parameter_acl;
;;
ANALYZE pg_catalog.pg_transform;
;;
ANALYZE pg_catalog.pg_publication;
;;
ANALYZE pg_catalog.pg_publication_namespace;
;;
ANALYZE pg_catalog.pg_publication_rel;
;;
ANALYZE pg_catalog.pg_subscription_rel;
;;
ANALYZE pg_catalog.pg_largeobject;
;;
ANALYZE pg_catalog.pg_user_mapping;
;;

== session
RESET search_path;
;;
RESET default_statistics_target;
;;
ANALYZE public.pgbench_accounts;
;;
ANALYZE pg_catalog.pg_proc;
;;
ANALYZE pg_catalog.pg_attribute;
;;
ANALYZE pg_catalog.pg_description;
;;
ANALYZE pg_catalog.pg_statistic;
;;
ANALYZE pg_catalog.pg_depend;
;;
ANALYZE pg_catalog.pg_type;
;;
ANALYZE pg_catalog.pg_collation;
;;
ANALYZE pg_catalog.pg_operator;
;;
ANALYZE pg_catalog.pg_rewrite;
;;
ANALYZE pg_catalog.pg_class;
;;
ANALYZE information_schema.sql_features;
;;
ANALYZE pg_catalog.pg_amop;
;;
ANALYZE pg_catalog.pg_amproc;
;;
ANALYZE pg_catalog.pg_index;
;;
ANALYZE pg_catalog.pg_ts_config_map;
;;
ANALYZE pg_catalog.pg_constraint;
;;
ANALYZE pg_catalog.pg_opclass;
;;
ANALYZE public.order_items;
;;
ANALYZE pg_catalog.pg_init_privs;
;;
ANALYZE pg_catalog.pg_cast;
;;
ANALYZE public.orders;
;;
ANALYZE pg_catalog.pg_opfamily;
;;
ANALYZE pg_catalog.pg_aggregate;
;;
ANALYZE pg_catalog.pg_conversion;
;;
ANALYZE pg_catalog.pg_am;
;;
ANALYZE information_schema.sql_parts;
;;
ANALYZE pg_catalog.pg_authid;
;;
ANALYZE public.pgbench_history;
;;
ANALYZE pg_catalog.pg_trigger;
;;
ANALYZE information_schema.sql_implementation_info;
;;
ANALYZE public.pgbench_tellers;
;;
ANALYZE public.users;
;;
ANALYZE public.reviews;
;;
ANALYZE pg_catalog.pg_enum;
;;
ANALYZE pg_catalog.pg_partitioned_table;
;;
ANALYZE pg_catalog.pg_range;
;;
ANALYZE pg_catalog.pg_namespace;
;;
ANALYZE pg_catalog.pg_sequence;
;;
ANALYZE information_schema.sql_sizing;
;;
ANALYZE public.pgbench_branches;
;;
ANALYZE pg_catalog.pg_database;
;;
ANALYZE pg_catalog.pg_language;
;;
ANALYZE pg_catalog.pg_tablespace;
;;
ANALYZE public.products;
;;
ANALYZE pg_catalog.pg_attrdef;
;;
ANALYZE pg_catalog.pg_inherits;
;;
ANALYZE pg_catalog.pg_auth_members;
;;
ANALYZE pg_catalog.pg_shdepend;
;;
ANALYZE pg_catalog.pg_shdescription;
;;
ANALYZE pg_catalog.pg_ts_config;
;;
ANALYZE public.events_2026;
;;
ANALYZE pg_catalog.pg_ts_dict;
;;
ANALYZE pg_catalog.pg_ts_parser;
;;
ANALYZE pg_catalog.pg_ts_template;
;;
ANALYZE pg_catalog.pg_extension;
;;
ANALYZE pg_catalog.pg_subscription;
;;
ANALYZE pg_catalog.pg_statistic_ext_data;
;;
ANALYZE pg_catalog.pg_foreign_table;
;;
ANALYZE pg_catalog.pg_largeobject_metadata;
;;
ANALYZE pg_catalog.pg_statistic_ext;
;;
ANALYZE pg_catalog.pg_event_trigger;
;;
ANALYZE pg_catalog.pg_db_role_setting;
;;
ANALYZE pg_catalog.pg_foreign_data_wrapper;
;;
ANALYZE pg_catalog.pg_foreign_server;
;;
ANALYZE pg_catalog.pg_policy;
;;
ANALYZE pg_catalog.pg_replication_origin;
;;
ANALYZE pg_catalog.pg_default_acl;
;;
ANALYZE public.product_stats;
;;
ANALYZE pg_catalog.pg_seclabel;
;;
ANALYZE pg_catalog.pg_shseclabel;
;;
ANALYZE pg_catalog.pg_parameter_acl;
;;
ANALYZE pg_catalog.pg_transform;
;;
ANALYZE pg_catalog.pg_publication;
;;
ANALYZE pg_catalog.pg_publication_namespace;
;;
ANALYZE pg_catalog.pg_publication_rel;
;;
ANALYZE pg_catalog.pg_subscription_rel;
;;
ANALYZE pg_catalog.pg_largeobject;
;;
ANALYZE pg_catalog.pg_user_mapping;
;;

== session
RESET search_path;
;;
SELECT c.relname, ns.nspname FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace ns ON c.relnamespace OPERATOR(pg_catalog.=) ns.oid
 LEFT JOIN pg_catalog.pg_class t ON c.reltoastrelid OPERATOR(pg_catalog.=) t.oid
 WHERE c.relpersistence OPERATOR(pg_catalog.!=) 't'
 AND c.relkind OPERATOR(pg_catalog.=) ANY (array['r', 'm'])
 AND GREATEST(pg_catalog.mxid_age(c.relminmxid), pg_catalog.mxid_age(t.relminmxid)) OPERATOR(pg_catalog.>=) '1'::pg_catalog.int4
 AND c.relminmxid OPERATOR(pg_catalog.!=) '0'::pg_catalog.xid
 ORDER BY c.relpages DESC;
;;
