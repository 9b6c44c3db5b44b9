//! Speaks a program's part to two servers at once, one of them behind the proxy.

use std::collections::BTreeMap;

use super::corpus::{Program, Statement, with_ids};
use super::harness::{Client, Cluster, Message, Outgoing, Proxy};

/// Two servers that were made in the same way, so that the same statements make the same ids.
pub struct Servers<'a> {
    pub direct: &'a Cluster,
    pub behind: &'a Cluster,
}

/// What became of a statement. The worst of its occurrences counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The answers are the same, byte for byte; or nobody asked.
    Same,
    /// They differ in numbers alone: clocks, transaction ids, process ids.
    Alike,
    Different(String),
    Refused(String),
}

const USER: &str = "app";
const DATABASE: &str = "shop";
const SHOP: &str = include_str!("shop.sql");
/// What the masked policy asks about people.
const CHOICES: &str = "CREATE TABLE choices (user_id integer, purpose text, agreed boolean)";

/// What no statement is: the server's answer is a syntax error, as it is to what was refused.
const NO_STATEMENT: &str = "refused";

/// What answers otherwise each time it is asked, or tells of the proxy's own connection.
const UNSTEADY: [&str; 5] =
    ["random()", "tablesample", "pg_stat_activity", "pg_locks", "pg_stat_database"];

/// Distinct texts of a program and what became of each.
pub fn run(
    servers: &Servers<'_>,
    program: &Program,
    rules: &str,
    compare: bool,
) -> BTreeMap<String, Outcome> {
    for cluster in [servers.direct, servers.behind] {
        plant(cluster, program, compare);
    }
    let proxy = Proxy::start(servers.behind, DATABASE, &[("policy.yaml", rules)]);
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    for session in &program.sessions {
        let mut sides = Sides {
            direct: Client::connect(&servers.direct.login(USER, DATABASE)).expect("login"),
            behind: Client::connect(&proxy.login(USER, DATABASE)).expect("login"),
            ids: Client::connect(&servers.behind.superuser(DATABASE)).expect("login"),
            compare,
        };
        for statement in session {
            let outcome = sides.say(statement);
            let worst = outcomes.entry(statement.text.clone()).or_insert(Outcome::Same);
            if *worst < outcome {
                *worst = outcome;
            }
        }
    }
    outcomes
}

fn plant(cluster: &Cluster, program: &Program, open: bool) {
    cluster.create_role(USER);
    cluster.execute("postgres", &format!("ALTER ROLE {USER} SUPERUSER"));
    cluster.create_database(DATABASE, "template0");
    if program.finds_the_shop {
        cluster.execute(DATABASE, SHOP);
    }
    if !open {
        cluster.execute(DATABASE, CHOICES);
    }
}

struct Sides {
    direct: Client,
    behind: Client,
    /// A look at the ids, past the proxy.
    ids: Client,
    compare: bool,
}

impl Sides {
    fn say(&mut self, statement: &Statement) -> Outcome {
        let text = with_ids(&statement.text, &mut self.ids);
        let parameters: Option<Vec<Option<String>>> = statement.parameters.as_ref().map(|given| {
            let given = given.iter();
            given.map(|p| p.as_ref().map(|p| with_ids(p, &mut self.ids))).collect()
        });
        let behind = answer(&mut self.behind, &text, parameters.as_deref());
        let refused = refusal(&behind);
        // What cannot be read, or names what nobody knows, is an error on the server as well.
        let an_error_anyway = |state: &str| state.starts_with("42") && state != "42501";
        if let Some((state, why)) = &refused
            && !an_error_anyway(state)
        {
            answer(&mut self.direct, NO_STATEMENT, parameters.as_ref().map(|_| &[][..]));
            return Outcome::Refused(why.clone());
        }
        let direct = answer(&mut self.direct, &text, parameters.as_deref());
        if let Some((state, why)) = refused {
            let same = direct.iter().any(|m| m.tag == b'E' && m.field(b'C') == Some(state.clone()));
            return if same { Outcome::Same } else { Outcome::Refused(why) };
        }
        if !self.compare {
            return Outcome::Same;
        }
        if direct == behind {
            return Outcome::Same;
        }
        let [one, other] = [&direct, &behind].map(|reply| reply.iter().map(without_numbers));
        if one.eq(other) {
            return Outcome::Alike;
        }
        let lower = text.to_lowercase();
        if UNSTEADY.iter().any(|word| lower.contains(word)) {
            return Outcome::Alike;
        }
        let at = direct.iter().zip(&behind).take_while(|(a, b)| a == b).count();
        let shown = [&direct, &behind]
            .map(|reply| format!("{:?}", reply.get(at)).chars().take(300).collect::<String>());
        Outcome::Different(format!("  directly {}\n  proxied  {}", shown[0], shown[1]))
    }
}

/// All that is said until the server is ready again; a copy gets no rows.
pub fn answer(
    client: &mut Client,
    text: &str,
    parameters: Option<&[Option<String>]>,
) -> Vec<Message> {
    let extended = parameters.is_some();
    client.send(&match parameters {
        None => Outgoing::new().query(text),
        Some(given) => {
            let given: Vec<_> = given.iter().map(|p| p.as_ref().map(String::as_bytes)).collect();
            Outgoing::new().extended(text, &given)
        }
    });
    let mut heard = Vec::new();
    loop {
        let message = client.receive().unwrap_or_else(|error| panic!("{error}\nafter {text}"));
        let tag = message.tag;
        heard.push(message);
        match tag {
            b'Z' => return heard,
            // After the Sync that the extended protocol has sent along the server has given up.
            b'G' if !extended => client.send(&Outgoing::new().copy_done()),
            _ => {}
        }
    }
}

/// Why the proxy refused, if it did: the SQLSTATE, the text.
fn refusal(heard: &[Message]) -> Option<(String, String)> {
    let ours = |m: &&Message| {
        m.tag == b'E' && m.field(b'W').is_some_and(|w| w.starts_with("pgpurpose decision"))
    };
    let error = heard.iter().find(ours)?;
    Some((error.field(b'C')?, error.error_text()))
}

/// A message with every run of digits and what stands between digits taken out of its rows.
fn without_numbers(message: &Message) -> Vec<u8> {
    let mut bytes = vec![message.tag];
    match message.tag {
        b'D' => {}
        // The process that notified.
        b'A' => return message.body[4..].to_vec(),
        _ => {
            bytes.extend(&message.body);
            return bytes;
        }
    }
    for value in message.values() {
        let value = value.unwrap_or_else(|| "NULL".to_owned());
        let kept = value.chars().filter(|c| !c.is_ascii_hexdigit() && !".:+-/ ".contains(*c));
        bytes.extend(kept.collect::<String>().bytes());
        bytes.push(0);
    }
    bytes
}
