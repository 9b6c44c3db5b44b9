//! Puts the consent store into a database, or brings it up to date, in one transaction.

use std::collections::BTreeSet;

use tokio_postgres::Transaction;

use crate::upstream::connect::{self, Fault};
use crate::upstream::install::INSTALL_SQL;

/// The type of people's keys where none is named.
pub const SUBJECT_TYPE: &str = "bigint";

/// The role that may call the functions where none is named; made without a login.
pub const WRITERS: &str = "pgpurpose_consent";

/// What makes each version out of the one before.
const STEPS: [&str; 2] = [include_str!("001_choices.sql"), include_str!("002_changes.sql")];

/// What is put in place at every installation, in this order.
const WHOLE: [&str; 3] =
    [include_str!("state.sql"), include_str!("changes.sql"), include_str!("functions.sql")];

const GRANTS: &str = include_str!("grants.sql");

/// Two installations at once would both make what is not there.
const LOCK: &str = "SELECT pg_catalog.pg_advisory_xact_lock(7306085934160242500)";

/// What to install.
#[derive(Clone, Debug, Default)]
pub struct Installation {
    /// Type of people's keys; `None`: the one installed, else [`SUBJECT_TYPE`].
    pub subject_type: Option<String>,
    /// Roles that read people's data. `PUBLIC`: every role.
    pub readers: Vec<String>,
    /// Roles that read people's data, if the server knows them.
    pub rule_roles: Vec<String>,
    /// Tables of the application's own that conditions on people read.
    pub watched: Vec<Watched>,
    /// Roles that record what people say. None: [`WRITERS`].
    pub writers: Vec<String>,
}

/// A table whose changes readers by older snapshots must be told of. Names are as they stand in
/// SQL.
#[derive(Clone, Debug)]
pub struct Watched {
    pub table: String,
    /// The column with the purpose, bare; `None`: changes concern every purpose.
    pub purpose: Option<String>,
    /// What of a row, called `{row}`, makes it consent; `None`: every change counts.
    pub given: Option<String>,
    /// Columns, bare, whose changes count; none: all.
    pub columns: Vec<String>,
}

/// What has been done.
#[derive(Clone, Debug)]
pub struct Installed {
    /// The version there was; 0: none.
    pub before: usize,
    /// Who may read what conditions on people read.
    pub readers: Vec<String>,
    /// Who would, but is not there.
    pub missing: Vec<String>,
}

/// The whole of it as one script, for a database that has nothing yet.
pub fn script(installation: &Installation) -> String {
    let subject = installation.subject_type.as_deref().unwrap_or(SUBJECT_TYPE);
    let mut parts = vec![INSTALL_SQL.to_owned()];
    parts.extend(STEPS.iter().chain(&WHOLE).map(|sql| typed(sql, subject)));
    let readers: Vec<String> =
        installation.readers.iter().chain(&installation.rule_roles).cloned().collect();
    parts.extend([make_writers(installation), grants(installation, &readers)]);
    parts.extend(installation.watched.iter().map(watch));
    parts.push(mark());
    parts.join("\n")
}

/// Installs it at `postgres://…`, from outside any runtime.
pub fn install_blocking(url: &str, installation: &Installation) -> Result<Installed, Fault> {
    let target = connect::address(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::Shape(e.to_string()))?;
    runtime.block_on(async {
        let mut client = connect::connect(&target).await?;
        let transaction = client.transaction().await.map_err(Fault::Query)?;
        let installed = install(&transaction, installation).await?;
        transaction.commit().await.map_err(Fault::Query)?;
        Ok(installed)
    })
}

async fn install(at: &Transaction<'_>, installation: &Installation) -> Result<Installed, Fault> {
    let run = async |sql: &str| at.batch_execute(sql).await.map_err(Fault::Query);
    run(LOCK).await?;
    run(INSTALL_SQL).await?;
    let before = version(at).await?;
    let subject = subject_type(at, before, installation.subject_type.as_deref()).await?;
    for step in STEPS.iter().skip(before).chain(&WHOLE) {
        run(&typed(step, &subject)).await?;
    }
    run(&make_writers(installation)).await?;
    let (mut readers, missing) = there(at, &installation.rule_roles).await?;
    readers.extend(installation.readers.iter().cloned());
    run(&grants(installation, &readers)).await?;
    for watched in &installation.watched {
        run(&watch(watched)).await?;
    }
    run(&mark()).await?;
    Ok(Installed { before, readers, missing })
}

/// Which roles the server knows, and which not.
async fn there(
    at: &Transaction<'_>,
    roles: &[String],
) -> Result<(Vec<String>, Vec<String>), Fault> {
    let sql =
        "SELECT r.rolname::text FROM pg_catalog.pg_roles r WHERE r.rolname = ANY ($1::text[])";
    let rows = at.query(sql, &[&roles]).await.map_err(Fault::Query)?;
    let names: Result<BTreeSet<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
    let names = names.map_err(Fault::Query)?;
    Ok(roles.iter().cloned().partition(|role| names.contains(role)))
}

async fn version(at: &Transaction<'_>) -> Result<usize, Fault> {
    let sql = "SELECT version FROM pgpurpose.installed WHERE part = 'consent'";
    let row = at.query_opt(sql, &[]).await.map_err(Fault::Query)?;
    let version = row.map_or(Ok(0), |row| row.try_get::<_, i32>(0)).map_err(Fault::Query)?;
    let version = usize::try_from(version).unwrap_or_default();
    if version > STEPS.len() {
        return Err(Fault::Consent("the store has been installed by a newer version".to_owned()));
    }
    Ok(version)
}

/// The type of people's keys as the server spells it, so that nothing else gets into the script.
async fn subject_type(
    at: &Transaction<'_>,
    before: usize,
    wanted: Option<&str>,
) -> Result<String, Fault> {
    let found = if before == 0 {
        None
    } else {
        let sql = "SELECT pg_catalog.format_type(a.atttypid, NULL) FROM pg_catalog.pg_attribute a \
                   WHERE a.attrelid = 'pgpurpose.choice'::pg_catalog.regclass \
                   AND a.attname = 'subject'";
        let row = at.query_one(sql, &[]).await.map_err(Fault::Query)?;
        Some(row.try_get::<_, String>(0).map_err(Fault::Query)?)
    };
    let wanted = match (wanted, &found) {
        (None, Some(found)) => return Ok(found.clone()),
        (wanted, _) => wanted.unwrap_or(SUBJECT_TYPE),
    };
    let sql = "SELECT pg_catalog.format_type(t.oid, NULL) FROM pg_catalog.pg_type t \
               WHERE t.oid = pg_catalog.to_regtype($1) AND t.typtype IN ('b', 'd', 'e')";
    let row = at.query_opt(sql, &[&wanted]).await.map_err(Fault::Query)?;
    let Some(row) = row else {
        return Err(Fault::Consent(format!("there is no type \"{wanted}\" for people's keys")));
    };
    let named: String = row.try_get(0).map_err(Fault::Query)?;
    match found {
        Some(found) if found != named => {
            Err(Fault::Consent(format!("the store knows people by {found}, not by {named}")))
        }
        _ => Ok(named),
    }
}

fn typed(sql: &str, subject: &str) -> String {
    sql.replace("{subject}", subject)
}

fn make_writers(installation: &Installation) -> String {
    if !installation.writers.is_empty() {
        return String::new();
    }
    // Roles are the whole server's: another database may have made it.
    format!(
        "DO $$ BEGIN CREATE ROLE {WRITERS} NOLOGIN;\n\
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;\n"
    )
}

fn grants(installation: &Installation, readers: &[String]) -> String {
    let writers = match installation.writers.as_slice() {
        [] => array(&[WRITERS.to_owned()]),
        writers => array(writers),
    };
    GRANTS.replace("{readers}", &array(readers)).replace("{writers}", &writers)
}

fn watch(watched: &Watched) -> String {
    let text = |text: &Option<String>| match text {
        None => "NULL".to_owned(),
        Some(text) => format!("E'{}'", escaped(text)),
    };
    let columns = match watched.columns.as_slice() {
        [] => "NULL".to_owned(),
        columns => array(columns),
    };
    let (table, purpose, given) =
        (escaped(&watched.table), text(&watched.purpose), text(&watched.given));
    format!(
        "CALL pgpurpose.watch(E'{table}'::pg_catalog.regclass, {purpose}, {given}, {columns});\n"
    )
}

fn array(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("E'{}'", escaped(name))).collect();
    format!("ARRAY[{}]::text[]", quoted.join(", "))
}

/// A text between `E'` and `'` that may stand between `$$`.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'").replace('$', "\\x24")
}

fn mark() -> String {
    let version = STEPS.len();
    format!(
        "INSERT INTO pgpurpose.installed (part, version) VALUES ('consent', {version})\n\
         ON CONFLICT (part) DO UPDATE SET version = excluded.version, \
         installed = excluded.installed\n \
         WHERE installed.version IS DISTINCT FROM excluded.version;\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_roles_cannot_end_the_text_they_stand_in() {
        let readers = ["o'brien".to_owned(), "a$$b\\".to_owned()];
        let sql = grants(&Installation::default(), &readers);
        assert!(sql.contains("ARRAY[E'o\\'brien', E'a\\x24\\x24b\\\\']::text[]"), "{sql}");
        assert_eq!(sql.matches("$$").count(), 2);
        assert!(sql.contains("ARRAY[E'pgpurpose_consent']::text[]"));
    }

    #[test]
    fn a_script_is_whole() {
        let sql = script(&Installation { subject_type: Some("uuid".into()), ..Default::default() });
        assert!(!sql.contains("{subject}") && !sql.contains("{readers}"));
        assert!(sql.contains("subject     uuid NOT NULL"));
    }
}
