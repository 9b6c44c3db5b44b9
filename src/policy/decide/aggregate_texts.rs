//! What a client reads whose aggregates are refused: which column, why, what may stand there.

use super::site::SiteDraft;
use super::statement::Question;
use super::texts::{about, column_name, denied};
use crate::model::refusal::{Reason, Refusal};

/// Why aggregates over a table are refused, whatever its columns.
#[derive(Clone, Copy)]
pub enum Why {
    /// No `min_group`.
    NoSize,
    /// A view, a copy, a part of another table, or a table that is written.
    NoTable,
    NoPerson,
    Unsteady,
    Partial,
}

/// A column outside an aggregate.
pub fn only_inside(q: &Question<'_>, draft: &SiteDraft<'_>, number: i16) -> Refusal {
    let purpose = &q.access.purpose;
    let column = column_name(q, draft.relation, number);
    about(Some(draft.relation), Reason::Column, |name| {
        format!("purpose \"{purpose}\" may use column {name}.{column} only inside aggregates")
    })
    .detail(
        "It may stand alone in count, sum, avg, stddev or variance, in the query whose FROM names \
         its table; nowhere else, be it a filter, a key or another function.",
    )
    .hint(groups(q, draft))
    .on_column(&column)
    .rule(draft.meant.rule.clone())
}

/// A filter, join or group by something that could pick out one person.
pub fn not_a_group(
    q: &Question<'_>,
    draft: &SiteDraft<'_>,
    (part, number): (&SiteDraft<'_>, i16),
) -> Refusal {
    let purpose = &q.access.purpose;
    let column = column_name(q, part.relation, number);
    let message = format!(
        "purpose \"{purpose}\" may not choose the rows of an aggregate by {}.{column}",
        part.relation.name
    );
    denied(Reason::Column, message)
        .detail("Two statements that differ by one person would tell that person's value.")
        .hint(groups(q, draft))
        .on_table(part.relation.name.schema.as_str(), part.relation.name.name.as_str())
        .on_column(&column)
        .rule(draft.meant.rule.clone())
}

fn groups(q: &Question<'_>, draft: &SiteDraft<'_>) -> String {
    let names = &q.rules.categories.names;
    // INVARIANT: groups are indices of the tree.
    let groups: Vec<&str> = draft.meant.groups.iter().map(|at| names[*at].as_str()).collect();
    match groups.is_empty() {
        true => "Its aggregates cannot be filtered or grouped: the purpose has no \"groups:\" in \
                 the rules."
            .to_owned(),
        false => format!("They may be filtered and grouped by {}.", groups.join(", ")),
    }
}

pub fn refused(q: &Question<'_>, draft: &SiteDraft<'_>, why: Why) -> Refusal {
    let purpose = &q.access.purpose;
    let refusal = about(Some(draft.relation), Reason::Column, |name| {
        format!("purpose \"{purpose}\" may not aggregate {name} here")
    });
    let refusal = match why {
        Why::NoSize => refusal
            .detail("The rules do not say over how many people an aggregate must be.")
            .hint("Say \"min_group:\" of the purpose in the rules."),
        Why::NoTable => refusal.detail(
            "People are counted in tables as they are: not in a view, a copy, a part of another \
             table, or a table that is written.",
        ),
        Why::NoPerson => refusal
            .detail("Whose rows these are is not known, so people cannot be counted.")
            .hint("Name the column of the person: \"subject:\" of the table in the rules."),
        Why::Unsteady => refusal
            .detail("The statement calls a function that could choose rows one by one.")
            .hint("Functions like sum, lower, date_trunc, coalesce, now can stand beside it."),
        Why::Partial => refusal.detail(
            "All rows that the purpose may see must be there: no ONLY, no TABLESAMPLE, no star, \
             no join with a table whose rows depend on other conditions.",
        ),
    };
    refusal.rule(draft.meant.rule.clone())
}

pub fn unseen() -> Refusal {
    denied(Reason::Column, "an aggregate over a table that is not known".to_owned())
}
