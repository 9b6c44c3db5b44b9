//! The picture of names against a real server: types keep their meaning, keys are found, changes
//! are noticed, a client's own session sees its own tables.

mod harness;

use std::collections::BTreeSet;
use std::sync::Arc;

use harness::Cluster;
use harness::cluster::PASSWORD;
use pgpurpose::catalog::system::{FunctionClass, function_class};
use pgpurpose::catalog::{Catalog, Relation, RelationKind};
use pgpurpose::model::names::{Name, QualifiedName};
use pgpurpose::sql::resolve::STRICT_FUNCTIONS;
use pgpurpose::sql::schema::parse_schema;
use pgpurpose::upstream::catalog::{self, Mark, Scope};
use pgpurpose::upstream::{CatalogWatch, Fault, connect};
use tokio_postgres::{Client, SimpleQueryMessage};

const TYPES: &str = r#"
CREATE SCHEMA shop; CREATE SCHEMA "a(b.c""d";
CREATE DOMAIN shop.mail AS varchar(50) CHECK (VALUE LIKE '%@%');
CREATE DOMAIN shop.narrow AS shop.mail NOT NULL;
CREATE TYPE shop."Kind" AS ENUM ('a', 'b');
CREATE TYPE "a(b.c""d"."t(1)" AS (x int, y text);
CREATE DOMAIN shop.pair AS "a(b.c""d"."t(1)" CHECK ((VALUE).x > 0);
CREATE TABLE shop."Odd" (
  a shop.narrow, b shop."Kind"[], c interval day to second(3), d interval(2), e "char", f char,
  g char(3)[], h bit varying(3), i time(2) with time zone, j numeric(5,2), k shop.mail[], l bit,
  m bpchar, n interval year, o oidvector, p name, q int2vector[], r varchar, s numeric,
  t timestamp(0), u "a(b.c""d"."t(1)", v "a(b.c""d"."t(1)"[], x bit(7)[],
  y numeric(7)[], z timestamptz(6)[], za interval hour to minute[], zb tsvector, zc int4range,
  zd regclass, zf shop.pair, zg shop.pair[], ze pg_catalog.pg_class, w pg_catalog.pg_class[]);
"#;

const SHOP: &str = r#"
CREATE TABLE shop.users (id bigint PRIMARY KEY, email varchar(100) NOT NULL UNIQUE, gone text,
  name text, upper_name text GENERATED ALWAYS AS (upper(name)) STORED);
ALTER TABLE shop.users DROP COLUMN gone;
CREATE TABLE shop.orders (id bigint, shop_id int, user_id bigint REFERENCES shop.users,
  PRIMARY KEY (shop_id, id), note text);
CREATE UNIQUE INDEX ON shop.orders (user_id, note) INCLUDE (id);
CREATE UNIQUE INDEX ON shop.orders (note) WHERE note <> '';
CREATE UNIQUE INDEX ON shop.orders (lower(note));
CREATE TABLE shop.base (made timestamptz NOT NULL, by_whom text);
CREATE TABLE shop.child (extra int, by_whom text NOT NULL) INHERITS (shop.base);
CREATE TABLE shop.events (at date NOT NULL, what text,
  user_id bigint REFERENCES shop.users, PRIMARY KEY (at, what)) PARTITION BY RANGE (at);
CREATE TABLE shop.events_2024 PARTITION OF shop.events
  FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE VIEW shop.names AS SELECT id, name FROM shop.users;
CREATE MATERIALIZED VIEW shop.totals AS SELECT count(*) AS n FROM shop.orders;
CREATE FUNCTION shop.twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE OPERATOR shop.=== (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int);
"#;

async fn prepared(cluster: &Cluster, database: &str, script: &str) -> Client {
    cluster.create_database(database, "template1");
    let client = session(cluster, database, "postgres").await;
    client.batch_execute(script).await.expect("script");
    client
}

async fn session(cluster: &Cluster, database: &str, user: &str) -> Client {
    let port = cluster.port;
    let url = format!("postgres://{user}:{PASSWORD}@127.0.0.1:{port}/{database}");
    connect::connect(&connect::address(&url).expect("address")).await.expect("login")
}

async fn text(client: &Client, sql: &str) -> String {
    let messages = client.simple_query(sql).await.unwrap_or_else(|e| panic!("{e:?} in {sql}"));
    let row = messages.iter().find_map(|m| match m {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or("").to_owned()),
        _ => None,
    });
    row.unwrap_or_else(|| panic!("no row from {sql}"))
}

fn named<'a>(catalog: &'a Catalog, schema: &str, name: &str) -> &'a Relation {
    catalog.by_name(&QualifiedName::new(schema, name)).expect(name)
}

fn number(relation: &Relation, column: &str) -> i16 {
    relation.column(&Name::new(column)).expect(column).number
}

#[tokio::test]
async fn every_type_means_the_same_when_spelt() {
    let Some(cluster) = Cluster::shared() else { return };
    let client = prepared(cluster, "catalog_types", TYPES).await;
    if text(&client, "SHOW server_version_num").await.as_str() >= "150000" {
        let negative = "ALTER TABLE shop.\"Odd\" ADD COLUMN rounded numeric(5,-2)";
        client.batch_execute(negative).await.expect("a scale below zero");
    }
    let catalog = catalog::load(&client, 1).await.expect("catalog");
    // A schema that shadows what it can, first on the path.
    client
        .batch_execute(
            "CREATE SCHEMA evil; CREATE DOMAIN evil.varchar AS int; CREATE DOMAIN evil.int4 AS text;
             CREATE DOMAIN evil.\"Kind\" AS text; SET search_path = evil, pg_catalog",
        )
        .await
        .expect("shadows");
    let mut checks: Vec<String> = Vec::new();
    for relation in catalog.relations() {
        for column in &relation.columns {
            checks.push(format!("({}, {})", relation.id.0, column.number));
        }
    }
    assert!(checks.len() > 1_900, "only {} columns", checks.len());
    let declared = "SELECT coalesce(string_agg(concat_ws(',', t.id, t.modifier), ';'
          ORDER BY a.attrelid, a.attnum), '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, LATERAL (
          WITH RECURSIVE d AS (
            SELECT a.atttypid AS id, a.atttypmod AS modifier
            UNION ALL SELECT t.typbasetype, t.typtypmod FROM d JOIN pg_type t ON t.oid = d.id
            WHERE t.typtype = 'd') SELECT d.* FROM d JOIN pg_type t ON t.oid = d.id
            WHERE t.typtype <> 'd') t
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind NOT IN ('i', 'I', 't', 'S')
          AND c.relnamespace <> 'evil'::regnamespace 
          AND t.id NOT IN ('anyarray'::regtype, 'pg_statistic[]'::regtype)";
    let declared = text(&client, declared).await;
    let mut spelt = Vec::new();
    for relation in catalog.relations().filter(|r| !r.columns.is_empty()) {
        // No view can have the pseudo-type that the statistics are of.
        let pseudo = ["anyarray", "_pg_statistic"];
        let columns = relation.columns.iter().filter(|c| !pseudo.contains(&c.base_type.as_str()));
        let list: Vec<String> = columns.map(|c| format!("NULL::{}", c.type_sql)).collect();
        let statement = client.prepare(&format!("SELECT {}", list.join(", "))).await;
        let statement = statement.unwrap_or_else(|e| panic!("{e:?}: {list:?}"));
        client
            .batch_execute(&format!("CREATE TEMP VIEW probe AS SELECT {}", aliased(&list)))
            .await
            .expect("a view of the types");
        let modifiers = text(
            &client,
            "SELECT string_agg(atttypmod::text, ',' ORDER BY attnum) FROM pg_attribute
             WHERE attrelid = 'pg_temp.probe'::regclass AND attnum > 0",
        )
        .await;
        client.batch_execute("DROP VIEW pg_temp.probe").await.expect("drop");
        for (column, modifier) in statement.columns().iter().zip(modifiers.split(',')) {
            spelt.push(format!("{},{modifier}", column.type_().oid()));
        }
    }
    let declared: Vec<&str> = declared.split(';').collect();
    assert_eq!(declared.len(), spelt.len());
    for (declared, spelt) in declared.iter().zip(&spelt) {
        assert_eq!(declared, spelt);
    }
}

fn aliased(list: &[String]) -> String {
    let columns = list.iter().enumerate().map(|(i, sql)| format!("{sql} AS c{i}"));
    columns.collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn keys_views_and_functions_are_found() {
    let Some(cluster) = Cluster::shared() else { return };
    let client = prepared(cluster, "catalog_shop", &format!("{TYPES}{SHOP}")).await;
    let catalog = catalog::load(&client, 7).await.expect("catalog");
    assert_eq!(catalog.epoch, 7);
    let users = named(&catalog, "shop", "users");
    assert_eq!(users.primary_key, [1]);
    assert_eq!(users.unique, [vec![number(users, "email")]]);
    let numbers: Vec<i16> = users.columns.iter().map(|c| c.number).collect();
    assert_eq!(numbers, [1, 2, 4, 5], "a dropped column leaves its number unused");
    let generated = users.column(&Name::new("upper_name")).expect("column").generated.clone();
    assert_eq!(generated.as_deref(), Some("upper(name)"));
    assert!(users.column(&Name::new("email")).expect("column").not_null);
    let orders = named(&catalog, "shop", "orders");
    assert_eq!(orders.primary_key, [number(orders, "shop_id"), number(orders, "id")]);
    assert_eq!(orders.unique, [vec![number(orders, "user_id"), number(orders, "note")]]);
    assert_eq!(orders.foreign_keys[0].references, users.id);
    assert_eq!(orders.foreign_keys[0].columns, [number(orders, "user_id")]);
    let events = named(&catalog, "shop", "events");
    assert_eq!(events.kind, RelationKind::PartitionedTable);
    assert_eq!(named(&catalog, "shop", "events_2024").parents, [events.id]);
    let view = named(&catalog, "shop", "names").definition.clone().expect("definition");
    assert!(view.contains("FROM shop.users"), "{view}");
    assert_eq!(named(&catalog, "shop", "totals").kind, RelationKind::MaterializedView);
    let odd = named(&catalog, "shop", "Odd");
    let mail = odd.column(&Name::new("a")).expect("column");
    assert_eq!((mail.type_sql.as_str(), mail.is_domain), ("pg_catalog.varchar(50)", true));
    assert_eq!((mail.base_type.as_str(), mail.type_category), ("varchar", 'S'));
    let twice = catalog.functions_named(&Name::new("twice"));
    assert_eq!(twice.len(), 1);
    assert_eq!(twice[0].language.as_str(), "sql");
    assert_eq!(catalog.operators_named("===").len(), 1);
    assert!(catalog.operators_named("=").is_empty());
    assert_eq!(catalog.types_named(&Name::new("mail")).len(), 1);
    assert!(catalog.has_schema(&Name::new("shop")));
    assert_eq!(named(&catalog, "pg_catalog", "pg_class").kind, RelationKind::Table);
}

/// Relation, kind, columns, keys, parents: everything of the user's relations, as comparable text.
fn printed(catalog: &Catalog) -> Vec<String> {
    let name = |id| catalog.relation(id).map(|r| r.name.to_string()).unwrap_or_default();
    let mut lines = Vec::new();
    let system = ["pg_catalog", "information_schema", "pg_toast"];
    for r in catalog.relations().filter(|r| !system.contains(&r.name.schema.as_str())) {
        if r.kind == RelationKind::Index {
            continue;
        }
        let foreign: Vec<_> = r
            .foreign_keys
            .iter()
            .map(|f| format!("{:?}->{}{:?}", f.columns, name(f.references), f.referenced))
            .collect();
        let parents: Vec<_> = r.parents.iter().map(|p| name(*p)).collect();
        lines.push(format!(
            "{} {:?} {:?} {:?} {foreign:?} {parents:?}",
            r.name, r.kind, r.primary_key, r.unique
        ));
        for c in &r.columns {
            lines.push(format!(
                "{}.{} {} {} {} {} {} {} {}",
                r.name,
                c.number,
                c.name,
                c.type_sql,
                c.base_type,
                // PostgreSQL 14 counts "char" among the strings.
                if c.base_type.as_str() == "char" { 'Z' } else { c.type_category },
                c.not_null,
                c.is_domain,
                c.generated.is_some()
            ));
        }
    }
    lines.sort();
    lines
}

#[tokio::test]
async fn a_script_reads_as_the_server_reads_it() {
    let Some(cluster) = Cluster::shared() else { return };
    let script = format!("{TYPES}{SHOP}");
    // A dropped column and the system's own row types are known to the server only.
    let kept = script
        .replace(", ze pg_catalog.pg_class, w pg_catalog.pg_class[]", "")
        .replace(" gone text,", "")
        .replace("ALTER TABLE shop.users DROP COLUMN gone;", "");
    let client = prepared(cluster, "catalog_script", &kept).await;
    let live = printed(&catalog::load(&client, 1).await.expect("catalog"));
    let read = parse_schema(&kept).expect("script");
    assert_eq!(printed(&read), live);
    let dumped = std::process::Command::new(cluster.bin.join("pg_dump"))
        .args(["--schema-only", "--dbname"])
        .arg(format!("postgres://postgres:{PASSWORD}@127.0.0.1:{}/catalog_script", cluster.port))
        .output();
    // Some builds come without the client programs.
    if let Ok(dumped) = dumped {
        let dumped = String::from_utf8(dumped.stdout).expect("text");
        assert_eq!(printed(&parse_schema(&dumped).expect("dump")), live);
    }
}

#[tokio::test]
async fn the_shop_reads_as_the_server_reads_it() {
    let Some(cluster) = Cluster::shared() else { return };
    let script = include_str!("../rules/schema.sql");
    let client = prepared(cluster, "catalog_rules", script).await;
    let live = printed(&catalog::load(&client, 1).await.expect("catalog"));
    assert_eq!(printed(&parse_schema(script).expect("script")), live);
}

#[tokio::test]
async fn a_login_without_privileges_reads_the_catalog() {
    let Some(cluster) = Cluster::shared() else { return };
    prepared(cluster, "catalog_narrow", &format!("{TYPES}{SHOP}")).await;
    cluster.create_role("catalog_reader");
    let client = session(cluster, "catalog_narrow", "catalog_reader").await;
    let catalog = catalog::load(&client, 1).await.expect("catalog");
    assert!(named(&catalog, "shop", "names").definition.is_some());
    assert!(client.simple_query("SELECT * FROM shop.users").await.is_err());
}

#[tokio::test]
async fn a_change_is_noticed_once() {
    let Some(cluster) = Cluster::shared() else { return };
    let client = prepared(cluster, "catalog_change", &format!("{TYPES}{SHOP}")).await;
    let reader = session(cluster, "catalog_change", "postgres").await;
    let mut mark: Mark = catalog::mark(&reader).await.expect("mark");
    let changes = [
        "CREATE TABLE shop.new (a int)",
        "ALTER TABLE shop.new RENAME COLUMN a TO b",
        "ALTER TABLE shop.new ADD COLUMN c varchar(10)",
        "ALTER TABLE shop.new ALTER COLUMN c TYPE varchar(20)",
        "ALTER TABLE shop.new SET SCHEMA public",
        "ALTER TABLE public.new ADD UNIQUE (c)",
        "CREATE OR REPLACE VIEW shop.names AS SELECT id, email::text AS name FROM shop.users",
        "CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT $1::text'",
        "CREATE OPERATOR public.= (FUNCTION = shop.twice, RIGHTARG = int)",
        "ALTER FUNCTION shop.twice(int) RENAME TO thrice",
        "CREATE SCHEMA fresh",
        "DROP TABLE public.new",
    ];
    for change in changes {
        assert!(!catalog::changed(&reader, &mut mark).await.expect("probe"), "before {change}");
        client.batch_execute(change).await.unwrap_or_else(|e| panic!("{e:?} in {change}"));
        assert!(catalog::changed(&reader, &mut mark).await.expect("probe"), "{change}");
    }
    let quiet = "INSERT INTO shop.users VALUES (1, 'a@b.c'); ANALYZE shop.users;
        CREATE TEMP TABLE own (a int PRIMARY KEY, b text)";
    client.batch_execute(quiet).await.expect("quiet");
    assert!(!catalog::changed(&reader, &mut mark).await.expect("probe"), "{quiet}");
}

#[tokio::test]
async fn a_session_shows_its_own_and_keeps_its_path() {
    let Some(cluster) = Cluster::shared() else { return };
    let client = prepared(cluster, "catalog_session", &format!("{TYPES}{SHOP}")).await;
    let shared = catalog::load(&client, 1).await.expect("catalog");
    let script = "SET search_path = shop, public; SET standard_conforming_strings = off;
        BEGIN READ WRITE; CREATE TEMP TABLE users (mine int);
        CREATE VIEW v AS SELECT id FROM orders; SET TRANSACTION READ ONLY";
    client.batch_execute(script).await.expect("script");
    let all = text(&client, &catalog::catalog_query(Scope::Everything)).await;
    let all = catalog::catalog_from_json(&all, 1).expect("catalog");
    let view = named(&all, "shop", "v").definition.clone().expect("definition");
    assert!(view.contains("shop.orders"), "{view}");
    assert_eq!(text(&client, "SHOW search_path").await, "shop, public");
    let own = text(&client, &catalog::catalog_query(Scope::OwnTemporary)).await;
    let own = catalog::catalog_from_json(&own, 1).expect("catalog");
    let own: Vec<Relation> = own.relations().cloned().collect();
    assert_eq!(own.len(), 1);
    assert!(own[0].temporary && own[0].name.schema.as_str().starts_with("pg_temp_"));
    let over = shared.with_relations(own.clone());
    assert_eq!(over.relations().count(), shared.relations().count() + 1);
    assert_eq!(over.by_name(&own[0].name).map(|r| r.id), Some(own[0].id));
    assert!(over.by_name(&QualifiedName::new("shop", "users")).is_some());
    client.batch_execute("COMMIT").await.expect("commit");
    assert_eq!(text(&client, "SHOW search_path").await, "shop, public");
    let other = session(cluster, "catalog_session", "postgres").await;
    let other = catalog::load(&other, 1).await.expect("catalog");
    assert!(other.relations().all(|r| !r.temporary));
}

#[tokio::test]
async fn built_in_operators_and_casts_run_open_functions() {
    let Some(cluster) = Cluster::shared() else { return };
    let client = session(cluster, "template1", "postgres").await;
    let catalog = catalog::load(&client, 1).await.expect("catalog");
    let run_unseen = "SELECT string_agg(DISTINCT p.proname, ' ') FROM pg_proc p WHERE p.oid IN (
        SELECT oprcode FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace
        UNION SELECT castfunc FROM pg_cast)";
    for name in text(&client, run_unseen).await.split(' ') {
        let class = function_class(catalog.major, name);
        assert!(class <= FunctionClass::Catalog, "{name} is {class:?}");
    }
    // Every name that a statement can call has been put on a list by somebody.
    let names = "SELECT string_agg(DISTINCT proname, ' ') FROM pg_proc p
        WHERE pronamespace = 'pg_catalog'::regnamespace AND oid < 16384
          AND NOT 'internal'::regtype = ANY (proargtypes::oid[]) AND prorettype::regtype::text
            !~ '^(trigger|event_trigger|language_handler|internal|.*_handler)$'";
    let lists = [
        include_str!("../src/catalog/functions/pure.txt"),
        include_str!("../src/catalog/functions/catalog.txt"),
        include_str!("../src/catalog/functions/sink.txt"),
        include_str!("../src/catalog/functions/closed.txt"),
    ];
    let listed: BTreeSet<&str> =
        lists.iter().flat_map(|l| l.lines()).filter_map(|l| l.split(' ').next()).collect();
    for name in text(&client, names).await.split(' ') {
        assert!(listed.contains(name), "{name} has not been reviewed");
    }
}

/// What is taken to be NULL for NULL is so on the server, whatever the types.
#[tokio::test]
async fn strict_functions_and_operators_are_strict() {
    let Some(cluster) = Cluster::shared() else { return };
    let client = session(cluster, "template1", "postgres").await;
    let lax = |what: &str, names: &str| {
        format!(
            "SELECT coalesce(string_agg(DISTINCT {what}, ' '), '') FROM pg_proc p
             LEFT JOIN pg_operator o ON o.oprcode = p.oid
             WHERE p.pronamespace = 'pg_catalog'::regnamespace
               AND NOT (p.proisstrict AND p.prokind = 'f')
               AND {what} = ANY (string_to_array('{names}', ' '))"
        )
    };
    let functions = STRICT_FUNCTIONS.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(text(&client, &lax("p.proname", &functions)).await, "");
    let operators = "+ - * / % ^ ~ ~* !~ !~* ~~ ~~* !~~ !~~* ^@ -> ->> #> #>> #- # << >> && \
                     @@ @> <@ |/ ||/ @ !!";
    assert_eq!(text(&client, &lax("o.oprname", operators)).await, "");
}

#[tokio::test]
async fn a_watch_answers_with_what_was_there_when_asked() {
    let Some(cluster) = Cluster::shared() else { return };
    let client = prepared(cluster, "catalog_watch", &format!("{TYPES}{SHOP}")).await;
    let port = cluster.port;
    let url = format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/catalog_watch");
    let watch = Arc::new(CatalogWatch::new(connect::address(&url).expect("address")));
    let first = watch.catalog().await.expect("catalog");
    let again = watch.catalog().await.expect("catalog");
    assert!(Arc::ptr_eq(&first, &again));
    client.batch_execute("ANALYZE; CREATE TABLE shop.brief (); DROP TABLE shop.brief").await.ok();
    let again = watch.catalog().await.expect("catalog");
    assert!(Arc::ptr_eq(&first, &again), "the names are what they were");
    for n in 0..20 {
        client.batch_execute(&format!("CREATE TABLE shop.t{n} ()")).await.expect("table");
        let all: Vec<_> = (0..8)
            .map(|_| {
                let watch = Arc::clone(&watch);
                tokio::spawn(async move { watch.catalog().await })
            })
            .collect();
        for answer in all {
            let catalog = answer.await.expect("task").expect("catalog");
            assert!(catalog.by_name(&QualifiedName::new("shop", &format!("t{n}"))).is_some());
        }
    }
    assert_eq!(watch.catalog().await.expect("catalog").epoch, 21, "one picture for each change");
    // The connection is cut behind our back, and somebody who does not answer is given up.
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = 'catalog_watch' AND pid <> pg_backend_pid()";
    text(&client, cut).await;
    client.batch_execute("CREATE TABLE shop.late ()").await.expect("table");
    let catalog = watch.catalog().await.expect("catalog");
    assert!(catalog.by_name(&QualifiedName::new("shop", "late")).is_some());
    let nobody =
        CatalogWatch::new(connect::address("postgres://a@127.0.0.1:1/x").expect("address"));
    assert!(matches!(*nobody.catalog().await.expect_err("nobody"), Fault::Connect(_)));
}

/// What the picture says of code that runs behind a statement.
#[tokio::test]
async fn code_of_users_is_found_with_what_it_does() {
    use pgpurpose::catalog::Source;
    let Some(cluster) = Cluster::shared() else { return };
    let script = "CREATE SCHEMA c;
        CREATE FUNCTION c.f(a int, OUT b int, c text DEFAULT 'x') LANGUAGE sql SET search_path = c
          AS 'SELECT a';
        CREATE FUNCTION c.g(int, int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT $1 + $2; END;
        CREATE FUNCTION c.h(t text) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
        CREATE AGGREGATE c.total (int) (SFUNC = c.g, STYPE = int, INITCOND = '0');
        CREATE OPERATOR c.+ (FUNCTION = c.g, LEFTARG = int, RIGHTARG = int);
        CREATE TYPE c.kind AS ENUM ('a');
        CREATE FUNCTION c.of_kind(c.kind) RETURNS int LANGUAGE sql RETURN 1;
        CREATE CAST (c.kind AS int) WITH FUNCTION c.of_kind(c.kind);";
    let client = prepared(cluster, "catalog_code", script).await;
    let catalog = catalog::load(&client, 1).await.expect("catalog");
    let source = |name: &str| {
        let [function] = catalog.functions_named(&Name::new(name)) else { panic!("{name}") };
        function.source.clone()
    };
    let Source::Sql(f) = source("f") else { panic!("f") };
    assert_eq!((f.text.as_str(), f.defaults.as_deref()), ("SELECT a", Some("'x'::text")));
    assert_eq!(f.arguments, [Name::new("a"), Name::new("c")]);
    assert_eq!(f.settings, ["search_path=c"]);
    let Source::Sql(g) = source("g") else { panic!("g") };
    assert!(g.text.starts_with("BEGIN ATOMIC") && g.arguments.is_empty(), "{g:?}");
    assert!(matches!(source("h"), Source::Procedural(h) if h.text.starts_with("BEGIN")));
    let qualified = |name: &str| QualifiedName::new("c", name);
    assert!(matches!(source("total"), Source::Aggregate(runs) if runs == [qualified("g")]));
    assert_eq!(catalog.operators_named("+")[0].function, qualified("g"));
    assert_eq!(catalog.user_casts()[0].function, qualified("of_kind"));
}

/// What writes set off without naming it, and that a change of it is noticed.
#[tokio::test]
async fn code_beside_tables_is_found() {
    use pgpurpose::catalog::WriteKind;
    let Some(cluster) = Cluster::shared() else { return };
    let script = "CREATE SCHEMA b;
        CREATE FUNCTION b.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE DOMAIN b.low AS int CHECK (VALUE < 10);
        CREATE DOMAIN b.lower AS b.low CHECK (VALUE < 5);
        CREATE TABLE b.t (id serial PRIMARY KEY, n b.lower[], m int CHECK (m > 0));
        CREATE INDEX ON b.t (abs(m)) WHERE m < 7;
        CREATE TABLE b.u (t int REFERENCES b.t ON DELETE CASCADE ON UPDATE SET NULL);
        CREATE TRIGGER f BEFORE INSERT OR UPDATE ON b.t FOR EACH ROW WHEN (NEW.m > 1)
          EXECUTE FUNCTION b.f();
        CREATE TRIGGER off AFTER DELETE ON b.t FOR EACH ROW EXECUTE FUNCTION b.f();
        ALTER TABLE b.t DISABLE TRIGGER off;
        CREATE RULE r AS ON DELETE TO b.u DO INSTEAD NOTHING;";
    let client = prepared(cluster, "catalog_beside", script).await;
    let catalog = catalog::load(&client, 1).await.expect("catalog");
    let code = |name| catalog.code_of(named(&catalog, "b", name).id).expect(name);
    let t = code("t");
    let [trigger] = t.triggers.as_slice() else { panic!("{t:?}") };
    assert_eq!(trigger.on, [WriteKind::Insert, WriteKind::Update]);
    assert!(trigger.makes_row && trigger.definition.as_deref().unwrap().contains("WHEN"));
    assert_eq!(t.defaults[&1], "nextval('b.t_id_seq'::regclass)");
    assert_eq!(t.checks.len(), 3, "{t:?}");
    assert_eq!(t.domains, [QualifiedName::new("b", "lower")]);
    assert_eq!(catalog.domain_checks()[&QualifiedName::new("b", "lower")].len(), 2);
    let does: Vec<_> = t.cascades.iter().map(|cascade| (cascade.on, cascade.does)).collect();
    let update = (WriteKind::Update, WriteKind::Update);
    assert_eq!(does, [(WriteKind::Delete, WriteKind::Delete), update]);
    assert!(matches!(&code("u").rules[..], [rule] if rule.on == WriteKind::Delete));
    let mut mark = Mark::default();
    catalog::changed(&client, &mut mark).await.expect("mark");
    for change in ["ENABLE TRIGGER off", "DISABLE TRIGGER f", "ALTER m SET DEFAULT 1"] {
        client.batch_execute(&format!("ALTER TABLE b.t {change}")).await.expect(change);
        assert!(catalog::changed(&client, &mut mark).await.expect("mark"), "{change}");
    }
}
