//! What judging costs beside parsing alone, which no proxy that reads SQL is spared.
//!
//! `cargo run --release -- --bench` measures each cell with criterion; `-- --ratios` prints a table
//! of ratios instead, both sides measured in turns, so that a busy machine slows both alike.
//!
//! *cold*: a text never seen. *shape*: one seen before with other literals. *governed*: tables of
//! people under a purpose that sees those who have not left; *plain*: the same tables, nobody has
//! classified one.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::Criterion;
use pgpurpose::judge::plan::{Plan, Shape};
use pgpurpose::judge::{Verdict, judge, plan};
use pgpurpose::model::access::Access;
use pgpurpose::model::names::Name;
use pgpurpose::model::privacy::Purpose;
use pgpurpose::policy::{Ruleset, SourceFile};
use pgpurpose::snapshot::Snapshot;
use pgpurpose::sql::schema::parse_schema;
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

const STATEMENTS: [(&str, &str); 4] = [
    ("point select", "SELECT amount FROM shop.orders WHERE id = 42"),
    ("ORM query", include_str!("../queries/orm.sql")),
    ("report", include_str!("../queries/report.sql")),
    ("INSERT of 100 rows", include_str!("../queries/insert.sql")),
];

/// Somebody who asks.
struct Side {
    name: &'static str,
    world: Snapshot,
    access: Access,
}

fn sides() -> Vec<Side> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    let read = |path: PathBuf| SourceFile {
        text: std::fs::read_to_string(&path).expect("a rule file"),
        path: path.display().to_string(),
    };
    let plain = "pgpurpose: 1\n\
        policy: { name: Plain, version: 1 }\n\
        defaults: { unlisted: { table: allow, function: allow } }\n\
        purposes: { provide: { consent: none, data: {} } }\n\
        roles: { shop_app: { may: [provide] } }\n";
    let plain = vec![SourceFile { path: "plain.yaml".into(), text: plain.into() }];
    let side = |name, rules: Vec<SourceFile>| {
        let schema = std::fs::read_to_string(root.join("schema.sql")).expect("the schema");
        let ruleset = Arc::new(Ruleset::load(&rules).expect("rules"));
        let catalog = Arc::new(parse_schema(&schema).expect("tables"));
        let world = Snapshot::build(ruleset, catalog).0;
        let access = Access::new(Name::new("shop_app"), Purpose::new("provide"));
        Side { name, world, access }
    };
    vec![side("governed", paths.into_iter().map(read).collect()), side("plain", plain)]
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("tests") {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
}

fn parse(sql: &str) {
    let parsed = Parser::parse_sql(&PostgreSqlDialect {}, black_box(sql));
    assert!(black_box(parsed).is_ok());
}

impl Side {
    fn cold(&self, sql: &str) {
        let judgement = judge(&self.world, &self.access, black_box(sql));
        assert!(matches!(black_box(judgement).verdict, Verdict::Forward(_)), "refused: {sql}");
    }

    fn plans(&self, sql: &str) -> HashMap<String, Plan> {
        let (_, plan) = plan::judge(&self.world, &self.access, sql);
        let shape = Shape::of(sql).expect("a shape");
        [(shape.key().to_owned(), plan.expect("a plan"))].into()
    }
}

fn from_shape(plans: &HashMap<String, Plan>, sql: &str) {
    let shape = Shape::of(black_box(sql)).expect("a shape");
    let plan = plans.get(shape.key()).expect("a plan");
    black_box(plan.fill(&shape));
}

/// Microseconds a call.
fn per_call(call: &dyn Fn()) -> f64 {
    let (start, mut calls) = (Instant::now(), 0u32);
    while start.elapsed() < Duration::from_millis(40) {
        call();
        calls += 1;
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

fn ratios() {
    println!("| statement | bytes | | judged / parsed by the grammar alone |");
    println!("|---|--:|---|---|");
    for (name, sql) in STATEMENTS {
        for side in &sides() {
            let plans = side.plans(sql);
            let cells: [(&str, &dyn Fn()); 2] =
                [("cold", &|| side.cold(sql)), ("shape", &|| from_shape(&plans, sql))];
            for (cell, call) in cells {
                let mut turns: Vec<f64> =
                    (0..15).map(|_| 1.0 / per_call(&|| parse(sql)) * per_call(call)).collect();
                turns.sort_by(f64::total_cmp);
                let (low, median, high) = (turns[0], turns[7], turns[14]);
                let what = format!("{}, {cell}", side.name);
                let bytes = sql.len();
                println!("| {name} | {bytes} | {what} | {median:.2} [{low:.2}–{high:.2}] |");
            }
        }
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "--ratios") {
        return ratios();
    }
    let mut criterion = Criterion::default().configure_from_args();
    for (name, sql) in STATEMENTS {
        let mut group = criterion.benchmark_group(name);
        group.bench_function("parsed alone", |bencher| bencher.iter(|| parse(sql)));
        for side in &sides() {
            let plans = side.plans(sql);
            let cell = |what: &str| format!("{}, {what}", side.name);
            group.bench_function(cell("cold"), |bencher| bencher.iter(|| side.cold(sql)));
            group.bench_function(cell("shape"), |bencher| bencher.iter(|| from_shape(&plans, sql)));
        }
        group.finish();
    }
    criterion.final_summary();
}
