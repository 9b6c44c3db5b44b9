//! What judging costs beside parsing alone: a point select, an ORM query, a wide report.
//!
//! `cargo bench --bench judge`. Prints ratios measured side by side in one run.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use pgpurpose::judge::judge;
use pgpurpose::model::access::{Access, DeclaredBy, SearchPath};
use pgpurpose::model::names::Name;
use pgpurpose::model::privacy::Purpose;
use pgpurpose::policy::{Ruleset, SourceFile};
use pgpurpose::snapshot::Snapshot;
use pgpurpose::sql::schema::parse_schema;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

const POINT: &str = "SELECT amount FROM shop.orders WHERE id = 42";
const ORM: &str = r#"SELECT "users"."id" AS t0_r0, "users"."name" AS t0_r1, "users"."email" AS
 t0_r2, "users"."phone" AS t0_r3, "users"."status" AS t0_r4, "users"."created_at" AS t0_r5,
 "orders"."id" AS t1_r0, "orders"."user_id" AS t1_r1, "orders"."item" AS t1_r2, "orders"."amount"
 AS t1_r3, "orders"."placed_at" AS t1_r4 FROM "shop"."users" LEFT OUTER JOIN "shop"."orders" ON
 "orders"."user_id" = "users"."id" WHERE "users"."status" = 'active' AND ("users"."email" =
 'a@example.org' OR "users"."name" LIKE 'Wang%') AND "orders"."placed_at" >= '2026-01-01' ORDER BY
 "users"."created_at" DESC, "orders"."id" ASC LIMIT 20 OFFSET 40"#;
const REPORT: &str = "WITH monthly AS (SELECT o.user_id, date_trunc('month', o.placed_at) AS m,
 sum(o.amount) AS total, count(*) AS n FROM shop.orders o WHERE o.placed_at >= '2025-01-01' GROUP
 BY o.user_id, date_trunc('month', o.placed_at)), ranked AS (SELECT m.*, rank() OVER (PARTITION BY
 m.m ORDER BY m.total DESC) AS r, lag(m.total) OVER (PARTITION BY m.user_id ORDER BY m.m) AS before
 FROM monthly m) SELECT u.id, u.name, u.gender, r.m, r.total, r.n, r.r, CASE WHEN r.before IS NULL
 THEN 'new' WHEN r.total > r.before THEN 'up' ELSE 'down' END AS trend FROM ranked r JOIN
 shop.users u ON u.id = r.user_id LEFT JOIN shop.wallets w USING (user_id) WHERE r.r <= 10 AND
 EXISTS (SELECT 1 FROM shop.orders x WHERE x.user_id = u.id AND x.amount > 100) UNION ALL SELECT
 u.id, u.name, u.gender, NULL, NULL, 0, 0, 'none' FROM shop.users u WHERE u.id NOT IN (SELECT
 user_id FROM shop.orders) ORDER BY 4, 7";

fn main() {
    let world = world();
    let access = Access {
        role: Name::new("shop_app"),
        address: None,
        purpose: Purpose::new("provide"),
        declared: DeclaredBy::Session,
        search_path: SearchPath(vec![Name::new("pg_catalog"), Name::new("public")]),
        variables: Arc::default(),
        client_encoding: Arc::from("UTF8"),
        token: Default::default(),
        types_declared: false,
    };
    println!("| statement | bytes | judged / parsed by the grammar alone |\n|---|---|---|");
    for (name, sql) in [("point select", POINT), ("ORM query", ORM), ("report", REPORT)] {
        let mut ratios: Vec<f64> = (0..9)
            .map(|_| {
                let parsed = per_call(|| {
                    black_box(Parser::parse_sql(&PostgreSqlDialect {}, black_box(sql)).is_ok());
                });
                let judged = per_call(|| {
                    black_box(judge(&world, &access, black_box(sql)));
                });
                judged / parsed
            })
            .collect();
        ratios.sort_by(f64::total_cmp);
        println!(
            "| {name} | {} | {:.1} [{:.1}–{:.1}] |",
            sql.len(),
            ratios[4],
            ratios[0],
            ratios[8]
        );
    }
}

fn per_call(call: impl Fn()) -> f64 {
    let (start, mut calls) = (Instant::now(), 0u32);
    while start.elapsed() < Duration::from_millis(60) {
        call();
        calls += 1;
    }
    start.elapsed().as_secs_f64() / f64::from(calls)
}

fn world() -> Snapshot {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut files = Vec::new();
    for dir in [root.clone(), root.join("services")] {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "yaml") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push(SourceFile { path: path.display().to_string(), text });
            }
        }
    }
    let ruleset = Arc::new(Ruleset::load(&files).unwrap());
    let schema = std::fs::read_to_string(root.join("schema.sql")).unwrap();
    let catalog = Arc::new(parse_schema(&schema).unwrap());
    Snapshot::build(ruleset, catalog).0
}
