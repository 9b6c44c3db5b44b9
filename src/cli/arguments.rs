//! Every verb with its flags.

use clap::{Parser, Subcommand};

use super::exit::{Exit, say};
use super::layers::ConfigArguments;
use super::{
    cases, check, consent, explain, install, masks, ready, run, show, subject, token, versions,
};
use crate::config::LogFormat;
use crate::telemetry::start_logging;

/// A PostgreSQL proxy that enforces purpose-based access to personal data.
///
/// Exit codes: 0 yes, 1 no (refused, failed, not ready), 2 cannot tell (files invalid, server
/// away).
#[derive(Debug, Parser)]
#[command(name = "pgpurpose", version, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run the proxy
    Run(ConfigArguments),
    /// Check the rule files, alone or against a database
    Check(check::Check),
    /// Show what would happen to a statement, and which rule decides
    Explain(explain::Explain),
    /// Run the cases of a rule directory, and tell what they leave untested
    Test(cases::Test),
    /// Tell what changed in meaning between two versions of the rules
    Diff(versions::Diff),
    /// Keep a copy of the rules as published, to hold later versions against
    Keep(versions::Keep),
    /// Make key pairs and purpose tokens, and read tokens
    #[command(subcommand)]
    Token(token::Token),
    /// Put into a database what the proxy keeps there
    Install(install::Install),
    /// Keep what people agreed to, in the application's database
    Consent(consent::Consent),
    /// One person: who read their data, erasing, exporting, locking
    Subject(subject::Subject),
    /// Print the effective configuration, secrets hidden
    Config(show::Show),
    /// List the built-in masks
    Masks,
    /// Ask the admin port whether the proxy is ready
    Ready(ready::Ready),
}

impl Arguments {
    /// Does what the verb says. An error means that there is no answer.
    pub fn carry_out(self) -> anyhow::Result<Exit> {
        match self.verb {
            Verb::Run(arguments) => {
                let config = arguments.load()?;
                start_logging(&config.log.level, config.log.format == LogFormat::Json)?;
                run::serve(&config).map(|()| Exit::Yes)
            }
            Verb::Check(check) => check.carry_out(),
            Verb::Explain(explain) => explain.carry_out(),
            Verb::Test(test) => test.carry_out(),
            Verb::Diff(diff) => diff.carry_out(),
            Verb::Keep(keep) => keep.carry_out(),
            Verb::Token(token) => token.carry_out(),
            Verb::Install(install) => install.carry_out(),
            Verb::Consent(consent) => consent.carry_out(),
            Verb::Subject(subject) => subject.carry_out(),
            Verb::Config(show) => show.carry_out(),
            Verb::Masks => {
                say(&masks::table());
                Ok(Exit::Yes)
            }
            Verb::Ready(ready) => ready.carry_out(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
