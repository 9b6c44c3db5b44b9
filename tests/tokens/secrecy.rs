//! A token is a key: nothing of it stands where anybody could pick it up.

use serde_json::json;

use super::harness::{Client, Message, Outgoing};
use super::{NAME, World, refused, set};

/// What a client is told, kept.
struct Heard {
    client: Client,
    bytes: Vec<u8>,
}

impl Heard {
    fn keep(&mut self, messages: Vec<Message>) -> Vec<Message> {
        messages.iter().for_each(|message| self.bytes.extend(&message.body));
        messages
    }

    fn query(&mut self, text: &str) -> Vec<Message> {
        let reply = self.client.query(text);
        self.keep(reply)
    }
}

/// Twelve characters of payload and signature, wherever they start: no part of a token stands
/// anywhere. Headers are the same for all.
fn holds_a_part(text: &str, token: &str) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    parts[1..].iter().any(|part| {
        let windows = part.as_bytes().windows(12);
        windows.into_iter().any(|window| text.contains(std::str::from_utf8(window).unwrap()))
    })
}

#[test]
fn nobody_but_the_proxy_sees_a_token() {
    let Some(world) = World::start("tok_secret") else { return };
    let database = &world.database;
    for setting in ["log_statement = 'all'", "log_min_duration_statement = 0"] {
        world.cluster.execute("postgres", &format!("ALTER DATABASE {database} SET {setting}"));
    }
    let over = || json!({"secret_case": "CASE-NOBODY-READS", "sub": "clerk"});
    let [first, second, third, wrong] = [(); 4].map(|()| world.token(over()));
    let (front, signature) = wrong.rsplit_once('.').unwrap();
    let wrong = format!("{front}.{}", signature.chars().rev().collect::<String>());
    let options = format!("-c pgpurpose.purpose=tend -c pgpurpose.token={first}");
    let client = Client::connect(&world.login("tok_app").with("options", &options)).unwrap();
    let mut heard = Heard { client, bytes: Vec::new() };
    let shown = "SELECT query FROM pg_catalog.pg_stat_activity WHERE usename = 'tok_app'";
    let watch = |heard: &mut Heard| {
        let mut watcher = Client::connect(&world.cluster.superuser(database)).unwrap();
        let seen = watcher.rows(shown).into_iter().flatten().flatten().collect::<String>();
        heard.bytes.extend(seen.as_bytes());
    };
    heard.query(NAME);
    heard.query("SHOW pgpurpose.token");
    heard.query(&format!("SET pgpurpose.token = '{second}'"));
    watch(&mut heard);
    heard.query("SELECT current_setting('pgpurpose.token')");
    heard.query("SELECT name, setting FROM pg_settings WHERE name LIKE 'pgpurpose%'");
    heard.query("SHOW ALL");
    let bound = Outgoing::new()
        .extended("SELECT set_config('pgpurpose.token', $1, false)", &[Some(third.as_bytes())]);
    heard.client.send(&bound);
    let reply = heard.client.receive_through(b'Z');
    assert_eq!(refused(&heard.keep(reply)), "");
    watch(&mut heard);
    for text in [
        format!("SET pgpurpose.token = '{wrong}'"),
        format!("SET pgpurpose.token = '{third}', 'x'"),
        format!("SET pgpurpose.token = '{third}' x"),
        format!("ALTER ROLE tok_app SET pgpurpose.token = '{third}'"),
        format!("SELECT set_config('pgpurpose.token', '{third}' || '', false)"),
        format!("SELECT set_config('pgpurpose.token', '{third}', false), name FROM person"),
        format!("UPDATE pg_settings SET setting = '{third}' WHERE name = 'pgpurpose.token'"),
        format!("SET LOCAL pgpurpose.token = '{third}'; SELECT nowhere FROM person"),
    ] {
        assert_ne!(refused(&heard.query(&text)), "", "{}", text.replace(&third, "T"));
        watch(&mut heard);
    }
    heard.query(NAME);
    set(&mut heard.client, "purpose", "tend");
    let places = [
        ("what clients are told", String::from_utf8_lossy(&heard.bytes).into_owned()),
        ("the proxy's log", world.proxy.output()),
        ("the audit file", world.proxy.audit_text()),
        ("the metrics", world.proxy.admin("/metrics")),
        ("the server's log", world.cluster.output()),
    ];
    let server = &places[4].1;
    assert!(server.contains("SET pgpurpose.token = 'sha256:"), "the server logs statements");
    for (place, text) in &places {
        for token in [&first, &second, &third, &wrong] {
            assert!(!holds_a_part(text, token), "part of a token stands in {place}");
        }
        // Nor what it says, but what the rules ask for.
        assert!(!text.contains("CASE-NOBODY-READS") && !text.contains("clerk"), "{place}");
    }
    assert!(places[2].1.contains("\"jti\":\"t-"), "the audit file names tokens by their id");
}
