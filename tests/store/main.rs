//! The consent store on a real server: what each function does, how it is installed and brought up
//! to date, that nothing said is ever taken away, and that what was withdrawn is not read again.

mod calling;
mod functions;
#[path = "../harness/mod.rs"]
mod harness;
mod installing;
mod linear;
mod snapshots;

use std::process::{Command, Output};

use harness::cluster::{PASSWORD, SUPERUSER};
use harness::{Client, Cluster};

/// An empty database of this name, and a login that may record what people say.
fn database(name: &str) -> Option<&'static Cluster> {
    let cluster = Cluster::shared()?;
    for role in ["keeper", "reader", "nobody"] {
        cluster.create_role(role);
    }
    cluster.create_database(name, "template0");
    Some(cluster)
}

/// The same with the store in it.
fn store(name: &str) -> Option<&'static Cluster> {
    let cluster = database(name)?;
    let output = consent(cluster, name, "install", &["--writers", "keeper", "--readers", "reader"]);
    assert!(output.status.success(), "{output:?}");
    Some(cluster)
}

/// Where a database is, for the program itself.
fn url(cluster: &Cluster, database: &str) -> String {
    format!("postgres://{SUPERUSER}:{PASSWORD}@127.0.0.1:{}/{database}", cluster.port)
}

/// Runs `pgpurpose consent VERB`.
fn consent(cluster: &Cluster, database: &str, verb: &str, arguments: &[&str]) -> Output {
    let url = url(cluster, database);
    let program = std::env::var("PGPURPOSE_BIN");
    let program = program.as_deref().unwrap_or(env!("CARGO_BIN_EXE_pgpurpose"));
    let mut command = Command::new(program);
    command.args(["consent", verb, "--upstream", &url]).args(arguments);
    command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("the program starts")
}

/// Logs in past the proxy.
fn login(cluster: &Cluster, role: &str, database: &str) -> Client {
    Client::connect(&cluster.login(role, database)).expect("login")
}

/// The rows of a statement, each as texts with spaces between; NULL is a dash.
fn lines(client: &mut Client, sql: &str) -> Vec<String> {
    let rows = client.rows(sql);
    let line = |row: Vec<Option<String>>| {
        let values: Vec<String> = row.into_iter().map(|v| v.unwrap_or("-".into())).collect();
        values.join(" ")
    };
    rows.into_iter().map(line).collect()
}

/// SQLSTATE and message of the error that a statement ends with.
fn error(client: &mut Client, sql: &str) -> (String, String) {
    let error = client.error(sql);
    let field = |name| error.field(name).unwrap_or_default();
    (field(b'C'), field(b'M'))
}
