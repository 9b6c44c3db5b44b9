//! pgbench, in every query mode, as a client that checks its own arithmetic.

use super::libpq_program;
use crate::harness::{Client, Cluster, Login, Proxy};

/// pgbench's accounts are personal data of account holders.
const POLICY: &str = include_str!("pgbench.yaml");

/// Nothing is.
const PLAIN: &str = "policy: { name: Plain, version: 1 }\n\
    purposes: { work: { consent: none, data: {} }, look: { consent: none, data: {} } }\n";

const USER: &str = "bench_user";

#[test]
fn pgbench_makes_its_tables_through_the_proxy() {
    let Some(cluster) = Cluster::shared() else { return };
    let proxy = bench_world(cluster, "bench_made", PLAIN);
    let login = proxy.login(USER, "bench_made");
    pgbench(&["-i", "-s", "1", "-q"], &login, "work");
    run_every_mode(cluster, &login, "bench_made");
}

#[test]
fn pgbench_keeps_its_sums_where_accounts_are_governed() {
    let Some(cluster) = Cluster::shared() else { return };
    let proxy = bench_world(cluster, "bench_governed", POLICY);
    let direct = cluster.login(USER, "bench_governed");
    pgbench(&["-i", "-s", "1", "-q"], &direct, "work");
    run_every_mode(cluster, &proxy.login(USER, "bench_governed"), "bench_governed");
}

#[test]
fn pgbench_reads_masked_balances() {
    let Some(cluster) = Cluster::shared() else { return };
    let proxy = bench_world(cluster, "bench_masked", POLICY);
    pgbench(&["-i", "-s", "1", "-q"], &cluster.login(USER, "bench_masked"), "work");
    cluster.execute("bench_masked", "UPDATE pgbench_accounts SET abalance = 4321");
    let login = proxy.login(USER, "bench_masked");
    for mode in ["simple", "extended", "prepared"] {
        pgbench(&["-S", "-n", "-c", "2", "-t", "50", "-M", mode], &login, "look");
    }
    let mut client = Client::connect(&login.for_purpose("look")).expect("login");
    let seen = client.value("SELECT abalance FROM pgbench_accounts WHERE aid = 7");
    assert_eq!(seen.as_deref(), Some("4000"), "the leading digit of 4321");
}

fn bench_world(cluster: &Cluster, database: &str, policy: &str) -> Proxy {
    cluster.create_role(USER);
    cluster.create_database(database, "template0");
    cluster.execute(database, &format!("GRANT CREATE ON SCHEMA public TO {USER}"));
    let common = include_str!("pgbench_common.yaml");
    Proxy::start(cluster, database, &[("common.yaml", common), ("policy.yaml", policy)])
}

fn run_every_mode(cluster: &Cluster, login: &Login, database: &str) {
    for mode in ["simple", "extended", "prepared"] {
        for script in ["tpcb-like", "simple-update", "select-only"] {
            let arguments = ["-n", "-c", "2", "-t", "25", "-b", script, "-M", mode];
            let report = pgbench(&arguments, login, "work");
            assert!(report.contains("actually processed: 50/50"), "{report}");
        }
    }
    let mut client = Client::connect(&cluster.superuser(database)).expect("login");
    let sums = client.rows(
        "SELECT (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(delta) FROM pgbench_history),
                (SELECT count(*) FROM pgbench_history)",
    );
    assert_eq!(sums[0][0], sums[0][1], "an update was lost or doubled");
    assert_eq!(sums[0][2].as_deref(), Some("300"), "transactions that wrote");
}

fn pgbench(arguments: &[&str], login: &Login, purpose: &str) -> String {
    let session = libpq_program("pgbench", arguments).expect("a cluster");
    session.run(login, purpose)
}
