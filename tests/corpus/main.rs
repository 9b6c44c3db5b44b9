//! Attempts to get round the proxy, one a file: `<class>/<name>.sql`, or `.txt` for a dialogue.
//!
//! Two worlds differ only in what the purpose may not see. Asked directly, every attack tells them
//! apart (or changes what it is out to change); through the proxy every byte of the answers is the
//! same in both, and no value that is kept from the purpose comes over the wire.

#[path = "../harness/mod.rs"]
mod harness;

mod attack;

use std::collections::BTreeMap;
use std::path::Path;

use attack::{Attack, Expected, Step};
use harness::client::rows_of;
use harness::{Client, Cluster, Login, Message, Proxy};

const SCHEMA: &str = include_str!("schema.sql");
const POLICY: &str = include_str!("policy.yaml");
const CONTENTS: [&str; 2] = [include_str!("world_0.sql"), include_str!("world_1.sql")];

/// Pieces of values that no answer may hold.
const FORBIDDEN: [&str; 15] = [
    "078-05-11",
    "219-09-9999",
    "457-55-5462",
    "987-65-4320",
    "536-90-4399",
    "zebra",
    "walrus",
    "SECRETIVE",
    "zoltan",
    "42079",
    "42088",
    "furtive",
    "Furtive",
    " Hidden",
    "hidden ships",
];

/// Enough for each kind of attack to be tried in more than one way.
const FILES: usize = 250;
const FILES_OF_A_CLASS: usize = 5;
const CLASSES: usize = 37;

#[test]
fn there_are_enough_of_every_class() {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for attack in attacks() {
        let class = attack.name.split('/').next().unwrap_or_default().to_owned();
        *count.entry(class).or_default() += 1;
    }
    let few: Vec<_> = count.iter().filter(|(_, files)| **files < FILES_OF_A_CLASS).collect();
    assert!(few.is_empty(), "too few: {few:?}");
    assert_eq!(count.len(), CLASSES);
    assert!(count.values().sum::<usize>() >= FILES);
}

#[test]
fn none_gets_through() {
    let Some(cluster) = Cluster::shared() else { return };
    let mut worlds = worlds(cluster);
    let only = std::env::var("PGPURPOSE_CORPUS").unwrap_or_default();
    let attacks: Vec<Attack> =
        attacks().into_iter().filter(|attack| attack.name.contains(&only)).collect();
    let mut faults = Vec::new();
    let mut refused = 0;
    for attack in &attacks {
        // One after the other: roles and locks are the whole server's.
        let outcome = worlds.each_mut().map(|world| world.undergo(cluster, attack));
        refused += usize::from(outcome[0].proxied.iter().flatten().any(|m| m.tag == b'E'));
        match (fault(attack, &outcome), &attack.known) {
            (Some(fault), None) => faults.push(format!("{}: {fault}", attack.name)),
            (Some(_), Some(why)) => eprintln!("{} gets through: {why}", attack.name),
            (None, Some(_)) => faults.push(format!("{}: is not known any more", attack.name)),
            (None, None) => {}
        }
    }
    eprintln!("{} attacks, {refused} of them answered with an error", attacks.len());
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
}

/// A database, and the proxy before it.
struct World {
    database: String,
    proxy: Proxy,
    /// Somebody else at work, whose last statement is nobody's business.
    _other: Client,
    /// Past the proxy.
    beside: Client,
    /// Connections that are good for one more dialogue, by port and role.
    idle: BTreeMap<(u16, String), Client>,
}

/// What happened in one world.
struct Outcome {
    direct: Vec<Vec<Message>>,
    proxied: Vec<Vec<Message>>,
    changed_directly: bool,
    changed_by_proxy: bool,
}

fn attacks() -> Vec<Attack> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus"));
    let mut attacks = Vec::new();
    for class in entries(root).into_iter().filter(|path| path.is_dir()) {
        for file in entries(&class) {
            let name = file.strip_prefix(root).expect("below the root").display().to_string();
            attacks
                .push(Attack::read(&file, name.clone()).unwrap_or_else(|e| panic!("{name}:{e}")));
        }
    }
    attacks
}

fn entries(directory: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(directory).expect("a directory");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn worlds(cluster: &Cluster) -> [World; 2] {
    cluster.create_role("town");
    cluster.create_role("clerk");
    cluster.execute("postgres", "CREATE ROLE guest; GRANT guest TO town");
    cluster.create_database("corpus_plant", "template0");
    cluster.execute("corpus_plant", SCHEMA);
    cluster.execute("corpus_plant", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest, clerk");
    [0, 1].map(|number| {
        let database = format!("corpus_{number}");
        cluster.create_database(&database, "corpus_plant");
        cluster.execute(&database, CONTENTS[number]);
        let proxy = Proxy::start(cluster, &database, &[("policy.yaml", POLICY)]);
        let mut other = Client::connect(&cluster.login("town", &database)).expect("login");
        let guess = ["zebra house", "walrus pool"][number];
        other.query(&format!("SELECT id FROM note WHERE text = '{guess}'"));
        let beside = Client::connect(&cluster.superuser(&database)).expect("superuser");
        World { database, proxy, _other: other, beside, idle: BTreeMap::new() }
    })
}

impl World {
    fn undergo(&mut self, cluster: &Cluster, attack: &Attack) -> Outcome {
        let direct = cluster.login(&attack.role, &self.database);
        let proxied = self.proxy.login(&attack.role, &self.database);
        let (direct, changed_directly) = self.attempt(attack, &direct);
        let (proxied, changed_by_proxy) = self.attempt(attack, &proxied);
        Outcome { direct, proxied, changed_directly, changed_by_proxy }
    }

    /// The answers to each dialogue, and whether the state was changed by any.
    fn attempt(&mut self, attack: &Attack, login: &Login) -> (Vec<Vec<Message>>, bool) {
        let mut changed = false;
        let mut answers = Vec::new();
        let execute = |client: &mut Client, sql: &String| {
            let rows = rows_of(&client.query(sql));
            rows.unwrap_or_else(|error| panic!("{}: {error}\nin {sql}", attack.name))
        };
        for dialogue in &attack.dialogues {
            let before = attack.state.as_ref().map(|query| execute(&mut self.beside, query));
            let key = (login.port, login.user.clone());
            let client = if attack.commits { None } else { self.idle.remove(&key) };
            let mut talk = Talk { login: login.clone(), client, heard: Vec::new() };
            if !attack.commits {
                talk.say(b"Q\0\0\0\x0aBEGIN\0", 1, false);
                talk.heard.clear();
            }
            for step in dialogue {
                talk.step(step, &mut self.beside);
            }
            answers.push(talk.heard);
            if let (false, Some(mut client)) = (attack.commits, talk.client) {
                client.query("ROLLBACK");
                client.query("DISCARD ALL");
                self.idle.insert(key, client);
            }
            changed |=
                before != attack.state.as_ref().map(|query| execute(&mut self.beside, query));
            if let Some(undo) = &attack.undo {
                execute(&mut self.beside, undo);
            }
        }
        (answers, changed)
    }
}

/// A connection that may be ended by what is said on it.
struct Talk {
    login: Login,
    client: Option<Client>,
    heard: Vec<Message>,
}

impl Talk {
    fn step(&mut self, step: &Step, beside: &mut Client) {
        match step {
            Step::Send { bytes, answers, slowly } => self.say(bytes, *answers, *slowly),
            Step::Beside(sql) => {
                let reply = beside.query(sql);
                let error = reply.iter().find(|m| m.tag == b'E').map(Message::error_text);
                assert!(error.is_none(), "{sql}: {error:?}");
            }
            Step::Login(parameters) => {
                for (name, value) in parameters {
                    match name.as_str() {
                        "user" => self.login.user = value.clone(),
                        "database" => self.login.parameters[0].1 = value.clone(),
                        _ => self.login = self.login.clone().with(name, value),
                    }
                }
                self.client = None;
                self.connect();
            }
        }
    }

    fn connect(&mut self) {
        match Client::connect(&self.login) {
            Ok(client) => {
                self.heard.extend(client.greeting.iter().filter(|m| m.tag != b'K').cloned());
                self.client = Some(client);
            }
            Err(error) => {
                self.heard.push(Message { tag: b'E', body: error.to_string().into_bytes() });
            }
        }
    }

    fn say(&mut self, bytes: &[u8], answers: usize, slowly: bool) {
        if self.client.is_none() {
            self.connect();
        }
        let Some(client) = &mut self.client else { return };
        let pieces = bytes.chunks(if slowly { 1 } else { bytes.len().max(1) });
        for piece in pieces {
            if client.try_send(piece).is_err() {
                break;
            }
        }
        let mut missing = answers;
        while missing > 0 {
            match client.receive() {
                Ok(message) => {
                    missing -= usize::from(message.tag == b'Z');
                    self.heard.push(message);
                }
                Err(error) => {
                    let end = format!("{:?}", error.kind());
                    self.heard.push(Message { tag: b'!', body: end.into_bytes() });
                    self.client = None;
                    return;
                }
            }
        }
    }
}

/// What is wrong with an attack, or with the proxy.
fn fault(attack: &Attack, outcomes: &[Outcome; 2]) -> Option<String> {
    let [one, other] = outcomes;
    if attack.expected == Expected::Same {
        let first = [one, other].into_iter().find_map(|o| difference(&o.direct, &o.proxied));
        return first.map(|first| format!("not the server's own answer: {first}"));
    }
    let told = difference(&one.direct, &other.direct).is_some();
    let changed = one.changed_directly && other.changed_directly;
    let succeeds = if attack.state.is_some() { changed } else { told };
    if !succeeds {
        let last = one.direct[0].iter().rfind(|m| m.tag != b'Z');
        return Some(format!("is no attack: it tells nothing to the server itself: {last:?}"));
    }
    if one.changed_by_proxy || other.changed_by_proxy {
        return Some("changes what it must not".to_owned());
    }
    if let Some(first) = difference(&one.proxied, &other.proxied) {
        return Some(format!("told apart by {first}"));
    }
    for message in outcomes.iter().flat_map(|o| &o.proxied).flatten() {
        let told = FORBIDDEN.iter().find(|piece| {
            !attack.text.contains(**piece)
                && message.body.windows(piece.len()).any(|bytes| bytes == piece.as_bytes())
        });
        if let Some(piece) = told {
            return Some(format!("tells \"{piece}\": {message:?}"));
        }
    }
    let refused = one
        .proxied
        .iter()
        .all(|heard| heard.iter().any(|m| m.tag == b'E') && !heard.iter().any(|m| m.tag == b'D'));
    (attack.expected == Expected::Refused && !refused).then(|| "was not refused".to_owned())
}

/// The first message that differs, once what names the decision is taken out.
fn difference(one: &[Vec<Message>], other: &[Vec<Message>]) -> Option<String> {
    let one: Vec<Message> = one.iter().flatten().map(comparable).collect();
    let other: Vec<Message> = other.iter().flatten().map(comparable).collect();
    if one.len() != other.len() {
        let longer = if one.len() > other.len() { &one } else { &other };
        let common = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
        return Some(format!("{:?} and more or less", longer.get(common)));
    }
    one.iter().zip(&other).find(|(a, b)| a != b).map(|pair| format!("{pair:?}"))
}

fn comparable(message: &Message) -> Message {
    if message.tag != b'E' && message.tag != b'N' {
        return message.clone();
    }
    let fields: Vec<&[u8]> = message
        .body
        .split(|b| *b == 0)
        .filter(|field| !field.starts_with(b"Wpgpurpose"))
        .filter(|field| !matches!(field.first(), Some(b'F' | b'L' | b'R')))
        .collect();
    let text = String::from_utf8_lossy(&fields.join(&0)).into_owned();
    // Which temporary schema a session has is chance.
    let mut parts = text.split("pg_temp_");
    let mut body = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        body += "pg_temp_";
        body += part.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    Message { tag: message.tag, body: body.into_bytes() }
}
