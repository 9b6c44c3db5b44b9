//! Side doors: relations, functions, settings and definitions that reach personal data, or keep
//! it, without naming its table in a query. Each is tried through the proxy, and beside it to show
//! that there is something to be told.

#[path = "../harness/mod.rs"]
mod harness;

mod code;
mod relations;
mod sessions;
mod settings;

use harness::cluster::SUPERUSER;
use harness::{Client, Cluster, Message, Proxy};

const SCHEMA: &str = include_str!("../people/schema.sql");
const POLICY: &str = include_str!("../people/policy.yaml");

/// A town in which every value of a person begins with SECRET, and a table that is nobody's.
const ROWS: &str = "
INSERT INTO person (id, name, email, born, balance, left_us)
  SELECT i, 'SECRET' || i % 4, 'SECRET@' || i % 4, '1980-01-01', 7777, false
    FROM generate_series(1, 9713) i;
INSERT INTO note SELECT i, 'open' || i % 3 FROM generate_series(1, 50) i;
CREATE STATISTICS person_pairs (mcv) ON name, email FROM person;
CREATE STATISTICS note_pairs (mcv) ON id, text FROM note;
CREATE INDEX person_lower ON person (lower(email));
ANALYZE person;
ANALYZE note;
";

pub struct Town {
    pub cluster: &'static Cluster,
    pub proxy: Proxy,
    pub database: &'static str,
}

impl Town {
    pub fn start(database: &'static str, more: &str) -> Option<Town> {
        let cluster = Cluster::shared()?;
        cluster.create_role("town");
        cluster.create_database(database, "template0");
        cluster.execute(database, SCHEMA);
        cluster.execute(database, ROWS);
        cluster.execute(database, more);
        // No function passes because nobody has looked.
        let policy = POLICY.replace("unlisted: { function: allow }", "trusted_functions: [util.*]");
        let proxy = Proxy::start(cluster, database, &[("policy.yaml", &policy)]);
        Some(Town { cluster, proxy, database })
    }

    /// A login through the proxy that may do everything but see personal data.
    pub fn superuser(&self) -> Client {
        let login = self.proxy.login(SUPERUSER, self.database);
        Client::connect(&login).expect("login")
    }

    pub fn client(&self, purpose: &str) -> Client {
        let login = self.proxy.login("town", self.database).for_purpose(purpose);
        Client::connect(&login).expect("login")
    }

    /// A login beside the proxy.
    pub fn beside(&self) -> Client {
        Client::connect(&self.cluster.superuser(self.database)).expect("login")
    }
}

/// Every byte of a reply as text.
pub fn told(reply: &[Message]) -> String {
    reply.iter().map(|m| String::from_utf8_lossy(&m.to_bytes()).into_owned()).collect()
}

pub fn failed(reply: &[Message]) -> Option<String> {
    reply.iter().find(|m| m.tag == b'E').map(Message::error_text)
}
