//! Whose row it is and whether it stays, as SQL over one row. `$1` is the person's id.

use super::holdings::{Holding, Holdings, Reference};
use crate::policy::ErasureWord;

impl Holdings {
    /// The row `alias` of a table is the person's. NULL where it is nobody's.
    pub fn is_theirs(&self, at: usize, alias: &str) -> String {
        let Some(table) = self.tables.get(at) else { return "false".to_owned() };
        let id = format!("CAST($1::text AS {})", self.id_type);
        let mut inner = None;
        for step in table.path.steps.iter().rev() {
            let (next, key) = (step.next.to_quoted(), step.key.to_quoted());
            let holds = match inner {
                None => format!("s.{next} = {id}"),
                Some(inner) => format!("s.{next} IN ({inner})"),
            };
            let from = step.table.to_quoted();
            inner = Some(format!("SELECT s.{key} FROM {from} AS s WHERE {holds}"));
        }
        let column = format!("{alias}.{}", table.path.column.to_quoted());
        match inner {
            None => format!("{column} = {id}"),
            Some(inner) => format!("{column} IN ({inner})"),
        }
    }

    /// The rules keep the person's row `alias` for its own sake; `None`: no row of this table.
    pub fn is_kept(&self, at: usize, alias: &str) -> Option<String> {
        let table = self.tables.get(at)?;
        if table.stay.word == ErasureWord::Delete {
            return None;
        }
        Some(match (&table.stay.from, table.stay.retain) {
            (Some(from), Some(span)) => {
                let (number, unit) = (span.number, span.unit);
                let from = from.to_quoted();
                // Not known when it began: it has not ended.
                format!("({alias}.{from} + interval '{number} {unit}' <= now()) IS NOT TRUE")
            }
            _ => "true".to_owned(),
        })
    }

    /// The person's row `alias` stays: for its own sake, or because a row that stays refers to it.
    pub fn stays(&self, at: usize, alias: &str) -> String {
        let referrers = self.referrers(at);
        if referrers.contains(&at) {
            // A circle has no beginning: one row that is kept in it keeps all of the person's.
            let kept = referrers.iter().filter_map(|from| {
                let name = self.tables.get(*from)?.name.to_quoted();
                let (theirs, kept) = (self.is_theirs(*from, "k"), self.is_kept(*from, "k")?);
                Some(format!("EXISTS (SELECT 1 FROM {name} AS k WHERE {theirs} AND {kept})"))
            });
            return any(kept.collect());
        }
        let mut reasons: Vec<String> = self.is_kept(at, alias).into_iter().collect();
        for (from, table) in self.tables.iter().enumerate() {
            if !self.may_stay(from) {
                continue;
            }
            for reference in table.references.iter().filter(|reference| reference.to == at) {
                let child = format!("{alias}{}", from);
                let (joined, theirs) =
                    (joins(reference, &child, alias), self.is_theirs(from, &child));
                let stays = self.stays(from, &child);
                let name = table.name.to_quoted();
                reasons.push(format!(
                    "EXISTS (SELECT 1 FROM {name} AS {child} \
                     WHERE {joined} AND {theirs} AND {stays})"
                ));
            }
        }
        any(reasons)
    }

    /// The row `alias` of another person refers to one of this person's that goes.
    pub fn refers_to_what_goes(&self, reference: &Reference, alias: &str) -> Option<String> {
        let to = self.tables.get(reference.to)?;
        let name = to.name.to_quoted();
        let joined = joins(reference, alias, "p");
        let (theirs, stays) = (self.is_theirs(reference.to, "p"), self.stays(reference.to, "p"));
        Some(format!(
            "EXISTS (SELECT 1 FROM {name} AS p WHERE {joined} AND {theirs} AND NOT ({stays}))"
        ))
    }

    /// The personal values of the person's row `t` that are not to stay: SQL of what stands in
    /// their place, by column.
    pub fn put_away(&self, at: usize) -> Vec<(String, String)> {
        let Some(table) = self.tables.get(at) else { return Vec::new() };
        let kept = self.is_kept(at, "t");
        let values = table.columns.iter().filter_map(|column| {
            let (own, neutral) =
                (format!("t.{}", column.name.to_quoted()), column.neutral.as_ref()?);
            let value = match (&kept, column.stays) {
                (Some(kept), true) if kept == "true" => return None,
                (Some(kept), true) => format!("CASE WHEN {kept} THEN {own} ELSE {neutral} END"),
                (Some(_) | None, _) => neutral.clone(),
            };
            Some((column.name.to_quoted(), value))
        });
        values.collect()
    }

    /// Whether something is still to be put away in the row `t`.
    pub fn is_to_change(&self, at: usize) -> String {
        let values = self.put_away(at);
        let differs = values.iter().map(|(column, value)| {
            // Not every type can be compared; every one has a text.
            format!("(t.{column})::text IS DISTINCT FROM ({value})::text")
        });
        any(differs.collect())
    }
}

/// Two rows are joined by a key.
fn joins(reference: &Reference, from: &str, to: &str) -> String {
    let pairs = reference.columns.iter().zip(&reference.referenced);
    let equal = pairs
        .map(|(column, key)| format!("{from}.{} = {to}.{}", column.to_quoted(), key.to_quoted()));
    equal.collect::<Vec<_>>().join(" AND ")
}

fn any(reasons: Vec<String>) -> String {
    match reasons.as_slice() {
        [] => "false".to_owned(),
        _ => format!("({})", reasons.join(" OR ")),
    }
}

impl Holding {
    /// Its name, safe to splice into SQL.
    pub fn sql(&self) -> String {
        self.name.to_quoted()
    }
}
