//! Errors and notices of statements that write what the purpose may not see: whatever code of the
//! database says, no value of it arrives.

use crate::harness::{Client, Cluster, Message, Outgoing, Proxy};

const PLANT: &str = "
CREATE TABLE person (
    id integer PRIMARY KEY, name text UNIQUE CHECK (name <> 'bad'), email text, age integer,
    CHECK (age > 0)
);
INSERT INTO person VALUES (1, 'one', 'SECRET1', 11), (2, 'two', 'SECRET2', 22);
CREATE FUNCTION talk() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE secret text := coalesce(OLD.email, NEW.email, 'SECRET0');
BEGIN
    CASE NEW.name
    WHEN 'raise' THEN RAISE EXCEPTION '% raised', secret USING HINT = secret, DETAIL = secret;
    WHEN 'state' THEN RAISE EXCEPTION '% raised', secret USING ERRCODE = '40001';
    WHEN 'fake' THEN RAISE EXCEPTION '% raised', secret
        USING ERRCODE = '23505', CONSTRAINT = secret, TABLE = secret, COLUMN = secret, SCHEMA = secret;
    WHEN 'notice' THEN RAISE NOTICE '% told', secret;
    WHEN 'warning' THEN RAISE WARNING '% told', secret USING ERRCODE = '57P01', HINT = secret;
    WHEN 'cast' THEN PERFORM secret::integer;
    WHEN 'date' THEN PERFORM secret::date;
    WHEN 'json' THEN PERFORM secret::json;
    WHEN 'array' THEN PERFORM secret::integer[];
    WHEN 'class' THEN PERFORM secret::regclass;
    WHEN 'range' THEN PERFORM (length(secret) || repeat('9', 20) || '')::integer;
    WHEN 'dynamic' THEN EXECUTE 'SELECT ' || quote_literal(secret) || ' nonsense here';
    WHEN 'assert' THEN ASSERT false, secret;
    WHEN 'key' THEN INSERT INTO person VALUES (1, secret);
    ELSE NULL;
    END CASE;
    RETURN NEW;
END $$;
CREATE TRIGGER talk BEFORE INSERT OR UPDATE ON person FOR EACH ROW EXECUTE FUNCTION talk();
CREATE FUNCTION talk_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.name = 'late' THEN RAISE EXCEPTION '% is late', OLD.email; END IF;
    IF NEW.name = 'late notice' THEN RAISE NOTICE '% is late', OLD.email; END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER talk_late AFTER UPDATE ON person DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION talk_late();
GRANT ALL ON person TO clerk;
";

const POLICY: &str = "
pgpurpose: 1
policy: { name: Messages, version: 1 }
categories:
  basic: { name: fixed, email: fixed }
tables:
  public.person: { plain: [id, age], name: basic.name, email: basic.email }
purposes:
  edit: { consent: none, data: { basic.name: allow, basic.email: mask }, write: [basic] }
roles:
  clerk: { may: [edit], default: edit }
  postgres: { may: [edit], default: edit }
";

/// What is written, and the SQLSTATE it ends with.
const WRITES: &[(&str, &str)] = &[
    ("raise", "P0001"),
    ("state", "40001"),
    ("fake", "23505"),
    ("notice", ""),
    ("warning", ""),
    ("cast", "22P02"),
    ("date", "22007"),
    ("json", "22P02"),
    ("array", "22P02"),
    ("class", "42P01"),
    ("range", "22003"),
    ("dynamic", "42601"),
    ("assert", "P0004"),
    ("key", "23505"),
    ("bad", "23514"),
    ("two", "23505"),
    ("late", "P0001"),
    ("late notice", ""),
];

fn texts(name: &str) -> Vec<Outgoing> {
    let update = format!("UPDATE person SET name = '{name}' WHERE id = 1");
    let by_parameter = "UPDATE person SET name = $1 WHERE id = 1";
    let new = || Outgoing::new();
    vec![
        new().query(&update).query("ROLLBACK"),
        new().query(&format!("BEGIN; {update}; COMMIT")).query("ROLLBACK"),
        new().query("BEGIN").query(&update).query("COMMIT").query("ROLLBACK"),
        new()
            .query("BEGIN")
            .query(&update)
            .query("SET CONSTRAINTS ALL IMMEDIATE")
            .query("ROLLBACK"),
        new().extended(by_parameter, &[Some(name.as_bytes())]).query("ROLLBACK"),
        new()
            .query("BEGIN")
            .extended(by_parameter, &[Some(name.as_bytes())])
            .extended("COMMIT", &[]),
    ]
}

/// Everything that is said up to the ReadyForQuery of the last of the messages.
fn hold(client: &mut Client, batch: &Outgoing) -> Vec<Message> {
    let ends = batch.ends();
    client.send(batch);
    (0..ends).flat_map(|_| client.receive_through(b'Z')).collect()
}

#[test]
fn what_code_of_the_database_says_of_hidden_values_is_not_told() {
    let Some(cluster) = Cluster::shared() else { return };
    cluster.create_role("clerk");
    for name in ["messages", "messages_direct"] {
        cluster.create_database(name, "template0");
        cluster.execute(name, PLANT);
    }
    let proxy = Proxy::start(cluster, "messages", &[("policy.yaml", POLICY)]);
    let logins = [cluster.login("clerk", "messages_direct"), proxy.login("clerk", "messages")];
    let (mut wrong, mut told_directly) = (Vec::new(), 0);
    for (name, state) in WRITES {
        for (way, batch) in texts(name).iter().enumerate() {
            // An update that goes through must not be seen by the next.
            cluster.execute("messages", "UPDATE person SET name = 'one' WHERE id = 1");
            cluster.execute("messages_direct", "UPDATE person SET name = 'one' WHERE id = 1");
            let [direct, proxied] = logins.each_ref().map(|login| {
                let mut client = Client::connect(login).expect("login");
                hold(&mut client, batch)
            });
            let shown = |heard: &[Message]| {
                heard
                    .iter()
                    .map(|m| String::from_utf8_lossy(&m.body).into_owned())
                    .collect::<String>()
            };
            let states = |heard: &[Message]| -> Vec<_> {
                heard.iter().filter(|m| m.tag == b'E').map(|m| m.field(b'C')).collect()
            };
            told_directly += usize::from(shown(&direct).contains("SECRET"));
            if shown(&proxied).contains("SECRET") {
                wrong.push(format!("{name}, way {way}: {:?}", shown(&proxied)));
            }
            if states(&direct) != states(&proxied) {
                wrong.push(format!(
                    "{name}, way {way}: {:?} {:?}",
                    states(&direct),
                    states(&proxied)
                ));
            }
            let first = states(&direct).into_iter().flatten().next().unwrap_or_default();
            assert!(*state == first || way == 5, "{name}: {first}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(told_directly > 80, "only {told_directly} of them tell anything without the proxy");
}

#[test]
fn what_tells_no_value_is_told_as_it_is() {
    let Some(cluster) = Cluster::shared() else { return };
    cluster.create_role("clerk");
    for name in ["names", "names_direct"] {
        cluster.create_database(name, "template0");
        cluster.execute(name, PLANT);
    }
    let proxy = Proxy::start(cluster, "names", &[("policy.yaml", POLICY)]);
    let logins = [cluster.login("clerk", "names_direct"), proxy.login("clerk", "names")];
    for (text, parameters) in [
        ("UPDATE person SET name = 'two' WHERE id = 1", &[][..]),
        ("UPDATE person SET name = 'bad' WHERE id = 1", &[]),
        ("INSERT INTO person (id, name) VALUES (NULL, 'three')", &[]),
        ("INSERT INTO person (id, name, age) VALUES (9, 'three', -1)", &[]),
        ("UPDATE person SET age = 'old' WHERE id = 1", &[]),
        ("UPDATE person SET nothing = 1", &[]),
        ("UPDATE person SET age = $1 WHERE id = 1", &["old"][..]),
    ] {
        let [direct, proxied] = logins.each_ref().map(|login| {
            let mut client = Client::connect(login).expect("login");
            let heard = client.query_with(text, parameters);
            let error = heard.into_iter().find(|m| m.tag == b'E').expect("an error");
            [b'C', b'M', b'P', b's', b't', b'c', b'n'].map(|code| error.field(code))
        });
        assert_eq!(direct, proxied, "{text}");
    }
}
