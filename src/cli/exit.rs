//! What the process says to whoever called it.

use std::io::Write;
use std::process::ExitCode;

/// Exit code of every verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Yes,
    /// A test failed, a statement is refused, the proxy is not ready.
    No,
    /// Files are not valid, the server is away: there is no answer.
    CannotTell,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Yes => 0,
            Exit::No => 1,
            Exit::CannotTell => 2,
        })
    }
}

/// Writes to standard output. Whoever reads may have seen enough and gone (`| head`); the exit
/// code answers all the same.
pub fn say(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
