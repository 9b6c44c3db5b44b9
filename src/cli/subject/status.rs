//! `pgpurpose subject lock | unlock | cancel`: how a person stands, in the consent store.

use anyhow::bail;
use clap::Args;

use super::record::Counts;
use super::session::{About, Session};
use crate::cli::exit::{Exit, say};

#[derive(Args, Debug)]
pub struct Change {
    #[command(flatten)]
    about: About,
    /// Where the reason is kept, such as the number of a case
    #[arg(long, value_name = "TEXT")]
    evidence: Option<String>,
}

impl Change {
    /// Exit 0: so it is now. 1: it was so before. 2: it cannot be.
    pub fn carry_out(&self, function: &'static str) -> anyhow::Result<Exit> {
        let verb = match function {
            "lock" => "subject lock",
            "unlock" => "subject unlock",
            _ => "subject cancel",
        };
        let mut session = Session::open(&self.about, verb)?;
        if !session.has_store()? {
            bail!("the database has no consent store; put it there with pgpurpose consent install");
        }
        let kind = &session.holdings.id_type;
        let sql = format!(
            "SELECT pgpurpose.{function}(CAST($1::text AS {kind}), nullif($2::text, ''))::text"
        );
        let evidence = self.evidence.as_deref().unwrap_or_default();
        let rows = session.operator.rows_with(&sql, session.id.expose(), evidence)?;
        let changed = rows.first().and_then(|row| row.first()).is_some_and(Option::is_some);
        let status = session.status()?.unwrap_or_else(|| "active".to_owned());
        session.log.done(&Counts::new())?;
        let before = if changed { "is now" } else { "was already" };
        say(&format!("the person {before} {status}\n"));
        Ok(if changed { Exit::Yes } else { Exit::No })
    }
}
