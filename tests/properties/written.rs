//! Invents queries over the tables of the shop, most of them open to advertising in part.

use proptest::prelude::*;
use proptest::sample::select;

const TABLES: &[(&str, &[&str])] = &[
    ("shop.users", &["id", "gender", "birth_date", "address", "status", "created_at"]),
    ("users", &["id", "gender", "birth_date", "address"]),
    ("ONLY shop.users", &["id", "gender"]),
    ("shop.orders", &["id", "user_id", "item", "placed_at"]),
    ("orders", &["user_id", "item"]),
    ("shop.products", &["id", "name", "price"]),
    ("shop.wallets", &["user_id"]),
    ("shop.identity_docs", &["user_id", "kind"]),
    ("shop.accounts", &["user_id"]),
];

/// A query as an author might write it.
pub fn statement() -> BoxedStrategy<String> {
    let query = query(3);
    prop_oneof![
        8 => query.clone(),
        1 => query.clone().prop_map(|q| format!("{q} ORDER BY 1 LIMIT 5")),
        1 => query.clone().prop_map(|q| format!("PREPARE p AS {q}")),
        1 => query.clone().prop_map(|q| format!("DECLARE c CURSOR FOR {q}")),
        1 => query.clone().prop_map(|q| format!("COPY ({q}) TO STDOUT")),
        1 => (query.clone(), query.clone()).prop_map(|(a, b)| format!("{a}; {b}")),
        1 => (query.clone(), query).prop_map(|(a, b)| format!("WITH w AS ({a}) SELECT * FROM w, ({b}) x")),
    ]
    .boxed()
}

fn query(depth: u32) -> BoxedStrategy<String> {
    let simple = source(depth).prop_flat_map(move |(from, columns)| {
        let (a, b) = (value(columns.clone(), depth), value(columns.clone(), depth));
        let tail = tail(columns, depth);
        (a, b, tail, any::<bool>()).prop_map(move |(a, b, tail, distinct)| {
            let distinct = if distinct { "DISTINCT " } else { "" };
            format!("SELECT {distinct}{a} AS a, {b} AS b FROM {from}{tail}")
        })
    });
    if depth == 0 {
        return simple.boxed();
    }
    let below = query(depth - 1);
    let set = select(vec!["UNION", "UNION ALL", "INTERSECT", "EXCEPT"]);
    prop_oneof![
        6 => simple,
        1 => (below.clone(), set, below.clone()).prop_map(|(a, op, b)| format!("({a}) {op} ({b})")),
        1 => below.clone().prop_map(|q| format!("WITH w AS ({q}) SELECT a, b FROM w WHERE a = b")),
        1 => below.clone().prop_map(|q| format!("WITH RECURSIVE r (a, b) AS ({q} UNION ALL SELECT r.a, r.b FROM r WHERE false) SELECT a, b FROM r")),
        1 => (below.clone(), below).prop_map(|(a, b)| format!("VALUES ((SELECT count(*) FROM ({a}) q), EXISTS ({b}))")),
    ]
    .boxed()
}

/// What stands in FROM, and the columns it gives.
fn source(depth: u32) -> BoxedStrategy<(String, Vec<String>)> {
    let table = (select(TABLES), select(vec!["x", "z", "\"T\""]), any::<bool>());
    let table = table.prop_map(|((table, columns), alias, with_as)| {
        let with_as = if with_as { "AS " } else { "" };
        let columns = columns.iter().map(|c| format!("{alias}.{c}")).collect();
        (format!("{table} {with_as}{alias}"), columns)
    });
    let bare = select(TABLES).prop_map(|(table, columns)| {
        (table.to_owned(), columns.iter().map(|c| (*c).to_owned()).collect())
    });
    if depth == 0 {
        return prop_oneof![table, bare].boxed();
    }
    let join = select(vec!["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]);
    let joined = (select(TABLES), join, select(TABLES), any::<bool>()).prop_map(
        |((one, first), join, (other, second), nested)| {
            let on = format!("l.{} = r.{}", first[0], second[0]);
            let text = format!("{one} l {join} {other} r ON {on}");
            let text = if nested { format!("({text})") } else { text };
            let left = first.iter().map(|c| format!("l.{c}"));
            let right = second.iter().map(|c| format!("r.{c}"));
            (text, left.chain(right).collect())
        },
    );
    let derived = query(depth - 1).prop_map(|query| {
        (format!("({query}) AS d (a, b)"), vec!["d.a".to_owned(), "b".to_owned()])
    });
    let lateral = (select(TABLES), query(depth - 1)).prop_map(|((table, columns), query)| {
        let mut all: Vec<String> = columns.iter().map(|c| format!("o.{c}")).collect();
        all.push("d.a".to_owned());
        (format!("{table} AS o, LATERAL ({query}) AS d (a, b)"), all)
    });
    prop_oneof![3 => table, 2 => bare, 2 => joined, 1 => derived, 1 => lateral].boxed()
}

fn value(columns: Vec<String>, depth: u32) -> BoxedStrategy<String> {
    let column = select(columns);
    let simple = prop_oneof![
        4 => column.clone(),
        1 => column.clone().prop_map(|c| format!("CAST({c} AS text)")),
        1 => column.clone().prop_map(|c| format!("coalesce({c}::text, 'none')")),
        1 => column.clone().prop_map(|c| format!("CASE WHEN {c} IS NULL THEN 1 ELSE 2 END")),
        1 => column.clone().prop_map(|c| format!("({c}, 'it''s -- no comment')")),
        1 => column.clone().prop_map(|c| format!("count(*) FILTER (WHERE {c} IS NULL) OVER (ORDER BY {c})")),
        1 => Just("$1::text".to_owned()),
    ];
    if depth == 0 {
        return simple.boxed();
    }
    let below = query(depth - 1);
    prop_oneof![
        6 => simple,
        1 => (below.clone(), column).prop_map(|(q, c)| format!("EXISTS (SELECT 1 FROM ({q}) e WHERE e.a::text = {c}::text)")),
        1 => below.prop_map(|q| format!("ARRAY(SELECT a::text FROM ({q}) f)")),
    ]
    .boxed()
}

fn tail(columns: Vec<String>, depth: u32) -> BoxedStrategy<String> {
    let (one, other) = (value(columns.clone(), depth.min(1)), select(columns));
    prop_oneof![
        3 => Just(String::new()),
        2 => (one.clone(), other.clone()).prop_map(|(a, c)| format!(" WHERE {c} IS NOT NULL OR {a} IS NULL")),
        2 => other.clone().prop_map(|c| format!(" WHERE {c} = $2 AND {c}::text LIKE '%'")),
        1 => other.prop_map(|c| format!(" ORDER BY {c} DESC NULLS LAST FETCH FIRST 3 ROWS ONLY")),
    ]
    .boxed()
}
