//! A script of CREATE statements → `Catalog`, for use without a server.
//!
//! | file | owns |
//! |---|---|
//! | `script` | what has been made so far; which statement does what |
//! | `table` | CREATE TABLE and its columns; ALTER TABLE |
//! | `keys` | primary, unique and foreign keys |
//! | `function` | functions, operators, extensions |
//! | `view` | CREATE VIEW: its columns, as far as the text alone tells their types |
//! | `types` | a type as written → as the live catalog names it |
//! | `cursor` | small steps over the tokens of one statement |
//!
//! Reads what people write by hand and what `pg_dump --schema-only` prints. The relations of the
//! system schemas are not in it. Whatever could change the picture and is not understood is an
//! error with its line, never left out.

mod cursor;
mod function;
mod keys;
mod script;
mod table;
mod types;
mod view;

pub use function::written_function;
pub use script::parse_schema;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Catalog, Relation, RelationKind};
    use crate::model::names::{Name, QualifiedName};

    fn relation<'a>(catalog: &'a Catalog, schema: &str, name: &str) -> &'a Relation {
        catalog.by_name(&QualifiedName::new(schema, name)).expect(name)
    }

    fn types(script: &str) -> Vec<String> {
        let catalog = parse_schema(script).expect("script");
        let relation = catalog.relations().last().expect("a relation");
        relation.columns.iter().map(|c| c.type_sql.clone()).collect()
    }

    #[test]
    fn types_are_spelt_as_the_live_catalog_spells_them() {
        let written = "CREATE DOMAIN mail AS varchar(50); CREATE TYPE \"Kind\" AS ENUM ('a');
            CREATE TABLE t (a int, b character varying(20)[], c \"char\", d char, e numeric(5),
              f timestamp (3) with time zone, g interval day to second(3), h bit varying(3),
              i mail, j \"Kind\"[], k bigserial, l double precision, m pg_catalog.bpchar,
              n text COLLATE \"C\" NOT NULL DEFAULT 'a, b'::text, o float(3), p time)";
        let spelt = [
            "pg_catalog.int4",
            "pg_catalog.varchar(20)[]",
            "pg_catalog.\"char\"",
            "pg_catalog.bpchar(1)",
            "pg_catalog.numeric(5,0)",
            "pg_catalog.timestamptz(3)",
            "pg_catalog.interval(7176,3)",
            "pg_catalog.varbit(3)",
            "pg_catalog.varchar(50)",
            "\"public\".\"Kind\"[]",
            "pg_catalog.int8",
            "pg_catalog.float8",
            "pg_catalog.bpchar",
            "pg_catalog.text",
            "pg_catalog.float4",
            "pg_catalog.time",
        ];
        assert_eq!(types(written), spelt);
        // What is spliced is judged again, so the grammar must read it.
        let casts: Vec<String> = spelt.iter().map(|t| format!("NULL::{t}")).collect();
        let text = format!("SELECT {}", casts.join(", "));
        let dialect = sqlparser::dialect::PostgreSqlDialect {};
        let read = sqlparser::parser::Parser::parse_sql(&dialect, &text);
        assert!(read.is_ok(), "{read:?}");
    }

    #[test]
    fn keys_and_parents_are_read() {
        let catalog = parse_schema(
            "CREATE SCHEMA shop;
             CREATE TABLE shop.users (id bigint PRIMARY KEY, email text UNIQUE NOT NULL);
             CREATE TABLE shop.orders (id int, user_id bigint NOT NULL, CONSTRAINT u
               FOREIGN KEY (user_id) REFERENCES shop.users ON DELETE CASCADE);
             ALTER TABLE ONLY shop.orders ADD CONSTRAINT p PRIMARY KEY (user_id, id);
             CREATE UNIQUE INDEX ON shop.orders USING btree (id) WHERE id > 0;
             CREATE TABLE shop.events (at date) PARTITION BY RANGE (at);
             CREATE TABLE shop.e1 PARTITION OF shop.events DEFAULT;",
        )
        .expect("script");
        let users = relation(&catalog, "shop", "users");
        assert_eq!(
            (users.primary_key.as_slice(), users.unique.as_slice()),
            (&[1][..], &[vec![2]][..])
        );
        let orders = relation(&catalog, "shop", "orders");
        assert_eq!(orders.primary_key, [2, 1]);
        assert!(orders.unique.is_empty() && orders.columns.iter().all(|c| c.not_null));
        assert_eq!(orders.foreign_keys[0].referenced, [1]);
        let events = relation(&catalog, "shop", "events");
        assert_eq!(events.kind, RelationKind::PartitionedTable);
        assert_eq!(relation(&catalog, "shop", "e1").parents, [events.id]);
    }

    #[test]
    fn view_columns_come_from_plain_columns_and_casts() {
        let catalog = parse_schema(
            "CREATE TABLE t (id int, name varchar(9)); CREATE TABLE u (t_id int, at date);
             CREATE VIEW v AS SELECT x.*, u.at AS day, lower(name)::text AS low, count(*)
               FROM t x LEFT JOIN u ON (u.t_id = x.id) GROUP BY 1, 2, 3;",
        )
        .expect("script");
        let view = relation(&catalog, "public", "v");
        let columns: Vec<_> =
            view.columns.iter().map(|c| format!("{} {}", c.name, c.type_sql)).collect();
        assert_eq!(
            columns,
            [
                "id pg_catalog.int4",
                "name pg_catalog.varchar(9)",
                "day pg_catalog.date",
                "low pg_catalog.text",
                "count pg_catalog.int8"
            ]
        );
        assert!(view.definition.as_ref().is_some_and(|d| d.starts_with("SELECT x.*")));
        assert_eq!(catalog.types_named(&Name::new("v")).len(), 0);
    }

    #[test]
    fn what_cannot_be_followed_is_an_error_with_its_line() {
        let cases = [
            ("CREATE TABLE a (x int);\nALTER TABLE a RENAME x TO y;", "line 2: this change"),
            ("CREATE TABLE a (x int);\n\nDROP TABLE a;", "line 3: this statement"),
            ("CREATE TABLE a (\n x nonesuch)", "line 2: type \"nonesuch\" is not known"),
            ("CREATE TABLE a (x int,\n x text)", "line 2: column \"x\" is given twice"),
            ("CREATE TABLE nowhere.a (x int)", "line 1: schema \"nowhere\" does not exist"),
            ("CREATE TABLE a AS SELECT 1", "line 1: the columns of this table"),
            ("CREATE TABLE a (x int);\nCREATE VIEW v AS SELECT x + 1 FROM a", "line 2: the type"),
            ("CREATE TABLE a (x int REFERENCES b)", "line 1: relation \"b\" does not exist"),
            ("CREATE TABLE a (x text DEFAULT 'oops)", "line 1: "),
        ];
        for (script, expected) in cases {
            let error = parse_schema(script).expect_err(script);
            assert!(error.starts_with(expected), "{script}: {error}");
        }
    }
}
