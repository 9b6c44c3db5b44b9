//! The proxy binary in front of a database of the test server.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use super::client::{Client, Login};
use super::cluster::{Cluster, PASSWORD, SUPERUSER};
use super::process::{Guarded, free_port, fresh_directory, run};

/// A running proxy.
pub struct Proxy {
    pub port: u16,
    pub admin_port: u16,
    /// An alarm of the second line is what the test is about.
    pub expects_alarm: bool,
    audit: PathBuf,
    process: Guarded,
}

const START_LIMIT: Duration = Duration::from_secs(30);

impl Proxy {
    /// Starts the proxy before one database of the server, under these rule files
    /// (`(path below the rule directory, text)`). It logs in to read the catalog as superuser.
    pub fn start(cluster: &Cluster, database: &str, rules: &[(&str, &str)]) -> Proxy {
        Proxy::start_with(cluster, database, rules, ("", &[]))
    }

    /// The same with more in its configuration, and files beside it.
    pub fn start_with(
        cluster: &Cluster,
        database: &str,
        rules: &[(&str, &str)],
        (configured, files): (&str, &[(&str, &str)]),
    ) -> Proxy {
        let directory = fresh_directory("proxy");
        for (name, content) in files {
            fs::write(directory.join(name), content).expect("a file");
        }
        for (path, content) in rules {
            let path = directory.join("rules").join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("rule directory");
            fs::write(path, content).expect("rule file");
        }
        let (port, admin_port) = (free_port(), free_port());
        let audit = directory.join("audit.jsonl");
        let password_file = directory.join("password");
        fs::write(&password_file, PASSWORD).expect("password file");
        let config = directory.join("pgpurpose.yaml");
        let text = format!(
            "listen: 127.0.0.1:{port}\n\
             upstream: host=127.0.0.1 port={} dbname={database}\n\
             catalog:\n  user: {SUPERUSER}\n  password_file: {}\n\
             rules: {}\n\
             audit:\n  file: {}\n\
             admin:\n  listen: 127.0.0.1:{admin_port}\n{configured}",
            cluster.port,
            password_file.display(),
            directory.join("rules").display(),
            audit.display(),
        );
        fs::write(&config, text).expect("configuration");
        // Another build of the same program, for instance an installed one.
        let program = std::env::var("PGPURPOSE_BIN");
        let program = program.as_deref().unwrap_or(env!("CARGO_BIN_EXE_pgpurpose"));
        let words = [program, "run", "--config", config.to_str().expect("a path")];
        let process = Guarded::start(&directory, "KILL", &words);
        let proxy = Proxy { port, admin_port, expects_alarm: false, audit, process };
        proxy.wait_until_ready(&proxy.login(SUPERUSER, database));
        proxy
    }

    fn wait_until_ready(&self, login: &Login) {
        let deadline = Instant::now() + START_LIMIT;
        loop {
            let error = match Client::connect(login) {
                Ok(_) => return,
                Err(error) => error,
            };
            let late = Instant::now() > deadline || self.process.has_ended();
            assert!(!late, "the proxy is not ready: {error}\n{}", self.process.output());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A login through the proxy.
    pub fn login(&self, user: &str, database: &str) -> Login {
        Login::new(self.port, user, PASSWORD, database)
    }

    /// Replaces a rule file. The proxy reads it after `signal("HUP")`.
    pub fn write_rules(&self, path: &str, text: &str) {
        fs::write(self.process.directory().join("rules").join(path), text).expect("rule file");
    }

    pub fn rules_directory(&self) -> PathBuf {
        self.process.directory().join("rules")
    }

    /// Replaces a file beside the configuration.
    pub fn write_file(&self, name: &str, text: &str) {
        fs::write(self.process.directory().join(name), text).expect("a file");
    }

    /// The audit file so far, as it stands on the disk.
    pub fn audit_text(&self) -> String {
        fs::read_to_string(&self.audit).unwrap_or_default()
    }

    /// Sends the proxy a signal: `HUP`, `TERM`, `KILL`.
    pub fn signal(&self, name: &str) {
        let pid = fs::read_to_string(self.process.directory().join("pid")).expect("a process id");
        run(Command::new("kill").args(["-s", name, pid.trim()])).expect("a signal");
    }

    pub fn has_ended(&self) -> bool {
        self.process.has_ended()
    }

    /// The body of an answer of the admin port.
    pub fn admin(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.admin_port)).expect("admin port");
        let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer.split_once("\r\n\r\n").expect("a head").1.to_owned()
    }

    /// The lines of the audit file so far.
    pub fn audit_lines(&self) -> Vec<serde_json::Value> {
        let text = fs::read_to_string(&self.audit).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
    }

    pub fn audit_path(&self) -> &std::path::Path {
        &self.audit
    }

    /// What the proxy has logged so far.
    pub fn output(&self) -> String {
        self.process.output()
    }
}

/// The second line must never have anything to stop, whatever a test is about.
impl Drop for Proxy {
    fn drop(&mut self) {
        let alarmed = !self.expects_alarm && self.process.output().contains("a result was stopped");
        assert!(!alarmed || std::thread::panicking(), "the second line raised an alarm");
    }
}
