//! A private PostgreSQL on a free port: password logins only, no durability, gone with the test
//! process. One for each test binary.

use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::client::{Client, Login};
use super::process::{Guarded, free_port, fresh_directory, run};

/// A server of our own.
pub struct Cluster {
    pub port: u16,
    /// Where `psql`, `pg_dump` and `pgbench` are.
    pub bin: PathBuf,
    process: Guarded,
}

pub const SUPERUSER: &str = "postgres";
pub const PASSWORD: &str = "invented";

const START_LIMIT: Duration = Duration::from_secs(60);

/// The server settings: no disk waits, no background work that could make two runs differ.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
shared_buffers = 64MB
jit = off
";

impl Cluster {
    /// The server of this test binary; `None`, said aloud, where there is no PostgreSQL.
    pub fn shared() -> Option<&'static Cluster> {
        static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
        CLUSTER.get_or_init(Cluster::start).as_ref()
    }

    /// A server besides the shared one, made in the same way.
    pub fn another() -> Option<Cluster> {
        Cluster::start()
    }

    fn start() -> Option<Cluster> {
        let Some(bin) = server_binaries() else {
            skip("no PostgreSQL found (looked at $PGPURPOSE_PG_BIN, /usr/lib/postgresql, $PATH)");
            return None;
        };
        for _ in 0..3 {
            if let Some(cluster) = Cluster::try_start(&bin) {
                return Some(cluster);
            }
        }
        panic!("PostgreSQL did not start");
    }

    fn try_start(bin: &Path) -> Option<Cluster> {
        let directory = fresh_directory("server");
        let data = directory.join("data");
        let port = free_port();
        initialise(bin, &directory, &data);
        fs::write(data.join("postgresql.auto.conf"), SETTINGS).expect("settings");
        let mut command = unprivileged();
        command.extend([bin.join("postgres").into_os_string(), "-D".into(), data.into()]);
        command.extend(["-p".into(), port.to_string().into()]);
        let words: Vec<&str> = command.iter().filter_map(|w| w.to_str()).collect();
        let process = Guarded::start(&directory, "QUIT", &words);
        let cluster = Cluster { port, bin: bin.to_owned(), process };
        cluster.wait_until_ready().then_some(cluster)
    }

    fn wait_until_ready(&self) -> bool {
        let deadline = Instant::now() + START_LIMIT;
        while Instant::now() < deadline {
            if Client::connect(&self.superuser("postgres")).is_ok() {
                return true;
            }
            if self.process.output().contains("could not bind") {
                return false;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL is not ready:\n{}", self.process.output());
    }

    pub fn superuser(&self, database: &str) -> Login {
        self.login(SUPERUSER, database)
    }

    /// A login that bypasses the proxy.
    pub fn login(&self, user: &str, database: &str) -> Login {
        Login::new(self.port, user, PASSWORD, database)
    }

    /// What the server has logged so far.
    pub fn output(&self) -> String {
        self.process.output()
    }

    /// Runs statements as superuser, past the proxy. Panics on an error.
    pub fn execute(&self, database: &str, sql: &str) {
        let mut client = Client::connect(&self.superuser(database)).expect("superuser login");
        if let Some(error) = client.query(sql).iter().find(|m| m.tag == b'E') {
            panic!("{}\nin {sql}", error.error_text());
        }
    }

    /// Makes a database; one of that name is replaced.
    pub fn create_database(&self, name: &str, template: &str) {
        self.execute("postgres", &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        self.execute("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"));
    }

    /// Makes a login role with the common password unless it is there.
    pub fn create_role(&self, name: &str) {
        self.execute(
            "postgres",
            &format!(
                "DO $$ BEGIN CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}';
                 EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
            ),
        );
    }
}

/// Says that a test did not run. In CI nothing may be missing, so there it fails.
pub fn skip(reason: &str) {
    let _ = writeln!(std::io::stderr(), "\n*** SKIPPED: {reason}");
    assert!(std::env::var_os("CI").is_none(), "in CI nothing may be skipped: {reason}");
}

fn initialise(bin: &Path, directory: &Path, data: &Path) {
    let password_file = directory.join("password");
    fs::write(&password_file, PASSWORD).expect("password file");
    let mut words = unprivileged();
    if !words.is_empty() {
        let owner = unprivileged_user();
        run(Command::new("chown").args(["-R", &owner]).arg(directory)).expect("chown");
    }
    words.push(bin.join("initdb").into_os_string());
    let (program, rest) = words.split_first().expect("a program");
    run(Command::new(program)
        .args(rest)
        .args(["--no-sync", "--auth=scram-sha-256", "--username", SUPERUSER])
        .args(["--encoding=UTF8", "--locale=C.UTF-8", "--pwfile"])
        .arg(&password_file)
        .arg("-D")
        .arg(data)
        .current_dir(directory))
    .expect("initdb");
}

/// What comes before a server command, since PostgreSQL refuses to run as root.
fn unprivileged() -> Vec<OsString> {
    if run(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() != "0") {
        return Vec::new();
    }
    let user = unprivileged_user();
    let id =
        |flag| run(Command::new("id").args([flag, user.as_str()])).expect("id").trim().to_owned();
    vec![
        "setpriv".into(),
        format!("--reuid={}", id("-u")).into(),
        format!("--regid={}", id("-g")).into(),
        "--clear-groups".into(),
    ]
}

fn unprivileged_user() -> String {
    let known = |name: &str| run(Command::new("id").args(["-u", name])).is_ok();
    if known("postgres") { "postgres".into() } else { "nobody".into() }
}

/// `$PGPURPOSE_PG_BIN`, else the newest of Debian's, else beside the `postgres` in the path.
fn server_binaries() -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = Vec::new();
    places.extend(std::env::var_os("PGPURPOSE_PG_BIN").map(PathBuf::from));
    let mut majors: Vec<u32> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    majors.sort_unstable();
    let debian = majors.iter().rev().map(|m| PathBuf::from(format!("/usr/lib/postgresql/{m}/bin")));
    places.extend(debian);
    places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    places.into_iter().find(|p| p.join("postgres").exists() && p.join("initdb").exists())
}
