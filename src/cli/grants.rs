//! Part of `check --upstream`: roles of the rule files that may not read what conditions on people
//! read, and tables of the application's own that tell nothing of withdrawals.

use crate::policy::Diagnostic;
use crate::snapshot::Snapshot;
use crate::upstream::Fault;
use crate::upstream::consent::lacking_blocking;

/// One warning for each role and relation.
pub fn lacking(url: &str, snapshot: &Snapshot) -> Result<Vec<Diagnostic>, Fault> {
    let people = snapshot.rules.people();
    let choices = people.choices.as_ref().map(|choices| &choices.table);
    let seen = people.seen.as_ref().map(|seen| &seen.table);
    let tables = [people.table.as_ref(), choices, seen];
    let relations: Vec<String> =
        tables.into_iter().flatten().map(|table| table.to_quoted()).collect();
    let roles: Vec<String> =
        snapshot.ruleset.roles().map(|role| role.as_str().to_owned()).collect();
    let pairs = lacking_blocking(url, &roles, &relations)?;
    Ok(pairs
        .into_iter()
        .map(|(role, relation)| {
            Diagnostic::warning("PP066", format!("role {role} may not read {relation}"))
                .label("statements with conditions on people fail for it")
                .help(format!("GRANT SELECT ON {relation} TO \"{role}\""))
        })
        .collect())
}
