//! Applications call the store through the proxy as far as their role may, and get at nothing else
//! of it.

use super::harness::{Client, Cluster, Proxy};
use super::{consent, database, lines, login};

const RULES: &str = "
pgpurpose: 1
policy: { name: Settings page, version: 1 }
defaults: { unlisted: { function: allow } }
categories: { basic: { name: fixed } }
subjects:
  table: public.person
  id: id
  choices: { table: pgpurpose.choices, subject: subject, purpose: purpose, choice: choice }
tables:
  public.person: { subject: id, plain: [id], name: basic.name }
purposes:
  ads: { consent: implied, data: { basic: allow } }
roles:
  keeper: { may: [ads], default: ads, consent: write }
  reader: { may: [ads], default: ads, consent: read }
  nobody: { may: [ads], default: ads }
  postgres: { may: [ads] }
";

fn shop(name: &str) -> Option<(&'static Cluster, Proxy)> {
    let cluster = database(name)?;
    cluster.execute(
        name,
        "CREATE TABLE person (id bigint PRIMARY KEY, name text);
         INSERT INTO person VALUES (1, 'Ada'), (2, 'Ben');
         GRANT SELECT ON person TO PUBLIC",
    );
    // Even where the server would let everybody in.
    let everybody = ["--writers", "PUBLIC", "--readers", "PUBLIC"];
    let output = consent(cluster, name, "install", &everybody);
    assert!(output.status.success(), "{output:?}");
    Some((cluster, Proxy::start(cluster, name, &[("policy.yaml", RULES)])))
}

#[test]
fn a_page_of_settings_records_and_shows() {
    let Some((_, proxy)) = shop("page") else { return };
    let mut page = Client::connect(&proxy.login("keeper", "page")).expect("login");
    let mut other = Client::connect(&proxy.login("nobody", "page")).expect("login");
    assert_eq!(lines(&mut other, "SELECT name FROM person ORDER BY id"), ["Ada", "Ben"]);
    page.rows("SELECT pgpurpose.refuse(1, 'ads', evidence => 'settings page 7')");
    assert_eq!(lines(&mut other, "SELECT name FROM person ORDER BY id"), ["Ben"], "at once");
    let shown = page.query_with("SELECT s.purpose, s.choice FROM pgpurpose.show($1) AS s", &["1"]);
    let shown = super::harness::client::rows_of(&shown).expect("no error");
    assert_eq!(shown, [[Some("ads".to_owned()), Some("f".to_owned())]]);
    page.query_with("SELECT pgpurpose.grant($1::bigint, $2::text)", &["1", "ads"]);
    assert_eq!(lines(&mut other, "SELECT name FROM person ORDER BY id"), ["Ada", "Ben"]);
    let history = "SELECT kind, recorded_by FROM pgpurpose.history(1)";
    assert_eq!(lines(&mut page, history), ["refused keeper", "given keeper"]);
    let records: Vec<_> = proxy
        .audit_lines()
        .into_iter()
        .filter_map(|line| line["normalized"].as_str().map(str::to_owned))
        .filter(|text| text.contains("pgpurpose."))
        .collect();
    let expected = "SELECT pgpurpose.refuse(?, ?, evidence => ?)";
    assert!(records.iter().any(|text| text == expected), "{records:?}");
    assert!(records.iter().any(|text| text.contains("pgpurpose.history(?)")), "{records:?}");
}

#[test]
fn nothing_else_of_the_store_is_reached() {
    let Some((cluster, proxy)) = shop("reach") else { return };
    let reads = [
        "SELECT * FROM pgpurpose.show(1)",
        "SELECT pgpurpose.show(1)",
        "SELECT * FROM pgpurpose.history(1)",
        "SELECT * FROM pgpurpose.status(1)",
        "SELECT * FROM history(1)",
    ];
    let writes = [
        "SELECT pgpurpose.grant(1, 'ads')",
        "SELECT pgpurpose.lock(1)",
        "SELECT id FROM person WHERE pgpurpose.withdraw(id, 'ads') > 0",
    ];
    let never = [
        "SELECT * FROM pgpurpose.choices",
        "SELECT count(*) FROM pgpurpose.people",
        "SELECT * FROM pgpurpose.event",
        "TABLE pgpurpose.choice",
        "COPY pgpurpose.choices TO STDOUT",
        "INSERT INTO pgpurpose.event (subject, kind) VALUES (1, 'given')",
        "UPDATE pgpurpose.choice SET choice = true",
        "DELETE FROM pgpurpose.event",
        "TRUNCATE pgpurpose.event",
        "DROP TABLE pgpurpose.event CASCADE",
        "ALTER TABLE pgpurpose.event DISABLE TRIGGER ALL",
        "DROP TRIGGER append_only ON pgpurpose.event",
        "SELECT pgpurpose.erased(1)",
        "SELECT pgpurpose.chosen('given', 1, ARRAY['ads'], NULL, NULL, NULL)",
        "SELECT pgpurpose.changed_since(pg_current_snapshot(), '1 h', '{}', '{}')",
        "CALL pgpurpose.tidy_changes('0 s')",
        "SELECT pgpurpose.narrowed('')",
    ];
    let superuser = "postgres";
    for (role, allowed) in [
        ("keeper", [&reads[..], &writes[..]].concat()),
        ("reader", reads.to_vec()),
        ("nobody", Vec::new()),
        (superuser, Vec::new()),
    ] {
        let mut client = Client::connect(&proxy.login(role, "reach")).expect("login");
        client.rows("SET search_path = public, pgpurpose");
        for sql in [&reads[..], &writes[..], &never[..]].concat() {
            let reply = client.query(&format!("BEGIN; {sql}"));
            let error = reply.iter().find(|m| m.tag == b'E').and_then(|m| m.field(b'C'));
            client.query("ROLLBACK");
            let expected = allowed.contains(&sql);
            assert_eq!(error.is_none(), expected, "{role}: {sql}: {error:?}");
        }
    }
    let events = "SELECT count(*) FROM pgpurpose.event";
    assert_eq!(lines(&mut login(cluster, superuser, "reach"), events), ["0"]);
    let mut nobody = Client::connect(&proxy.login("nobody", "reach")).expect("login");
    let hint = nobody.error("SELECT pgpurpose.grant(1, 'ads')").field(b'H').unwrap_or_default();
    assert!(hint.contains("consent: write"), "{hint}");
}
