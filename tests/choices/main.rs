//! What people chose, of every kind a record can be, decides row by row and cell by cell: invented
//! people in, the people expected out, beside an evaluation written from the page on the language.

mod ages;
#[path = "../harness/mod.rs"]
mod harness;
mod naive;
mod people;

use harness::{Client, Cluster, Proxy};
use naive::{Question, Table};
use people::Person;

const SCHEMA: &str = include_str!("schema.sql");
const POLICY: &str = include_str!("policy.yaml");

const TABLES: [Table; 3] = [
    Table {
        name: "shop.person",
        service: "shop",
        columns: &[
            ("name", &["basic.name"]),
            ("phone", &["basic.phone"]),
            ("note", &["basic.phone", "property.item.what"]),
        ],
    },
    Table {
        name: "shop.item",
        service: "shop",
        columns: &[
            ("what", &["property.item.what"]),
            ("price", &["property.item.price"]),
            ("any_kind", &["property"]),
        ],
    },
    Table { name: "live.viewer", service: "live", columns: &[("nick", &["basic.name"])] },
];

/// Role, purpose, kind of consent.
const ASKED: [(&str, &str, &str); 12] = [
    ("town", "serve", "none"),
    ("town", "keep", "none"),
    ("town", "ads", "implied"),
    ("town", "promo.mail", "implied"),
    ("town", "study", "explicit"),
    ("town", "other.x", "explicit"),
    ("town", "other.y", "explicit"),
    ("live_app", "serve", "none"),
    ("live_app", "ads", "implied"),
    ("live_app", "promo.mail", "implied"),
    ("live_app", "study", "explicit"),
    ("acme", "give", "explicit"),
];

fn question((role, purpose, kind): (&str, &'static str, &'static str)) -> Question {
    Question {
        kind,
        purpose,
        role_service: match role {
            "town" => Some("shop"),
            "live_app" => Some("live"),
            _ => None,
        },
        recipient: (role == "acme").then_some("Acme Ltd"),
        overrides: purpose == "keep",
        crosses: !["serve", "keep", "promo.mail"].contains(&purpose),
    }
}

struct Town {
    cluster: &'static Cluster,
    proxy: Proxy,
    database: &'static str,
}

impl Town {
    fn start(database: &'static str, people: &str) -> Option<Town> {
        Town::under(database, people, POLICY)
    }

    fn under(database: &'static str, people: &str, policy: &str) -> Option<Town> {
        let cluster = Cluster::shared()?;
        cluster.create_database(database, "template0");
        cluster.execute(database, SCHEMA);
        for role in ["town", "live_app", "acme"] {
            cluster.create_role(role);
            let grants = "GRANT USAGE ON SCHEMA shop, live TO ROLE_; \
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA shop, live TO ROLE_; \
                 ALTER ROLE ROLE_ SET \"TimeZone\" = 'Pacific/Kiritimati'";
            cluster.execute(database, &grants.replace("ROLE_", role));
        }
        cluster.execute(database, people);
        cluster.execute(database, "ANALYZE");
        let proxy = Proxy::start(cluster, database, &[("policy.yaml", policy)]);
        Some(Town { cluster, proxy, database })
    }

    fn client(&self, role: &str, purpose: &str) -> Client {
        let login = self.proxy.login(role, self.database).for_purpose(purpose);
        Client::connect(&login).expect("login")
    }

    /// Rows past the proxy.
    fn truth(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let login = self.cluster.superuser(self.database);
        Client::connect(&login).expect("login").rows(sql)
    }
}

/// Row by row, which columns show a value. The person's number first.
fn seen(client: &mut Client, table: &Table, order: &str) -> Vec<(usize, Vec<bool>)> {
    let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let sql = format!("SELECT id, {} FROM {}{order}", columns.join(", "), table.name);
    let mut rows: Vec<(usize, Vec<bool>)> = client
        .rows(&sql)
        .into_iter()
        .map(|row| {
            let id = row[0].as_deref().unwrap().parse().unwrap();
            (id, row[1..].iter().map(Option::is_some).collect())
        })
        .collect();
    rows.sort();
    rows
}

fn expected(all: &[Person], asked: &Question, table: &Table) -> Vec<(usize, Vec<bool>)> {
    all.iter().filter_map(|p| Some((p.id, naive::row(p, asked, table)?))).collect()
}

#[test]
fn every_choice_means_what_the_page_says() {
    let seed = std::env::var("PGPURPOSE_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(7);
    let all = people::people(3000, seed);
    let Some(town) = Town::start("choices", &people::insert(&all)) else { return };
    let mut there = 0;
    for asked in ASKED {
        let mut client = town.client(asked.0, asked.1);
        for table in &TABLES {
            let (seen, expected) =
                (seen(&mut client, table, ""), expected(&all, &question(asked), table));
            let wrong = all.iter().find(|person| {
                let of = |rows: &[(usize, Vec<bool>)]| {
                    rows.iter().find(|(id, _)| *id == person.id).map(|(_, shown)| shown.clone())
                };
                of(&seen) != of(&expected)
            });
            if let Some(person) = wrong {
                let of = |rows: &[(usize, Vec<bool>)]| {
                    format!("{:?}", rows.iter().find(|(id, _)| *id == person.id))
                };
                panic!(
                    "seed {seed}: {asked:?} {}: saw {}, expected {}\n{person:?}",
                    table.name,
                    of(&seen),
                    of(&expected)
                );
            }
            there += seen.len();
        }
    }
    // Neither everybody nor nobody, or the comparison proves little.
    assert!(there > 20_000 && there < 90_000, "{there}");
}

/// Purpose, table, what is written, the column it must be seen in.
const WRITES: [(&str, &str, &str); 4] = [
    ("serve", "none", "UPDATE shop.person SET phone = 'changed'"),
    ("ads", "implied", "UPDATE shop.person SET phone = 'changed'"),
    ("study", "explicit", "UPDATE shop.person SET phone = 'changed'"),
    ("keep", "none", "UPDATE shop.person SET phone = 'changed'"),
];

#[test]
fn a_category_that_is_refused_is_not_written() {
    let all = people::people(600, 11);
    let Some(town) = Town::start("choices_written", &people::insert(&all)) else { return };
    for (purpose, kind, sql) in WRITES {
        town.cluster.execute(town.database, "UPDATE shop.person SET phone = 'P' || id");
        let tag = town.client("town", purpose).query(sql);
        assert!(tag.iter().all(|message| message.tag != b'E'), "{purpose}: {tag:?}");
        let changed = town.truth("SELECT id FROM shop.person WHERE phone = 'changed' ORDER BY id");
        let changed: Vec<usize> =
            changed.iter().map(|row| row[0].as_deref().unwrap().parse().unwrap()).collect();
        let asked = question(("town", purpose, kind));
        let may: Vec<usize> = expected(&all, &asked, &TABLES[0])
            .into_iter()
            .filter(|(_, shown)| shown[1])
            .map(|(id, _)| id)
            .collect();
        assert_eq!(changed, may, "{purpose}");
        let some = changed.len() < all.len() || purpose == "keep";
        assert!(some && !changed.is_empty(), "{purpose} proves nothing");
    }
}

/// Who may have an item written, by what they refuse of it.
fn may_have_item(all: &[Person], asked: (&'static str, &'static str, &'static str)) -> Vec<usize> {
    let asked = question(asked);
    all.iter()
        .filter(|person| {
            // The row itself is not there yet: only what it holds can be refused.
            let whole = Question { kind: "none", ..asked };
            let shown = naive::row(person, &whole, &TABLES[1]).unwrap();
            shown[0] && shown[1]
        })
        .map(|person| person.id)
        .collect()
}

impl Town {
    /// The people whose items were written since the last look, which are then taken away.
    fn written(&self) -> Vec<usize> {
        let rows = self.truth(
            "WITH gone AS (DELETE FROM shop.item WHERE id > 100000 RETURNING person_id) \
             SELECT person_id FROM gone ORDER BY 1",
        );
        rows.iter().map(|row| row[0].as_deref().unwrap_or("0").parse().unwrap()).collect()
    }
}

/// What some people refuse to have collected.
const REFUSED: [&str; 5] =
    ["property", "property.item.what", "basic", "property.item", "property.item.price"];

/// Forms of INSERT, for one person each.
const ONE_BY_ONE: &[&str] = &[
    "INSERT INTO shop.item (id, person_id, what, price) VALUES ({row}, {person}, 'it''s', '5')",
    "INSERT INTO shop.item (price, person_id, what, id, any_kind) VALUES (NULL, {person}, 'x', {row}, DEFAULT)",
    "INSERT INTO shop.item (any_kind, person_id, what, id, price) VALUES (DEFAULT, '{person}', 'x', {row}, 2 + (1))",
    "INSERT INTO shop.item VALUES ({row}, {person}, 'x', 5)",
    "INSERT INTO shop.item AS t VALUES ({row}, {person} - 1 + 1, upper('x'), 5) RETURNING t.id",
    "INSERT INTO shop.item (id, person_id, what, price) VALUES ({row}, (SELECT {person}), 'x', 5) \
     ON CONFLICT (id) DO NOTHING",
    "INSERT INTO shop.item (id, person_id, what, price) VALUES ({row}, {person}, 'x', 5) \
     ON CONFLICT (id) DO UPDATE SET price = excluded.price RETURNING id",
    "INSERT INTO shop.item (id, person_id, what, price) SELECT {row}, {person}, 'x', 5",
    "INSERT INTO shop.item (id, person_id, what, price) (SELECT {row}, {person}, 'x', 5)",
    "WITH done AS (INSERT INTO shop.item VALUES ({row}, {person}, 'x', 5) RETURNING id) SELECT id FROM done",
    "PREPARE one AS INSERT INTO shop.item VALUES ({row}, $1, $2, 5); EXECUTE one ({person}, 'x'); DEALLOCATE one",
];

#[test]
fn a_new_row_of_what_somebody_refuses_is_not_written() {
    let mut all = people::people(120, 5);
    for (person, category) in all.iter_mut().step_by(3).zip(REFUSED.iter().cycle()) {
        person.records.push(people::refusal(category));
    }
    let Some(town) = Town::start("choices_new", &people::insert(&all)) else { return };
    let mut client = town.client("town", "serve");
    let may = may_have_item(&all, ("town", "serve", "none"));
    assert!(may.len() > 30 && may.len() < 110, "{}", may.len());
    for form in ONE_BY_ONE {
        for person in &all {
            let row = (100_000 + person.id).to_string();
            let sql = form.replace("{row}", &row).replace("{person}", &person.id.to_string());
            let reply = client.query(&sql);
            assert!(reply.iter().all(|m| m.tag != b'E'), "{sql}: {reply:?}");
        }
        assert_eq!(town.written(), may, "{form}");
    }
    for sql in ["INSERT INTO shop.item (id, person_id, what, price) VALUES ($1, $2, $3, $4)"] {
        for person in &all {
            let (row, id) = ((100_000 + person.id).to_string(), person.id.to_string());
            let reply = client.query_with(sql, &[&row, &id, "x", "5"]);
            assert!(reply.iter().all(|m| m.tag != b'E'), "{sql}: {reply:?}");
        }
        assert_eq!(town.written(), may, "{sql}");
    }
    let rows = |one: &dyn Fn(usize) -> String| {
        all.iter().map(|person| one(person.id)).collect::<Vec<_>>().join(", ")
    };
    let first = "INSERT INTO shop.item (id, person_id, what, price, any_kind) VALUES ";
    for sql in [
        format!("{first}{}", rows(&|id| format!("({}, {id}, 'x', '5', DEFAULT)", 100_000 + id))),
        format!("{first}{}", rows(&|id| format!("({}, {id}, NULL, {id}, 'y')", 100_000 + id))),
        "INSERT INTO shop.item (id, person_id, what, price) \
         SELECT 100000 + id, id, 'x', 5 FROM shop.person WHERE id <= 120"
            .to_owned(),
        "INSERT INTO shop.item (id, person_id, what, price) \
         SELECT 100000 + g, g, 'x', 5 FROM generate_series(1, 120) g \
         UNION SELECT 100001, 1, 'x', 5 ON CONFLICT DO NOTHING"
            .to_owned(),
    ] {
        let reply = client.query(&sql);
        assert!(reply.iter().all(|m| m.tag != b'E'), "{sql}: {reply:?}");
        assert_eq!(town.written(), may, "{sql}");
    }
    // Nobody, or somebody whom the statement does not name, has refused nothing.
    for (sql, written) in [
        ("INSERT INTO shop.item (id, what) VALUES (100001, 'x')", vec![0]),
        ("INSERT INTO shop.item (id, person_id, what) VALUES (100001, NULL, 'x')", vec![0]),
        ("INSERT INTO shop.item (id, person_id, what) VALUES (100001, DEFAULT, 'x')", vec![0]),
        ("INSERT INTO shop.item (id, person_id, what) VALUES (100001, 777, 'x')", vec![777]),
        // What is not personal cannot be refused.
        ("INSERT INTO shop.item (id, person_id) VALUES (100001, 3)", vec![3]),
    ] {
        client.query(sql);
        assert_eq!(town.written(), written, "{sql}");
    }
    for sql in [
        "COPY shop.item (id, person_id, what) FROM STDIN",
        "MERGE INTO shop.item i USING (SELECT 100001 AS id) s ON i.id = s.id \
         WHEN NOT MATCHED THEN INSERT (id, person_id, what) VALUES (s.id, 3, 'x')",
    ] {
        let refused = client.error(sql);
        assert_eq!(refused.field(b'C').as_deref(), Some("0A000"), "{sql}");
    }
    let mut keep = town.client("town", "keep");
    keep.rows("INSERT INTO shop.item VALUES (100001, 1, 'x', 5)");
    assert_eq!(town.written(), [1], "what overrides a refusal writes");
}
