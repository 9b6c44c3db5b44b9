//! What a refused client reads: PostgreSQL's own style, names of the client's own statement, no
//! data values, no choice of any person, no other role's name.

use super::site::{ColumnDraft, SiteDraft};
use super::statement::Question;
use crate::model::access::Access;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::{Action, RelationClass, RuleRef};
use crate::model::usage::SiteColumn;
use crate::policy::bind::BoundRelation;
use crate::policy::ruleset::Rules;

pub(super) fn denied(reason: Reason, message: String) -> Refusal {
    Refusal::new(reason, SqlState::INSUFFICIENT_PRIVILEGE, message)
}

/// Names the relation in the message and in the fields that drivers read.
pub(super) fn about(
    relation: Option<&BoundRelation>,
    reason: Reason,
    message: impl Fn(&str) -> String,
) -> Refusal {
    let Some(relation) = relation else { return denied(reason, message("a relation")) };
    let refusal = denied(reason, message(&relation.name.to_string()))
        .on_table(relation.name.schema.as_str(), relation.name.name.as_str());
    match &relation.rule {
        Some(rule) => refusal.rule(rule.clone()),
        None => refusal,
    }
}

pub fn internal(relation: Option<&BoundRelation>) -> Refusal {
    let listed = relation.is_some_and(|relation| relation.rule.is_some());
    about(relation, Reason::Internal, |name| format!("permission denied for table {name}")).detail(
        if listed {
            "The rules keep it for the proxy itself."
        } else {
            "It shows what may not be read through the proxy."
        },
    )
}

pub fn unlisted(relation: Option<&BoundRelation>) -> Refusal {
    about(relation, Reason::Unlisted, |name| format!("{name} is not classified"))
        .detail("No rule says whether it holds personal data, so it is closed.")
        .hint("List it under \"tables:\" in the rules.")
}

pub fn closed(relation: &BoundRelation, why: &str) -> Refusal {
    about(Some(relation), Reason::Unlisted, |name| format!("{name} is closed"))
        .detail(format!("The rules do not fit the database: {why}."))
        .hint("Run \"pgpurpose check\", or list it under \"tables:\" in the rules.")
}

pub fn no_purpose(rules: &Rules, access: &Access, relation: Option<&BoundRelation>) -> Refusal {
    let role = &access.role;
    let name = relation.map_or_else(|| "a table".to_owned(), |r| r.name.to_string());
    let mut refusal = denied(Reason::NoPurpose, "no purpose declared".to_owned());
    if let Some(relation) = relation {
        let name = &relation.name;
        refusal = refusal.on_table(name.schema.as_str(), name.name.as_str());
    }
    let Some(entry) = rules.roles.get(role) else {
        return refusal
            .detail(format!("Role \"{role}\" must say why it reads {name}."))
            .hint("The role is not listed in the rules, so no purpose is open to it.");
    };
    let open = rules.open_purposes(entry);
    let default = if entry.default.is_some() { "" } else { "; it has no default purpose" };
    refusal
        .detail(format!("Role \"{role}\" must say why it reads {name}{default}."))
        .hint(match open.first() {
            Some(purpose) => format!(
                "SET pgpurpose.purpose = '{purpose}', or put options=-c pgpurpose.purpose=... \
                 in the connection string."
            ),
            None => rules.open_to(entry),
        })
        .rule(entry.rule.clone())
}

pub fn forbidden(q: &Question<'_>, draft: &SiteDraft<'_>) -> Refusal {
    let purpose = &q.access.purpose;
    let service = &draft.relation.service_name;
    let mut refusal = about(Some(draft.relation), Reason::Column, |name| {
        format!("purpose \"{purpose}\" may not use table {name}")
    })
    .detail(format!("The rules forbid this purpose for data of \"{service}\"."));
    refusal = refusal.rule(draft.meant.rule.clone());
    refusal
}

/// "purpose "ads" may not use column shop.users.email"
pub fn column(q: &Question<'_>, draft: &SiteDraft<'_>, number: i16) -> Refusal {
    let purpose = &q.access.purpose;
    let name = column_name(q, draft.relation, number);
    let message =
        format!("purpose \"{purpose}\" may not use column {}.{name}", draft.relation.name);
    let categories = categories(q, draft, number);
    let own = draft.relation.service.checked_sub(1).and_then(|at| q.rules.services.get(at));
    let version = own.and_then(|service| service.version).or(q.rules.policy.version);
    let version = version.map_or_else(String::new, |v| format!(" (policy version {v})"));
    let detail = match categories.as_slice() {
        [] => "The rules do not classify the column, so it is closed.".to_owned(),
        [one] => {
            format!("The column holds {one}; purpose \"{purpose}\" does not cover it{version}.")
        }
        [first, last] => format!(
            "The column holds {first} and {last}; purpose \"{purpose}\" does not cover \
             both{version}."
        ),
        many => format!(
            "The column holds {}; purpose \"{purpose}\" does not cover all of them{version}.",
            many.join(", ")
        ),
    };
    let reason = if categories.is_empty() { Reason::Unlisted } else { Reason::Column };
    let rule = blocking(draft, number);
    denied(reason, message)
        .detail(detail)
        .hint(open_columns(q, draft))
        .on_table(draft.relation.name.schema.as_str(), draft.relation.name.name.as_str())
        .on_column(&name)
        .rule(rule.or_else(|| draft.relation.rule.clone()).unwrap_or(draft.meant.rule.clone()))
}

fn categories<'q>(q: &Question<'q>, draft: &SiteDraft<'_>, number: i16) -> Vec<&'q str> {
    let names = &q.rules.categories.names;
    draft.columns.get(&number).map_or_else(Vec::new, |column| {
        // INVARIANT: categories of columns are indices of the tree.
        column.bound.categories.iter().map(|category| names[*category].as_str()).collect()
    })
}

/// The line that says `block`, or that says nothing of the category.
fn blocking(draft: &SiteDraft<'_>, number: i16) -> Option<RuleRef> {
    let column = draft.columns.get(&number)?;
    let words = column.bound.categories.iter().filter_map(|at| draft.meant.words.get(*at));
    let mut blocked = words.filter(|word| word.action == Action::Block);
    let own = blocked.next().and_then(|word| word.because.first().cloned());
    own.or_else(|| column.because.last().map(|rule| (*rule).clone()))
}

pub(super) fn column_name(q: &Question<'_>, relation: &BoundRelation, number: i16) -> String {
    let found = q.catalog.by_name(&relation.name).and_then(|r| r.column_number(number));
    found.map_or_else(|| number.to_string(), |column| column.name.to_string())
}

/// "Columns of shop.users open to "ads": id, status, birth_date (year)."
fn open_columns(q: &Question<'_>, draft: &SiteDraft<'_>) -> String {
    let relation = draft.relation;
    let mut open = Vec::new();
    let all = q.catalog.by_name(&relation.name).map_or(&[][..], |r| r.columns.as_slice());
    for column in all {
        let Some(bound) = q.bound.label(relation, column.number) else {
            open.push(column.name.to_string());
            continue;
        };
        let fresh = ColumnDraft::new(q, draft.meant, bound);
        let action =
            draft.columns.get(&column.number).map_or_else(|| fresh.action(), |d| d.action());
        match action {
            Action::Allow => open.push(column.name.to_string()),
            Action::Mask(mask) => open.push(format!("{} ({})", column.name, mask.as_str())),
            Action::Hide if fresh.word() == Action::Aggregate => {
                open.push(format!("{} (inside aggregates)", column.name));
            }
            Action::Aggregate | Action::Hide => open.push(format!("{} (hidden)", column.name)),
            Action::Block => {}
        }
    }
    let purpose = &q.access.purpose;
    if open.is_empty() {
        return format!("No column of {} is open to \"{purpose}\".", relation.name);
    }
    format!("Columns of {} open to \"{purpose}\": {}.", relation.name, open.join(", "))
}

pub fn nobody(q: &Question<'_>, relation: &BoundRelation) -> Refusal {
    let purpose = &q.access.purpose;
    about(Some(relation), Reason::Rule, |name| {
        format!("purpose \"{purpose}\" may not use table {name}")
    })
    .detail("What a person agreed to decides here, and whose rows these are is not known.")
    .hint("Name the column of the person: \"subject:\" of the table in the rules.")
}

pub fn facts_missing(relation: &BoundRelation) -> Refusal {
    about(Some(relation), Reason::Rule, |name| format!("{name} is closed"))
        .detail("What the rules ask about people cannot be read in this database.")
        .hint("Run \"pgpurpose check\" against this database.")
}

pub fn insert_needs_consent(q: &Question<'_>, relation: &BoundRelation) -> Refusal {
    let purpose = &q.access.purpose;
    about(Some(relation), Reason::Write, |name| {
        format!("purpose \"{purpose}\" may not insert into {name}")
    })
    .detail("The purpose needs the person's consent, which a new row cannot show.")
}

pub fn view_tells(q: &Question<'_>, relation: &BoundRelation) -> Refusal {
    let purpose = &q.access.purpose;
    about(Some(relation), Reason::Column, |name| {
        format!("purpose \"{purpose}\" may not use view {name}")
    })
    .detail("Which rows the view has depends on values that this purpose may not see.")
    .hint("Read its tables instead, or list the view under \"tables:\" in the rules.")
}

pub fn view_computes(relation: &BoundRelation) -> Refusal {
    about(Some(relation), Reason::Column, |name| format!("view {name} is closed"))
        .detail("It computes columns from rows that may not all be seen.")
        .hint("Read its tables instead, or list the view under \"tables:\" in the rules.")
}

/// A rule of `rules:` with `then: block`.
pub fn rule(q: &Question<'_>, rule: &RuleRef) -> Refusal {
    let purpose = &q.access.purpose;
    let message = format!("a rule refuses this statement for purpose \"{purpose}\"");
    denied(Reason::Rule, message).detail(format!("It is rule \"{}\".", rule.id)).rule(rule.clone())
}

/// Categories that identify together.
pub fn together(q: &Question<'_>, rule: &RuleRef) -> Refusal {
    let purpose = &q.access.purpose;
    let message = format!("purpose \"{purpose}\" may not use these columns together");
    denied(Reason::Rule, message)
        .detail(format!("Together they tell who somebody is: \"{}\".", rule.id))
        .hint("Leave one of them out.")
        .rule(rule.clone())
}

pub fn may_not_write(q: &Question<'_>, relation: &BoundRelation) -> Refusal {
    let purpose = &q.access.purpose;
    about(Some(relation), Reason::Write, |name| {
        format!("purpose \"{purpose}\" may not write table {name}")
    })
    .detail("The purpose has no \"write:\" for what the table holds.")
}

pub fn may_not_write_column(q: &Question<'_>, draft: &SiteDraft<'_>, number: i16) -> Refusal {
    let purpose = &q.access.purpose;
    let column = column_name(q, draft.relation, number);
    let held = match draft.relation.columns.get(&number) {
        Some(bound) if !bound.categories.is_empty() => {
            let names = &q.rules.categories.names;
            // INVARIANT: categories of columns are indices of the tree.
            let held = bound.categories.iter().map(|category| names[*category].as_str());
            held.collect::<Vec<_>>().join(", ")
        }
        _ => "data that is not classified".to_owned(),
    };
    about(Some(draft.relation), Reason::Write, |name| {
        format!("purpose \"{purpose}\" may not write column {name}.{column}")
    })
    .detail(format!("The column holds {held}; \"write:\" of the purpose does not cover that."))
    .on_column(&column)
    .rule(draft.meant.rule.clone())
}

pub fn writes_unseen(q: &Question<'_>, draft: &SiteDraft<'_>, number: i16) -> Refusal {
    let purpose = &q.access.purpose;
    let column = column_name(q, draft.relation, number);
    about(Some(draft.relation), Reason::Write, |name| {
        format!("purpose \"{purpose}\" may not write column {name}.{column}")
    })
    .detail("It does not see the column in clear, so it could write a mask over the value.")
    .hint("Leave the column out, or name its category under \"write_only:\" in the rules.")
    .on_column(&column)
}

pub fn tells_taken(q: &Question<'_>, draft: &SiteDraft<'_>, number: i16) -> Refusal {
    let purpose = &q.access.purpose;
    let column = column_name(q, draft.relation, number);
    about(Some(draft.relation), Reason::Write, |name| {
        format!("purpose \"{purpose}\" may not be told whether a value of {name}.{column} is taken")
    })
    .detail(
        "It does not see the column in clear for everyone, and the write succeeds or not by it.",
    )
    .hint(format!("Name its categories under \"tells_taken:\" of \"{purpose}\" in the rules."))
    .on_column(&column)
    .rule(draft.meant.rule.clone())
}

pub fn write_to_view(relation: &BoundRelation) -> Refusal {
    about(Some(relation), Reason::Write, |name| format!("cannot write through view {name}"))
        .hint("Write to its table, or list the view under \"tables:\" in the rules.")
}

pub fn carries_away(
    q: &Question<'_>,
    source: &SiteDraft<'_>,
    number: i16,
    (to, class): (SiteColumn, Option<RelationClass>),
) -> Refusal {
    let column = column_name(q, source.relation, number);
    let target = q.bound.relation_of(q.uses, to.site.0);
    let target = target.map_or_else(|| "the target".to_owned(), |t| t.name.to_string());
    let detail = match class {
        Some(RelationClass::Plain | RelationClass::System) => {
            format!("{target} is listed as holding no personal data.")
        }
        Some(RelationClass::NotCovered) => format!("{target} is not covered by the rules."),
        _ => format!("The column of {target} it is written to has not the same categories."),
    };
    about(Some(source.relation), Reason::Write, |name| {
        format!("value of {name}.{column} may not be copied to {target}")
    })
    .detail(detail)
    .on_column(&column)
}

fn copied(q: &Question<'_>, source: &SiteDraft<'_>, number: i16, to: SiteColumn) -> Refusal {
    let column = column_name(q, source.relation, number);
    let target = q.bound.relation_of(q.uses, to.site.0);
    let target = target.map_or_else(|| "the target".to_owned(), |t| t.name.to_string());
    about(Some(source.relation), Reason::Write, |name| {
        format!("value of {name}.{column} may not be copied to {target}")
    })
    .on_column(&column)
}

pub fn is_sharing(q: &Question<'_>, source: &SiteDraft<'_>, target: usize) -> Refusal {
    let purpose = &q.access.purpose;
    let target = q.bound.relation_of(q.uses, target);
    let target = target.map_or_else(|| "the target".to_owned(), |t| t.name.to_string());
    about(Some(source.relation), Reason::Write, |name| {
        format!("purpose \"{purpose}\" may not put anything of {name} into {target}")
    })
    .detail(format!("{target} holds data of others; to put personal data there is sharing."))
    .hint("Declare a purpose of sharing, one with \"outside: true\" in the rules.")
}

pub fn leaves_person(
    q: &Question<'_>,
    source: &SiteDraft<'_>,
    number: i16,
    to: SiteColumn,
) -> Refusal {
    copied(q, source, number, to)
        .detail("It would count as another person's, whose choices are not those of its own.")
        .hint("Copy the person's key with it, or name one person in the WHERE clause.")
}

pub fn leaves_service(
    q: &Question<'_>,
    source: &SiteDraft<'_>,
    number: i16,
    to: SiteColumn,
) -> Refusal {
    copied(q, source, number, to)
        .detail("There it belongs to another service, whose rules are milder for some purpose.")
}

pub fn one_person(q: &Question<'_>, draft: &SiteDraft<'_>) -> Refusal {
    let purpose = &q.access.purpose;
    let relation = draft.relation;
    let message = format!("purpose \"{purpose}\" may use {} for one person only", relation.name);
    let key = relation.subject.as_ref().map(|path| path.column.to_string());
    let rule = RuleRef { id: ONE_PERSON.to_owned(), place: draft.meant.rule.place.clone() };
    let refusal = denied(Reason::OnePerson, message)
        .detail("The WHERE clause does not pin one person.")
        .on_table(relation.name.schema.as_str(), relation.name.name.as_str())
        .rule(rule);
    match key {
        Some(key) => refusal.hint(format!("Add {key} = ... to the WHERE clause.")),
        None => refusal.hint("Name the table's \"subject:\" in the rules."),
    }
}

/// Id of the rule that a statement must pin one person.
const ONE_PERSON: &str = "only_one_person";
