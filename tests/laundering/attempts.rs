//! The attempts.

/// What must come of it.
pub enum Held {
    /// It is refused, and the refusal has this part.
    Refused(&'static str),
    /// It is done, and this is governed from then on.
    Labelled(&'static str),
}

pub struct Attempt {
    pub name: &'static str,
    pub steps: &'static [&'static str],
    pub held: Held,
}

impl Attempt {
    pub fn tells(&self, leak: &str) -> String {
        format!("{}: {leak}", self.name)
    }

    pub fn is_temporary(&self) -> bool {
        matches!(self.held, Held::Labelled(copy) if copy.starts_with("pg_temp."))
    }
}

const fn made(name: &'static str, steps: &'static [&'static str], copy: &'static str) -> Attempt {
    Attempt { name, steps, held: Held::Labelled(copy) }
}

const fn refused(name: &'static str, steps: &'static [&'static str], why: &'static str) -> Attempt {
    Attempt { name, steps, held: Held::Refused(why) }
}

pub const ATTEMPTS: &[Attempt] = &[
    made("a table", &["CREATE TABLE a1 AS SELECT * FROM person"], "a1"),
    made("a table of one column", &["CREATE TABLE a2 AS SELECT name FROM person"], "a2"),
    made("a table of all", &["CREATE TABLE a3 AS TABLE person"], "a3"),
    made("renamed columns", &["CREATE TABLE a4 (id, b) AS SELECT id, email FROM person"], "a4"),
    made("SELECT INTO", &["SELECT id, name AS n INTO a5 FROM person"], "a5"),
    made("SELECT INTO TABLE", &["SELECT name INTO UNLOGGED TABLE public.a6 FROM person"], "a6"),
    made(
        "INTO in the first arm",
        &["SELECT name INTO a7 FROM person UNION ALL SELECT item FROM purchase"],
        "a7",
    ),
    made(
        "INTO behind WITH",
        &["WITH p AS (SELECT * FROM person) SELECT name INTO a8 FROM p"],
        "a8",
    ),
    made("computed", &["CREATE TABLE a9 AS SELECT upper(name) || '!' AS x, id FROM person"], "a9"),
    made("an array", &["CREATE TABLE a10 AS SELECT array_agg(name) AS x FROM person"], "a10"),
    made("JSON", &["CREATE TABLE a11 AS SELECT json_agg(p)::text AS x FROM person p"], "a11"),
    made(
        "a sub-select",
        &["CREATE TABLE a12 AS SELECT id, (SELECT name FROM person WHERE id = 3) AS x FROM note"],
        "a12",
    ),
    made(
        "a filter that tells",
        &["CREATE TABLE a13 AS SELECT id, 'sesame3'::text AS t FROM person WHERE name = 'sesame3'"],
        "a13",
    ),
    made("a temporary table", &["CREATE TEMP TABLE b1 AS SELECT * FROM person"], "pg_temp.b1"),
    made("INTO TEMP", &["SELECT name INTO TEMP b2 FROM person"], "pg_temp.b2"),
    made("by its schema", &["CREATE TABLE pg_temp.b3 AS SELECT email FROM person"], "pg_temp.b3"),
    made(
        "a namesake in front",
        &["CREATE TEMP TABLE c1 (x int)", "CREATE TABLE public.c1 AS SELECT name FROM person"],
        "public.c1",
    ),
    made("a copy of a copy", &["CREATE TABLE d1 AS SELECT id, name AS x FROM a1"], "d1"),
    made("a view on a copy", &["CREATE VIEW d2 AS SELECT x FROM d1"], "d2"),
    made(
        "filled from its source",
        &[
            "CREATE TABLE d3 AS SELECT id, name FROM person WITH NO DATA",
            "INSERT INTO d3 SELECT id, name FROM person",
        ],
        "d3",
    ),
    made(
        "a listed name",
        &["CREATE TABLE partner.people AS SELECT * FROM person"],
        "partner.people",
    ),
    made("a pattern", &["CREATE TABLE scratch.people AS SELECT * FROM person"], "scratch.people"),
    made(
        "a prepared text",
        &["PREPARE p AS SELECT name FROM person", "CREATE TABLE e0 AS SELECT id, name FROM person"],
        "e0",
    ),
    made("a view", &["CREATE VIEW v1 AS SELECT * FROM person"], "v1"),
    made("a view of few", &["CREATE VIEW v2 (a) AS SELECT email FROM person"], "v2"),
    made("a view that computes", &["CREATE VIEW v3 AS SELECT lower(name) AS x FROM person"], "v3"),
    made("a view on a view", &["CREATE VIEW v4 AS SELECT x FROM v3"], "v4"),
    made(
        "a view that is changed",
        &[
            "CREATE VIEW v5 AS SELECT 'x'::text AS x",
            "CREATE OR REPLACE VIEW v5 AS SELECT name AS x FROM person",
        ],
        "v5",
    ),
    made("a temporary view", &["CREATE TEMP VIEW v6 AS SELECT name FROM person"], "pg_temp.v6"),
    made(
        "a view for whoever asks",
        &["CREATE VIEW v7 WITH (security_invoker) AS SELECT name FROM person"],
        "v7",
    ),
    made(
        "a view that checks",
        &["CREATE VIEW v8 AS SELECT id, name FROM person WHERE id > 0 WITH CASCADED CHECK OPTION"],
        "v8",
    ),
    made(
        "a view of several",
        &["CREATE VIEW v9 AS SELECT name AS x FROM person UNION SELECT item FROM purchase"],
        "v9",
    ),
    made(
        "a materialized view",
        &["CREATE MATERIALIZED VIEW m1 AS SELECT id, name FROM person"],
        "m1",
    ),
    made(
        "one filled later",
        &[
            "CREATE MATERIALIZED VIEW m2 AS SELECT name FROM person WITH NO DATA",
            "REFRESH MATERIALIZED VIEW m2",
        ],
        "m2",
    ),
    made("a view on it", &["CREATE VIEW m3 AS SELECT * FROM m1"], "m3"),
    made("a copy of it", &["CREATE TABLE m4 AS SELECT * FROM m1"], "m4"),
    refused(
        "a view under a listed name",
        &["CREATE OR REPLACE VIEW report_v AS SELECT name AS text FROM person"],
        "listed in the rules",
    ),
    refused(
        "a view under a pattern",
        &["CREATE VIEW partner.v AS SELECT name FROM person"],
        "listed in the rules",
    ),
    refused(
        "a materialized view under a pattern",
        &["CREATE MATERIALIZED VIEW scratch.m AS SELECT name FROM person"],
        "listed in the rules",
    ),
    refused(
        "into a plain table",
        &["INSERT INTO note (text) SELECT name FROM person"],
        "copied to",
    ),
    refused(
        "under a pattern",
        &["INSERT INTO scratch.pad SELECT id, name FROM person"],
        "copied to",
    ),
    refused(
        "by an update",
        &["UPDATE note SET text = p.name FROM person p WHERE p.id = 3"],
        "copied to",
    ),
    refused(
        "by a sub-select",
        &["UPDATE note SET text = (SELECT name FROM person WHERE id = 3)"],
        "copied to",
    ),
    refused(
        "by several columns",
        &["UPDATE scratch.pad SET (id, text) = (SELECT id, name FROM person WHERE id = 3)"],
        "copied to",
    ),
    refused(
        "on conflict",
        &[
            "INSERT INTO note VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET text = (SELECT max(name) FROM person)",
        ],
        "copied to",
    ),
    refused(
        "by what was to be inserted",
        &[
            "INSERT INTO note SELECT id, name FROM person ON CONFLICT (id) DO UPDATE SET text = excluded.text",
        ],
        "copied to",
    ),
    refused(
        "by RETURNING",
        &[
            "WITH d AS (UPDATE person SET balance = balance RETURNING name) INSERT INTO note (text) SELECT name FROM d",
        ],
        "copied to",
    ),
    refused(
        "another category",
        &["UPDATE purchase SET item = p.name FROM person p WHERE p.id = person_id"],
        "copied to",
    ),
    refused(
        "by a merge",
        &["MERGE INTO note n USING person p ON n.id = p.id \
           WHEN MATCHED THEN UPDATE SET text = p.name"],
        "copied to",
    ),
    refused(
        "by what a merge inserts",
        &["MERGE INTO scratch.pad s USING person p ON s.id = p.id \
           WHEN NOT MATCHED THEN INSERT (id, text) VALUES (p.id, p.email)"],
        "copied to",
    ),
    refused(
        "to another person",
        &["INSERT INTO purchase SELECT 90, 1, item, price FROM purchase"],
        "count as another person's",
    ),
    refused(
        "to a person that is worked out",
        &["INSERT INTO purchase SELECT 91, person_id - 2, item, price FROM purchase"],
        "count as another person's",
    ),
    refused(
        "to another row",
        &["UPDATE person SET name = p.name FROM person p WHERE p.id = 3 OR p.id = 2"],
        "count as another person's",
    ),
    refused("within a row", &["UPDATE person SET name = email"], "copied to"),
    refused("a child", &["CREATE TABLE f1 () INHERITS (person)"], "not done through the proxy"),
    refused("like it", &["CREATE TABLE f2 (LIKE person)"], "not done through the proxy"),
    refused("a rename", &["ALTER TABLE person RENAME TO f3"], "not done through the proxy"),
    refused(
        "a column's rename",
        &["ALTER TABLE person RENAME name TO id2"],
        "not done through the",
    ),
    refused("another schema", &["ALTER TABLE a1 SET SCHEMA scratch"], "not done through the proxy"),
    refused(
        "a conversion",
        &["ALTER TABLE a1 ALTER id TYPE text USING name"],
        "not done through the proxy",
    ),
    refused(
        "a view of statistics",
        &["CREATE VIEW s1 AS SELECT tablename, histogram_bounds::text AS h FROM pg_stats"],
        "permission denied",
    ),
    refused("a view of choices", &["CREATE VIEW s2 AS SELECT * FROM choice"], "may not be read"),
    refused("the labels", &["DELETE FROM pgpurpose.derived"], "permission denied"),
    refused("the table of labels", &["DROP TABLE pgpurpose.derived"], "not done through the proxy"),
    refused(
        "the schema of labels",
        &["DROP SCHEMA pgpurpose CASCADE"],
        "not done through the proxy",
    ),
    refused(
        "a label of one's own",
        &["CALL pgpurpose.label('a1', 0, '[]')"],
        "not done through the proxy",
    ),
    refused("a table by EXECUTE", &["CREATE TABLE g1 AS EXECUTE p"], "cannot be checked"),
    refused("explained", &["EXPLAIN ANALYZE CREATE TABLE g2 AS SELECT 1"], "cannot be checked"),
    refused(
        "INTO in a cursor",
        &["DECLARE c CURSOR FOR SELECT name INTO g3 FROM person"],
        "checked",
    ),
];
