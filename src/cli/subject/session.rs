//! What the verbs about one person share: the login, the rules, the key, the id.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::record::OperatorLog;
use crate::audit::AuditKey;
use crate::audit::key::path_beside;
use crate::cli::rules::load_rules;
use crate::model::person::{IdKind, PersonId};
use crate::snapshot::Snapshot;
use crate::subject::Holdings;
use crate::upstream::operator::Operator;

/// Who, where, under which rules.
#[derive(Args, Debug)]
pub struct About {
    /// The person's id, as it stands in the key of the table of people
    pub id: String,
    /// The server, past the proxy, with the login of an operator: postgres://…
    #[arg(long, env = "PGPURPOSE_OPERATOR_URL", value_name = "URL", hide_env_values = true)]
    pub upstream: String,
    /// Directory of the rule files
    #[arg(long, env = "PGPURPOSE_RULES", default_value = "rules", value_name = "DIR")]
    pub rules: PathBuf,
    #[command(flatten)]
    pub trail: Trail,
}

/// Where it is recorded, and with which key.
#[derive(Args, Debug)]
pub struct Trail {
    /// File that what operators do is recorded in
    #[arg(long, default_value = "audit-operators.jsonl", value_name = "FILE")]
    pub record: PathBuf,
    /// Key of the audit trail [default: audit.key beside the record]
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

impl Trail {
    /// The key in use. None is made here: one that the proxy does not use would tie nothing to
    /// anybody.
    pub fn key(&self) -> anyhow::Result<AuditKey> {
        let path = self.key.clone().unwrap_or_else(|| self.record.with_file_name("audit.key"));
        let mut keys = AuditKey::read(&path).context("name the proxy's key with --key")?;
        Ok(keys.swap_remove(0))
    }
}

/// The keys of a trail: those named, else those beside its first file.
pub fn keys(named: Option<&Path>, files: &[PathBuf]) -> anyhow::Result<Vec<AuditKey>> {
    let beside = files.first().map(|file| path_beside(file));
    let path = named.map(Path::to_owned).or(beside).context("name a key with --key")?;
    AuditKey::read(&path).context("name the key of the trail with --key")
}

/// A session about one person.
pub struct Session {
    pub operator: Operator,
    pub snapshot: Snapshot,
    pub holdings: Holdings,
    /// The id as the server would print it.
    pub id: PersonId,
    pub key: AuditKey,
    pub log: OperatorLog,
}

impl Session {
    pub fn open(about: &About, verb: &'static str) -> anyhow::Result<Session> {
        let key = about.trail.key()?;
        let ruleset = Arc::new(load_rules(&about.rules)?);
        let operator = Operator::connect(&about.upstream)?;
        let catalog = Arc::new(operator.catalog()?);
        let (snapshot, diagnostics) = Snapshot::build(ruleset, catalog);
        let errors: Vec<String> =
            diagnostics.iter().filter(|d| d.is_error()).map(|d| d.render(false)).collect();
        if !errors.is_empty() {
            bail!("the rules do not fit the database\n{}", errors.join("\n\n"));
        }
        let kind = snapshot.rules.id_kind(&snapshot.catalog).ok_or_else(|| {
            anyhow!("people must be known by an integer, a uuid or a text (`subjects.id`)")
        })?;
        let id = kind
            .from_text(&about.id)
            .ok_or_else(|| anyhow!("this cannot be an id {}", like(kind)))?;
        let holdings = Holdings::of(&snapshot);
        let role = operator.rows_plain("SELECT session_user::text, current_database()::text")?;
        let said = |at: usize| role.first().and_then(|row| row.get(at).cloned().flatten());
        let log = OperatorLog::open(
            &about.trail.record,
            verb,
            (said(0).unwrap_or_default(), said(1).unwrap_or_default()),
            (key.subject(&id), snapshot.ruleset.hash().to_owned()),
        )?;
        Ok(Session { operator, snapshot, holdings, id, key, log })
    }

    /// Whether the consent store is in the database.
    pub fn has_store(&self) -> anyhow::Result<bool> {
        let sql = "SELECT to_regclass('pgpurpose.event')::text";
        let rows = self.operator.rows_plain(sql)?;
        Ok(rows.first().and_then(|row| row.first()).is_some_and(Option::is_some))
    }

    /// The person's status in the store; `None`: none is recorded.
    pub fn status(&self) -> anyhow::Result<Option<String>> {
        let kind = &self.holdings.id_type;
        let sql = format!("SELECT s.status FROM pgpurpose.status(CAST($1::text AS {kind})) AS s");
        let rows = self.operator.rows(&sql, self.id.expose())?;
        Ok(rows.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
    }
}

fn like(kind: IdKind) -> &'static str {
    match kind {
        IdKind::Integer => "(people are known by integers)",
        IdKind::Uuid => "(people are known by UUIDs)",
        IdKind::Text | IdKind::Padded => "(people are known by texts)",
    }
}
