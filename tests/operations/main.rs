//! What whoever runs the proxy relies on: signals, readiness, metrics, and an audit trail that
//! survives.

#[path = "../harness/mod.rs"]
mod harness;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use harness::{Client, Cluster, Login, Proxy};

const PLANT: &str = "
CREATE TABLE person (id integer PRIMARY KEY, name text);
INSERT INTO person SELECT n, 'Name' || n FROM generate_series(1, 1000) AS n;
GRANT ALL ON person TO operator;
";

const ALLOWED: &str = "
pgpurpose: 1
policy: { name: Operations, version: 1 }
categories:
  basic: { name: fixed }
tables:
  public.person: { plain: [id], name: basic.name }
purposes:
  look: { consent: none, data: { basic: allow } }
  list: { consent: none, data: { basic: mask } }
roles:
  operator: { may: [look, list], default: look }
  postgres: { may: [look], default: look }
";

const USER: &str = "operator";
const PATIENCE: Duration = Duration::from_secs(20);

/// A proxy before a database of its own, and a login through it.
fn start(name: &str) -> Option<(&'static Cluster, Proxy, Login)> {
    let cluster = Cluster::shared()?;
    cluster.create_role(USER);
    cluster.create_database(name, "template0");
    cluster.execute(name, PLANT);
    let proxy = Proxy::start(cluster, name, &[("all.yaml", ALLOWED)]);
    let login = proxy.login(USER, name);
    Some((cluster, proxy, login))
}

fn connect(login: &Login) -> Client {
    Client::connect(login).expect("a login through the proxy")
}

/// Asks until the answer is yes.
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The value of one series.
fn metric(proxy: &Proxy, series: &str) -> f64 {
    let text = proxy.admin("/metrics");
    let line = text.lines().find(|line| line.starts_with(&format!("{series} ")));
    let line = line.unwrap_or_else(|| panic!("no series {series}"));
    line.rsplit(' ').next().expect("a value").parse().expect("a number")
}

#[test]
fn reloading_puts_rules_in_force_and_mistakes_do_not() {
    let Some((_, proxy, login)) = start("op_reload") else { return };
    let mut client = connect(&login);
    let mut name = move || client.value("SELECT name FROM person WHERE id = 1");
    assert_eq!(name().as_deref(), Some("Name1"));
    proxy.write_rules("all.yaml", &ALLOWED.replace("basic: allow", "basic: mask"));
    proxy.signal("HUP");
    eventually("the new rules are in force", || name().as_deref() == Some("***"));
    proxy.write_rules("all.yaml", &ALLOWED.replace("basic: allow", "basci: allow"));
    proxy.signal("HUP");
    let failed = r#"pgpurpose_rules_reload_total{result="error"}"#;
    eventually("the mistake is counted", || metric(&proxy, failed) == 1.0);
    assert_eq!(name().as_deref(), Some("***"));
    assert!(proxy.output().contains("rules/all.yaml:9:"), "{}", proxy.output());
    assert_eq!(proxy.admin("/readyz"), "ready\n");
}

#[test]
fn a_draining_proxy_lets_transactions_end() {
    let Some((_, proxy, login)) = start("op_drain") else { return };
    let (mut busy, mut idle) = (connect(&login), connect(&login));
    busy.rows("BEGIN");
    idle.rows("SELECT 1");
    proxy.signal("TERM");
    let farewell = idle.receive_through(b'E');
    assert_eq!(farewell.last().and_then(|error| error.field(b'C')).as_deref(), Some("57P01"));
    assert_eq!(proxy.admin("/readyz"), "not ready: serving\n");
    assert_eq!(busy.value("SELECT name FROM person WHERE id = 2").as_deref(), Some("Name2"));
    assert!(Client::connect(&login).is_err(), "a new client was taken while draining");
    busy.rows("COMMIT");
    let farewell = busy.receive_through(b'E');
    assert_eq!(farewell.last().and_then(|error| error.field(b'C')).as_deref(), Some("57P01"));
    eventually("the proxy has ended", || proxy.has_ended());
}

#[test]
fn another_database_of_the_server_is_not_served() {
    let Some((cluster, proxy, _)) = start("op_database") else { return };
    cluster.create_database("op_other", "template0");
    let refused = Client::connect(&proxy.login(USER, "op_other")).err().expect("a refusal");
    assert!(refused.to_string().contains("database \"op_other\" is not served here"), "{refused}");
}

#[test]
fn a_killed_proxy_leaves_the_record_of_every_row_it_sent() {
    let Some((_, proxy, login)) = start("op_killed") else { return };
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let login = login.clone();
            std::thread::spawn(move || {
                let mut client = connect(&login);
                let mut answered = 0;
                loop {
                    client.send(&harness::Outgoing::new().query("SELECT name FROM person"));
                    while match client.receive() {
                        Ok(message) => message.tag != b'Z',
                        Err(_) => return answered,
                    } {}
                    answered += 1;
                }
            })
        })
        .collect();
    std::thread::sleep(Duration::from_millis(700));
    proxy.signal("KILL");
    let answered: usize = clients.into_iter().map(|client| client.join().expect("a count")).sum();
    let decisions = proxy.audit_lines().iter().filter(|line| line["event"] == "decision").count();
    assert!(answered > 10, "only {answered} statements were answered");
    assert!(decisions >= answered, "{answered} answered, {decisions} on record");
}

#[test]
fn a_statement_leaves_two_lines_and_no_value() {
    let Some((_, proxy, login)) = start("op_lines") else { return };
    let mut client = connect(&login);
    client.rows("SELECT name FROM person WHERE name = 'Name7'");
    client.rows("SELECT 1");
    client.error("SELECT nothing FROM person");
    client.rows("SET pgpurpose.purpose = 'list'");
    client.rows("SELECT name FROM person WHERE id < 4");
    let mut by_id: BTreeMap<String, Vec<serde_json::Value>> = BTreeMap::new();
    eventually("all lines are there", || {
        by_id.clear();
        for line in proxy.audit_lines() {
            by_id.entry(line["id"].as_str().expect("an id").to_owned()).or_default().push(line);
        }
        by_id.len() == 3 && by_id.values().last().is_some_and(|lines| lines.len() == 2)
    });
    let statements: Vec<_> = by_id.values().collect();
    let first = |at: usize, key: &str| statements[at][0][key].clone();
    assert_eq!(first(0, "event"), "decision");
    assert_eq!(first(0, "normalized"), "SELECT name FROM person WHERE name = ?");
    assert_eq!(statements[0][1]["rows"], 1);
    assert_eq!(first(1, "decision"), "block");
    assert_eq!(first(2, "purpose"), "list");
    assert_eq!(first(2, "columns")["public.person.name"], "mask.fixed");
    assert_eq!(statements[2][1]["rows"], 3);
    let text = format!("{:?}", proxy.audit_lines()) + &proxy.output();
    assert!(!text.contains("Name7"), "a value is on record");
}

#[test]
fn what_happens_is_counted() {
    let Some((_, proxy, login)) = start("op_metrics") else { return };
    let mut client = connect(&login);
    eventually("only this client is connected", || {
        metric(&proxy, "pgpurpose_client_connections") == 1.0
    });
    client.rows("SELECT name FROM person WHERE id = 1");
    client.rows("SET pgpurpose.purpose = 'list'");
    client.rows("SELECT name FROM person WHERE id = 1");
    client.rows("SELECT name FROM person WHERE id = 1");
    client.error("SELECT nothing FROM person");
    client.error("SET pgpurpose.purpose = 'no such purpose'");
    let is = |series: &str, value: f64| {
        assert_eq!(metric(&proxy, series), value, "{series}\n{}", proxy.admin("/metrics"));
    };
    is(r#"pgpurpose_statements_total{decision="mask",purpose="list"}"#, 2.0);
    is(r#"pgpurpose_block_reasons_total{reason="unknown_name",purpose="list"}"#, 1.0);
    is(r#"pgpurpose_category_access_total{category="basic",treatment="mask",purpose="list"}"#, 2.0);
    is(
        r#"pgpurpose_category_access_total{category="basic",treatment="allow",purpose="look"}"#,
        1.0,
    );
    is(r#"pgpurpose_audit_events_total{sink="file",result="error"}"#, 0.0);
    is("pgpurpose_unclassified_columns", 0.0);
    assert!(!proxy.admin("/metrics").contains("no such purpose"));
}
