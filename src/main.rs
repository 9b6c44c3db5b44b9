//! Arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser;
use pgpurpose::cli::{Arguments, Exit};

fn main() -> ExitCode {
    match Arguments::parse().carry_out() {
        Ok(exit) => exit.into(),
        Err(error) => {
            eprintln!("pgpurpose: {error:#}");
            Exit::CannotTell.into()
        }
    }
}
