//! What is known of one person: who read their data, what is held about them, and that it is gone
//! when it is to be gone.

mod access;
mod erase;
mod export;
#[path = "../harness/mod.rs"]
mod harness;
mod record;
mod standing;
mod verb;

use harness::{Client, Cluster, Proxy};

const TOWN: &str = include_str!("town.sql");
const POLICY: &str = include_str!("policy.yaml");
const USER: &str = "clerk";

/// A database of its own with people in it.
struct Town {
    cluster: &'static Cluster,
    database: &'static str,
}

impl Town {
    fn make(database: &'static str) -> Option<Town> {
        let cluster = Cluster::shared()?;
        cluster.create_role(USER);
        cluster.create_database(database, "template0");
        cluster.execute(database, TOWN);
        let grant = format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {USER}");
        cluster.execute(database, &grant);
        Some(Town { cluster, database })
    }

    fn proxy(&self) -> Proxy {
        Proxy::start(self.cluster, self.database, &[("policy.yaml", POLICY)])
    }

    fn through(&self, proxy: &Proxy, purpose: &str) -> Client {
        let login = proxy.login(USER, self.database).for_purpose(purpose);
        Client::connect(&login).expect("a login through the proxy")
    }
}
