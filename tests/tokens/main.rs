//! Purpose tokens before a real server: how they are presented, what they open and what not, when
//! they end, and that nobody but the proxy ever sees one.

#[path = "../harness/mod.rs"]
mod harness;

mod clients;
mod evidence;
mod narrowing;
mod secrecy;

use std::time::{SystemTime, UNIX_EPOCH};

use harness::client::rows_of;
use harness::{Client, Cluster, Login, Message, Outgoing, Proxy};
use pgpurpose::token::{KeyPair, handle_of, sign};
use serde_json::{Value, json};

const PLANT: &str = "
CREATE TABLE person (id integer PRIMARY KEY, name text, email text);
INSERT INTO person SELECT n, 'Name' || n, 'n' || n || '@example.com' FROM generate_series(1, 9) n;
CREATE TABLE purchase (id integer PRIMARY KEY, person_id integer REFERENCES person, item text);
INSERT INTO purchase SELECT n, 1 + n % 9, 'Item' || n FROM generate_series(1, 30) n;
CREATE TABLE choice (person_id integer, purpose text, yes boolean, recipient text);
INSERT INTO choice VALUES (1, 'share.agreed', true, 'Acme Ltd'), (2, 'share.agreed', true, 'Bravo Ltd'),
    (3, 'share.agreed', true, NULL), (4, 'share.agreed', false, NULL);
CREATE TABLE party (case_id integer, person_id integer, role text);
INSERT INTO party VALUES (7, 2, 'buyer'), (7, 3, 'seller'), (7, 4, 'witness'), (8, 5, 'buyer');
CREATE TABLE theirs (id integer, note text);
GRANT ALL ON person, purchase, choice, party, theirs TO PUBLIC;
";

const RULES: &str = "
pgpurpose: 1
policy: { name: Tokens, version: 1 }
categories:
  basic: { name: fixed, email: email }
  bought: fixed
subjects:
  table: public.person
  id: id
  choices: { table: public.choice, subject: person_id, purpose: purpose, choice: yes, recipient: recipient }
tables:
  public.person: { subject: id, plain: [id], name: basic.name, email: basic.email }
  public.purchase: { subject: person_id, plain: [id, person_id], item: bought }
  public.choice: internal
  public.party: internal
  public.theirs: not_covered
purposes:
  look: { consent: none, data: { basic: mask, bought: mask }, write: [basic] }
  tend: { consent: none, token: required, data: { basic: allow, bought: allow }, write: [basic, bought] }
  share:
    outside: true
    token: required
    parts:
      law: { consent: none, data: { basic: allow, bought: allow } }
      fraud: { consent: none, data: { basic: allow, bought: allow } }
      agreed: { consent: explicit, data: { basic: allow } }
      order:
        consent: none
        needs: { order.id: { from: token, like: 'A-####' }, order.until: future, clerk: said }
        data: { basic: allow, bought: allow }
      dispute:
        consent: none
        needs: { case: token, approver: second_person }
        only_people: { table: public.party, subject: person_id, holds: { case_id: case }, where: role <> 'witness' }
        data: { basic: allow, bought: allow }
        write: [basic, bought]
roles:
  tok_app: { may: [look, tend], default: look }
  tok_desk: { outside: { recipient: token }, may: [share.*], token: required }
  tok_acme: { outside: Acme Ltd, may: [share.law, share.agreed] }
  postgres: { may: [look] }
";

const CONFIG: &str = "tokens:\n  keys: keys.jwks\n  leeway: 0s\n";

/// A proxy that takes tokens of one key, before a database of its own.
struct World {
    cluster: &'static Cluster,
    proxy: Proxy,
    database: String,
    key: KeyPair,
}

impl World {
    fn start(database: &str) -> Option<World> {
        let cluster = Cluster::shared()?;
        for role in ["tok_app", "tok_desk", "tok_acme"] {
            cluster.create_role(role);
        }
        cluster.create_database(database, "template0");
        cluster.execute(database, PLANT);
        let key = KeyPair::from_seed(&rand::random()).unwrap();
        let files = [("keys.jwks", key.public_jwks.as_str())];
        let proxy = Proxy::start_with(cluster, database, &[("all.yaml", RULES)], (CONFIG, &files));
        Some(World { cluster, proxy, database: database.to_owned(), key })
    }

    fn login(&self, role: &str) -> Login {
        self.proxy.login(role, &self.database)
    }

    fn connect(&self, role: &str) -> Client {
        Client::connect(&self.login(role)).expect("a login through the proxy")
    }

    /// A token of `good` claims with others put over them; null takes one away.
    fn token(&self, over: Value) -> String {
        sign(&self.key.private_pem, None, &claims(over)).unwrap()
    }
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn claims(over: Value) -> Value {
    let mut claims = json!({
        "aud": "pgpurpose", "exp": now_s() + 600, "jti": format!("t-{:x}", rand::random::<u64>()),
        "role": "tok_app", "purposes": ["tend"],
    });
    let all = claims.as_object_mut().unwrap();
    for (name, value) in over.as_object().unwrap() {
        match value {
            Value::Null => drop(all.remove(name)),
            value => drop(all.insert(name.clone(), value.clone())),
        }
    }
    claims
}

/// SQLSTATE and detail of the first error; empty if there is none.
fn refused(reply: &[Message]) -> String {
    let error = reply.iter().find(|m| m.tag == b'E');
    error.map(|error| error.error_text()).unwrap_or_default()
}

fn set(client: &mut Client, name: &str, value: &str) {
    let reply = client.query(&format!("SET pgpurpose.{name} = '{value}'"));
    assert_eq!(refused(&reply), "", "SET pgpurpose.{name}");
}

const NAME: &str = "SELECT name FROM person WHERE id = 1";

/// What the client sees of a name, or why it does not.
fn name(client: &mut Client) -> String {
    match rows_of(&client.query(NAME)) {
        Ok(rows) => rows.first().and_then(|row| row[0].clone()).unwrap_or_else(|| "-".to_owned()),
        Err(error) => error,
    }
}

#[test]
fn a_token_opens_what_its_role_may_claim_and_ends_with_its_scope() {
    let Some(world) = World::start("tok_scope") else { return };
    let mut client = world.connect("tok_app");
    assert_eq!(name(&mut client), "***");
    set(&mut client, "purpose", "tend");
    assert!(name(&mut client).starts_with("42501"), "{}", name(&mut client));
    let token = world.token(json!({}));
    // Every way to present one.
    for text in [
        format!("SET pgpurpose.token = '{token}'"),
        format!("SET SESSION \"pgpurpose\".TOKEN TO E'{token}'"),
        format!("SELECT set_config('pgpurpose.token', '{token}', false)"),
        format!("SELECT pg_catalog.set_config('PGPURPOSE.token', $${token}$$::text, 'off')"),
    ] {
        assert_eq!(refused(&client.query(&text)), "", "{}", text.replace(&token, "T"));
        assert_eq!(name(&mut client), "Name1");
        assert_eq!(client.value("SHOW pgpurpose.token").unwrap(), handle_of(&token));
        client.rows("RESET pgpurpose.token");
        assert!(name(&mut client).starts_with("42501"));
    }
    let prepared = format!("SET pgpurpose.token = '{token}'");
    assert_eq!(refused(&client.query_with(&prepared, &[])), "");
    assert_eq!(name(&mut client), "Name1");
    assert_eq!(client.value("SHOW pgpurpose.token").unwrap(), handle_of(&token));
    client.rows("RESET pgpurpose.token");
    // In one text with what it is for, and for it alone.
    let both = format!("BEGIN; SET LOCAL pgpurpose.token = '{token}'; {NAME}; COMMIT; {NAME}");
    assert!(refused(&client.query(&both)).starts_with("0A000"));
    let both = format!("SET LOCAL pgpurpose.token = '{token}'; {NAME}");
    assert_eq!(client.rows(&both), [[Some("Name1".to_owned())]]);
    assert!(name(&mut client).starts_with("42501"));
    // A transaction gives back what it changed.
    client.rows(&format!("BEGIN; SET LOCAL pgpurpose.token = '{token}'; SAVEPOINT a"));
    assert_eq!(name(&mut client), "Name1");
    client.rows("SET LOCAL pgpurpose.token = ''");
    assert!(name(&mut client).starts_with("42501"));
    client.rows("ROLLBACK TO a");
    assert_eq!(name(&mut client), "Name1");
    client.rows("COMMIT");
    assert!(name(&mut client).starts_with("42501"));
    client.rows(&format!("BEGIN; SET pgpurpose.token = '{token}'"));
    client.rows("ROLLBACK");
    assert!(name(&mut client).starts_with("42501"));
    // What the server holds in its place opens nothing.
    let handle = handle_of(&token);
    let reply = client.query(&format!("SET pgpurpose.token = '{handle}'"));
    assert!(refused(&reply).starts_with("28000"), "{}", refused(&reply));
}

#[test]
fn a_token_comes_as_a_parameter_too() {
    let Some(world) = World::start("tok_bound") else { return };
    let mut client = world.connect("tok_app");
    set(&mut client, "purpose", "tend");
    let token = world.token(json!({}));
    let sql =
        "SELECT set_config('pgpurpose.token', $1, true), set_config('pgpurpose.note', $1, true)";
    for formats in [[0, 0], [1, 1]] {
        // In one stretch with what it is for.
        let messages = Outgoing::new()
            .parse("", "BEGIN")
            .bind("", &[])
            .execute("", 0)
            .parse("s", sql)
            .bind_with("", "s", &[Some(token.as_bytes())], formats)
            .execute("", 0)
            .parse("n", NAME)
            .bind("n", &[])
            .execute("", 0)
            .message(b'C', b"Ss\0")
            .message(b'C', b"Sn\0")
            .sync();
        client.send(&messages);
        let reply = client.receive_through(b'Z');
        let rows = rows_of(&reply).unwrap();
        let handle = Some(handle_of(&token));
        assert_eq!(rows, [vec![handle.clone(), handle], vec![Some("Name1".to_owned())]]);
        client.rows("ROLLBACK");
        assert!(name(&mut client).starts_with("42501"));
    }
    let reply = client.query_with("SELECT set_config('pgpurpose.token', $1, false)", &["x.y.z"]);
    assert!(refused(&reply).starts_with("28000"), "{}", refused(&reply));
}

#[test]
fn a_connection_may_begin_with_a_token() {
    let Some(world) = World::start("tok_startup") else { return };
    let token = world.token(json!({}));
    let options = format!("-c pgpurpose.purpose=tend -cpgpurpose.token={token}");
    let mut client = Client::connect(&world.login("tok_app").with("options", &options)).unwrap();
    assert_eq!(name(&mut client), "Name1");
    assert_eq!(client.value("SHOW pgpurpose.token").unwrap(), handle_of(&token));
    client.rows("SET pgpurpose.token = ''");
    assert!(name(&mut client).starts_with("42501"));
    client.rows("RESET ALL");
    assert_eq!(name(&mut client), "Name1");
    let direct = world.login("tok_app").with("pgpurpose.token", &token);
    let mut client = Client::connect(&direct.with("pgpurpose.purpose", "tend")).unwrap();
    assert_eq!(name(&mut client), "Name1");
    for (wrong, why) in [
        ("x.y.z".to_owned(), "not a signed token"),
        (world.token(json!({"exp": now_s() - 1})), "expired"),
        (world.token(json!({"nbf": now_s() + 600})), "not come yet"),
        (world.token(json!({"aud": "elsewhere"})), "another audience"),
    ] {
        let login = world.login("tok_app").with("options", &format!("-c pgpurpose.token={wrong}"));
        let error = Client::connect(&login).err().expect("no session").to_string();
        assert!(error.starts_with("28000") && error.contains(why), "{error}");
    }
}

#[test]
fn a_token_that_does_not_hold_changes_nothing() {
    let Some(world) = World::start("tok_wrong") else { return };
    let mut client = world.connect("tok_app");
    set(&mut client, "purpose", "tend");
    set(&mut client, "token", &world.token(json!({})));
    let good = world.token(json!({}));
    let (front, signature) = good.rsplit_once('.').unwrap();
    let stranger = KeyPair::from_seed(&rand::random()).unwrap();
    for (wrong, why) in [
        ("x.y.z".to_owned(), "not a signed token"),
        (format!("{front}."), "signature"),
        (format!("{front}.{}", signature.to_ascii_uppercase()), "signature"),
        (sign(&stranger.private_pem, None, &claims(json!({}))).unwrap(), "None of the keys"),
        (
            sign(&stranger.private_pem, Some(&world.key.id), &claims(json!({}))).unwrap(),
            "signature",
        ),
        (world.token(json!({"exp": now_s()})), "expired"),
        (world.token(json!({"nbf": now_s() + 60})), "not come yet"),
        (world.token(json!({"exp": null})), "never expires"),
        (world.token(json!({"aud": "x"})), "another audience"),
        (world.token(json!({"role": null})), "no role"),
        ("x".repeat(20_000), "too long"),
        (format!("\u{feff}{good}"), "not a signed token"),
        (format!("{good} "), "signature"),
    ] {
        let reply = client.query(&format!("SET pgpurpose.token = '{wrong}'"));
        let told = refused(&reply);
        assert!(told.starts_with("28000") && told.contains(why), "{why}: {told}");
        assert_eq!(name(&mut client), "Name1", "{why}");
    }
    // Not one text: it cannot be put out of the server's sight.
    for text in ["SET pgpurpose.token = a, b", "SET pgpurpose.token = abc"] {
        assert!(refused(&client.query(text)).starts_with("42601"), "{text}");
    }
    let role = format!("ALTER ROLE tok_app SET pgpurpose.token = '{good}'");
    assert!(refused(&client.query(&role)).starts_with("0A000"));
    assert_eq!(name(&mut client), "Name1");
}

#[test]
fn a_token_ends_in_the_middle_of_a_session() {
    let Some(world) = World::start("tok_expiry") else { return };
    let mut client = world.connect("tok_app");
    set(&mut client, "purpose", "tend");
    set(&mut client, "token", &world.token(json!({"exp": now_s() + 3})));
    client.rows("PREPARE p AS SELECT name FROM person WHERE id = 1");
    client.rows("BEGIN");
    client.rows("DECLARE c CURSOR FOR SELECT name FROM person ORDER BY id");
    let portal = Outgoing::new()
        .parse("s", "SELECT name FROM person ORDER BY id")
        .bind_with("o", "s", &[], [0, 0])
        .execute("o", 2)
        .message(b'H', &[]);
    client.send(&portal);
    client.receive_through(b's');
    client.send(&Outgoing::new().sync());
    client.receive_through(b'Z');
    assert_eq!(client.rows("FETCH 1 FROM c").len(), 1);
    assert_eq!(client.rows("EXECUTE p").len(), 1);
    std::thread::sleep(std::time::Duration::from_secs(4));
    client.rows("SAVEPOINT a");
    for text in ["FETCH 1 FROM c", "EXECUTE p", NAME, "UPDATE person SET name = 'x' WHERE id = 1"] {
        let told = refused(&client.query(text));
        assert!(told.contains("has expired"), "{text}: {told}");
        client.rows("ROLLBACK TO a");
    }
    for messages in [Outgoing::new().execute("o", 2), Outgoing::new().bind("s", &[]).execute("", 0)]
    {
        client.send(&messages.sync());
        let told = refused(&client.receive_through(b'Z'));
        assert!(told.contains("has expired"), "{told}");
        client.rows("ROLLBACK TO a");
    }
    // What is not personal goes on, and so does everything under another token.
    assert_eq!(client.value("SELECT 1").as_deref(), Some("1"));
    client.rows("ROLLBACK");
    set(&mut client, "token", &world.token(json!({})));
    assert_eq!(name(&mut client), "Name1");
    assert_eq!(client.rows("EXECUTE p").len(), 1);
}

#[test]
fn a_key_that_is_taken_away_takes_its_tokens_along() {
    let Some(world) = World::start("tok_rotate") else { return };
    let mut client = world.connect("tok_app");
    set(&mut client, "purpose", "tend");
    set(&mut client, "token", &world.token(json!({})));
    let next = KeyPair::from_seed(&rand::random()).unwrap();
    let key = |text: &str| serde_json::from_str::<Value>(text).unwrap()["keys"][0].clone();
    let both = json!({"keys": [key(&world.key.public_jwks), key(&next.public_jwks)]});
    let renewed = sign(&next.private_pem, None, &claims(json!({}))).unwrap();
    let present = format!("SET pgpurpose.token = '{renewed}'");
    assert!(refused(&client.query(&present)).contains("None of the keys"));
    world.proxy.write_file("keys.jwks", &both.to_string());
    world.proxy.signal("HUP");
    let mut other = world.connect("tok_app");
    set(&mut other, "purpose", "tend");
    eventually(|| refused(&other.query(&present)).is_empty());
    assert_eq!((name(&mut client).as_str(), name(&mut other).as_str()), ("Name1", "Name1"));
    // A file that holds no keys changes nothing.
    world.proxy.write_file("keys.jwks", "{}");
    world.proxy.signal("HUP");
    eventually(|| world.proxy.output().contains("not a JWK set"));
    assert_eq!(name(&mut client), "Name1");
    world.proxy.write_file("keys.jwks", &next.public_jwks);
    world.proxy.signal("HUP");
    eventually(|| name(&mut client).contains("Its key has been taken"));
    assert_eq!(name(&mut other), "Name1");
}

fn eventually(mut holds: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "never");
        std::thread::sleep(std::time::Duration::from_millis(30));
    }
}
