//! Child processes that cannot outlive the test process, however that ends.
//!
//! A shell waits for its standard input to close, which happens when the handle is dropped and
//! also when the test process is killed; then it ends the server and removes its files.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A running server with its directory. Both are gone once it is dropped.
pub struct Guarded {
    keeper: Child,
    directory: PathBuf,
}

const KEEPER: &str = r#"
trap '' INT TERM HUP
directory=$1 signal=$2; shift 2
"$@" >"$directory/output.log" 2>&1 </dev/null &
server=$!
echo "$server" >"$directory/pid"
cat >/dev/null
kill -s "$signal" "$server" 2>/dev/null
wait "$server" 2>/dev/null
rm -rf -- "$directory"
"#;

impl Guarded {
    /// Starts `command`; its output goes to `output.log` in `directory`, which is removed at the
    /// end. `signal` ends it at once.
    pub fn start(directory: &Path, signal: &str, command: &[&str]) -> Guarded {
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(directory)
            .arg(signal)
            .args(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        Guarded { keeper, directory: directory.to_owned() }
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Whether the server has ended by itself.
    pub fn has_ended(&self) -> bool {
        let pid = fs::read_to_string(self.directory.join("pid")).unwrap_or_default();
        let pid = pid.trim();
        !pid.is_empty() && run(Command::new("kill").args(["-0", pid])).is_err()
    }

    /// What the server has said so far.
    pub fn output(&self) -> String {
        fs::read_to_string(self.directory.join("output.log")).unwrap_or_default()
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// A directory of our own under the system's temporary one.
pub fn fresh_directory(kind: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("pgpurpose-test-{kind}-{}-{number}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a temporary directory");
    path
}

/// A port nobody listens on just now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// Runs a command to its end; what it printed is in the error.
pub fn run(command: &mut Command) -> io::Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{command:?}: {}\n{text}{errors}", output.status)))
}
