//! A question about a person's choices as SQL over the records of their choices.
//!
//! A record says yes if its choice is known to be consent and its time is now; whatever else it
//! holds is a no. A no counts for all it speaks of, however it is worded; a yes only for what it
//! names. Every test is of the record alone, so that the planner may ask for all people at once.

use super::tokens::spell_text;
use crate::model::names::Name;
use crate::model::privacy::Consent;
use crate::model::ruling::{Agreement, CategoryScope, Choices, Moment, People};

/// Whether the choices of the person whose id is `subject` allow it, for rows known as `row`.
pub fn condition(agreement: &Agreement, people: &People, subject: &str, row: &str) -> String {
    let Some(choices) = &people.choices else { return "FALSE".to_owned() };
    // Our aliases must not hide the row, which the client may have named like them.
    let alias = |own: &str| match row.trim_matches('"') == own {
        true => format!("{own}_"),
        false => own.to_owned(),
    };
    let (c, d, p) = (alias("c"), alias("d"), alias("p"));
    let records = Records { agreement, choices, people, renewal: d, person: p };
    let exists = |tests: String| {
        format!(
            "EXISTS (SELECT 1 FROM {} AS {c} WHERE {c}.{} OPERATOR(pg_catalog.=) {subject} \
             AND {tests})",
            choices.table.to_quoted(),
            choices.subject.to_quoted(),
        )
    };
    match agreement.kind {
        Consent::None if agreement.categories.is_none() => "TRUE".to_owned(),
        // Nobody's data cannot have been refused.
        Consent::None => format!("NOT {}", exists(records.no(&c))),
        Consent::Implied => format!("{subject} IS NOT NULL AND NOT {}", exists(records.no(&c))),
        Consent::Explicit if records.are_single() => exists(records.yes(&c)),
        Consent::Explicit => {
            format!("{} AND NOT {}", exists(records.yes(&c)), exists(records.no(&c)))
        }
    }
}

struct Records<'a> {
    agreement: &'a Agreement,
    choices: &'a Choices,
    people: &'a People,
    /// Aliases of further records of the same person, and of the person.
    renewal: String,
    person: String,
}

impl Records<'_> {
    /// Whether the question has one record at most: where that says yes, none says no.
    fn are_single(&self) -> bool {
        self.choices.one_each
            && self.agreement.purposes.len() == 1
            && self.agreement.categories.is_none()
    }

    /// Whether a record gives what is asked for.
    fn yes(&self, c: &str) -> String {
        let mut tests = vec![match self.agreement.kind {
            // It opens what it names; nothing needs opening where no record is needed.
            Consent::Explicit => self.names_purpose(c),
            Consent::None | Consent::Implied => self.speaks_of_purpose(c),
        }];
        if let (Some(column), Some(scope)) = (&self.choices.category, &self.agreement.categories) {
            tests.push(any_or(c, column, &scope.given));
        }
        tests.extend(self.service(c));
        if let Some(column) = &self.choices.recipient {
            tests.push(match &self.agreement.recipient {
                Some(recipient) => equals_any(&of(c, column), std::slice::from_ref(recipient)),
                None => is_null(c, column),
            });
        }
        tests.push(format!("{} IS TRUE", self.choice(c)));
        match (&self.choices.guardian, self.agreement.guardian) {
            // Asked of minors alone.
            (Some(column), true) => tests.push(format!("{} IS TRUE", of(c, column))),
            (None, true) => tests.push("FALSE".to_owned()),
            (_, false) => tests.extend(self.own_or_of_minor(c, "")),
        }
        tests.extend(self.in_time(c));
        tests.join(" AND ")
    }

    /// Whether a record refuses what is asked for.
    fn no(&self, c: &str) -> String {
        let mut tests = vec![self.speaks_of_purpose(c)];
        if let (Some(column), Some(scope)) = (&self.choices.category, &self.agreement.categories) {
            tests.push(match scope {
                CategoryScope { whole: true, refused, .. } => any_or(c, column, refused),
                CategoryScope { refused, .. } => equals_any(&of(c, column), refused),
            });
        }
        tests.extend(self.service(c));
        if let Some(column) = &self.choices.recipient {
            tests.push(any_or(c, column, self.agreement.recipient.as_slice()));
        }
        tests.push(self.refuses(c));
        // A guardian's no stands until the person's own choice takes its place, if it can.
        if self.choices.guardian_apart {
            tests.extend(self.own_or_of_minor(c, " IS NOT FALSE"));
        }
        tests.join(" AND ")
    }

    fn names_purpose(&self, c: &str) -> String {
        let purposes = &self.agreement.purposes;
        let named = if self.agreement.exactly { 1 } else { purposes.len() };
        equals_any(&of(c, &self.choices.purpose), purposes.get(..named).unwrap_or_default())
    }

    /// Beside categories, no purpose is any.
    fn speaks_of_purpose(&self, c: &str) -> String {
        match &self.agreement.categories {
            None => equals_any(&of(c, &self.choices.purpose), &self.agreement.purposes),
            Some(_) => any_or(c, &self.choices.purpose, &self.agreement.purposes),
        }
    }

    /// Where no record is needed, a yes whose time is over, or has not come, must not turn into
    /// none: it is a no, unless the person has another that stands.
    fn refuses(&self, c: &str) -> String {
        let plain = format!("{} IS NOT TRUE", self.choice(c));
        let in_time = self.in_time(c);
        if in_time.is_empty() || self.agreement.kind == Consent::Explicit {
            return plain;
        }
        let d = &self.renewal;
        format!(
            "({plain} OR ({}) IS NOT TRUE AND NOT EXISTS (SELECT 1 FROM {} AS {d} \
             WHERE {d}.{subject} OPERATOR(pg_catalog.=) {c}.{subject} AND {}))",
            in_time.join(" AND "),
            self.choices.table.to_quoted(),
            self.yes(d),
            subject = self.choices.subject.to_quoted(),
        )
    }

    fn service(&self, c: &str) -> Option<String> {
        let column = self.choices.service.as_ref()?;
        Some(any_or(c, column, self.agreement.service.as_slice()))
    }

    /// Given must be known to be given; whatever is not is refused.
    fn choice(&self, c: &str) -> String {
        let column = of(c, &self.choices.choice);
        match &self.choices.values {
            None => column,
            Some(values) => equals_any(&column, &values.given),
        }
    }

    /// The time in which a yes counts.
    fn in_time(&self, c: &str) -> Vec<String> {
        let bound = |moment: &Moment, operator: &str| {
            let column = of(c, &moment.column);
            let now = "pg_catalog.statement_timestamp()";
            let now = match &moment.zone {
                None => now.to_owned(),
                Some(zone) => format!("pg_catalog.timezone({}, {now})", spell_text(zone)),
            };
            format!("({column} IS NULL OR {column} OPERATOR(pg_catalog.{operator}) {now})")
        };
        let mut tests = Vec::new();
        tests.extend(self.choices.from.as_ref().map(|from| bound(from, "<=")));
        tests.extend(self.choices.until.as_ref().map(|until| bound(until, ">")));
        tests
    }

    /// A guardian speaks for a minor, no longer for the adult. `unknown`: what makes the answer
    /// that of a minor where there is no such person.
    fn own_or_of_minor(&self, c: &str, unknown: &str) -> Option<String> {
        let guardian = self.choices.guardian.as_ref()?;
        let (minor, table) = (self.people.minor.as_ref()?, self.people.table.as_ref()?);
        let (id, p) = (self.people.id.as_ref()?, &self.person);
        Some(format!(
            "({} IS NOT TRUE OR (SELECT ({}) IS NOT FALSE FROM {} AS {p} \
             WHERE {p}.{} OPERATOR(pg_catalog.=) {c}.{}){unknown})",
            of(c, guardian),
            minor.with_alias(p),
            table.to_quoted(),
            id.to_quoted(),
            self.choices.subject.to_quoted(),
        ))
    }
}

fn of(row: &str, column: &Name) -> String {
    format!("{row}.{}", column.to_quoted())
}

fn is_null(row: &str, column: &Name) -> String {
    format!("{} IS NULL", of(row, column))
}

/// NULL is any.
fn any_or(row: &str, column: &Name, values: &[String]) -> String {
    match values {
        [] => is_null(row, column),
        _ => format!("({} OR {})", is_null(row, column), equals_any(&of(row, column), values)),
    }
}

fn equals_any(value: &str, texts: &[String]) -> String {
    let tests: Vec<String> = texts
        .iter()
        .map(|text| format!("{value} OPERATOR(pg_catalog.=) {}", spell_text(text)))
        .collect();
    if tests.is_empty() { "FALSE".to_owned() } else { format!("({})", tests.join(" OR ")) }
}
