//! Decision → edits: what is put in place of which tokens.
//!
//! A governed relation that is read becomes a derived table that shows only what is allowed;
//! everything above it can see nothing else. A target of a write cannot be replaced: there each
//! reference to a governed column becomes one guarded expression, and the guard joins the WHERE.
//! Where everything asked for is open, nothing is put in: the relation stays what it is.
//!
//! | file | owns |
//! |---|---|
//! | `cells` | columns that are seen only over a number of people |
//! | `read` | derived tables, groupings |
//! | `carry` | comparisons that are asked inside them |
//! | `display` | the server's own relations, shown with less than they hold |
//! | `once` | one guard for sites joined on the person |
//! | `write` | targets |
//! | `insert` | new rows of people who refuse what they hold |

mod carry;
mod cells;
mod display;
mod insert;
mod merge;
mod once;
mod read;
mod row;
mod write;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::emit::Edit;
use super::guard;
use super::mask;
use super::resolve::{Refused, Resolution, Site};
use super::tokens::{TokenRange, Tokens};
use crate::catalog::{Catalog, Column, Relation};
use crate::model::names::{Name, RelationId};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::model::ruling::{
    Action, Before, Condition, Decision, People, RelationClass, SiteRuling, SubjectPath,
};
use crate::model::usage::{SiteAccess, SiteColumn, SiteId};

/// The edits that carry out a decision, and where they were made.
#[derive(Clone, Debug, Default)]
pub struct Rewrite {
    pub edits: Vec<Edit>,
    /// Sites that were replaced or guarded.
    pub restricted: BTreeSet<SiteId>,
    /// Sites of the server's own relations that were replaced.
    pub displayed: BTreeSet<SiteId>,
}

/// Everything a rewrite looks at.
pub struct Rewriting<'a> {
    pub tokens: &'a Tokens<'a>,
    pub statement: TokenRange,
    pub resolution: &'a Resolution,
    pub decision: &'a Decision,
    pub catalog: &'a Catalog,
    pub people: &'a People,
    /// Code that is not known to be quiet runs in the statement.
    pub users_code: bool,
    /// Relations open to everybody, as the text of an array of numbers: `{16385,16390}`.
    pub open: &'a str,
}

impl<'a> Rewriting<'a> {
    pub fn run(&self) -> Refused<Rewrite> {
        let mut out = Rewrite::default();
        for (index, site) in self.resolution.sites.iter().enumerate() {
            let id = SiteId(index);
            let part = self.part(id, site)?;
            let access = self.resolution.uses.sites.get(index).map(|u| u.access);
            match access {
                Some(SiteAccess::Read) if part.restricted() => {
                    out.restricted.insert(id);
                    self.derive(&part, &mut out)?;
                }
                Some(SiteAccess::Read) if self.is_displayed(&part) => {
                    out.displayed.insert(id);
                    self.derive(&part, &mut out)?;
                }
                Some(SiteAccess::Read) | None => self.qualify(&part, &mut out),
                Some(
                    SiteAccess::Insert
                    | SiteAccess::Update
                    | SiteAccess::Delete
                    | SiteAccess::Merge,
                ) => {
                    self.qualify(&part, &mut out);
                    if part.restricted() {
                        out.restricted.insert(id);
                        self.guard_target(&part, &mut out)?;
                    }
                }
            }
        }
        self.extend_groupings(&mut out);
        Ok(out)
    }

    fn part(&self, id: SiteId, site: &'a Site) -> Refused<Part<'a>> {
        let (ruling, uses) = (self.decision.sites.get(id.0), self.resolution.uses.sites.get(id.0));
        let (Some(relation), Some(ruling), Some(uses)) =
            (self.catalog.relation(site.relation), ruling, uses)
        else {
            return Err(Box::new(Refusal::new(
                Reason::Internals,
                SqlState::INTERNAL_ERROR,
                "a site without a ruling",
            )));
        };
        let used = uses.read.union(&uses.lookup).copied().collect();
        let mut part = Part { id, site, relation, ruling, used, rows: &ruling.row_conditions };
        let alone = part.ruling.cells.is_none() && uses.access == SiteAccess::Read;
        if !part.rows.is_empty() && alone && self.is_excused(&part) {
            part.rows = &[];
        }
        Ok(part)
    }

    /// The relation under the name it was resolved to, whatever the search path says later.
    fn qualify(&self, part: &Part<'_>, out: &mut Rewrite) {
        let site = part.site;
        if site.only || site.range.end - site.range.start == 1 {
            let only = if site.only { "ONLY " } else { "" };
            let name = format!("{only}{}", part.relation.name.to_quoted());
            out.edits.push(Edit::replace(site.range, name));
        }
    }

    /// The guard of a row known as `row`, if rows are hidden.
    fn row_guard(&self, part: &Part<'_>, row: &str) -> Option<String> {
        let subject = part.ruling.subject.as_ref();
        guard::conjunction(part.rows, subject, (self.people, self.catalog), row)
    }

    /// A column of a site as the purpose may see it.
    fn column(&self, part: &Part<'_>, column: &Column, row: &str) -> String {
        let raw = format!("{row}.{}", column.name.to_quoted());
        if let Some(displayed) = self.displayed(part, column, row) {
            return displayed;
        }
        let ruling = part.ruling.columns.get(&column.number);
        let newest = match ruling.map_or(Action::Allow, |r| r.action) {
            Action::Aggregate | Action::Hide | Action::Block => return mask::null(column),
            action @ (Action::Allow | Action::Mask(_)) => value(action, &raw, column),
        };
        let before = ruling.map_or(&[][..], |r| &r.before);
        let subject = part.ruling.subject.as_ref();
        let value = self.by_version(before, subject, row, (newest, &|a| value(a, &raw, column)));
        let mut guards: Vec<String> = Vec::new();
        if self.is_noisy(part, column.number, is_quiet_type(column)) {
            guards.extend(self.row_guard(part, row));
        }
        guards.extend(self.value_guard(part, column, row));
        if guards.is_empty() {
            return value;
        }
        let guard = guards.join(" AND ");
        format!("CASE WHEN {guard} THEN {value} ELSE {} END", mask::null(column))
    }

    /// The value for people told of every version, or else what they were told of allows.
    fn by_version(
        &self,
        before: &[Before],
        subject: Option<&SubjectPath>,
        row: &str,
        (newest, value): (String, &dyn Fn(Action) -> String),
    ) -> String {
        let Some(oldest) = before.first() else { return newest };
        let mut text = "CASE".to_owned();
        let mut shown = newest;
        for before in before.iter().rev() {
            let told = [Condition::SeenVersion(before.version)];
            let told = guard::conjunction(&told, subject, (self.people, self.catalog), row);
            let told = told.unwrap_or_else(|| "FALSE".to_owned());
            let _ = write!(text, " WHEN {told} THEN {shown}");
            shown = value(before.action);
        }
        let _ = write!(text, " ELSE {} END", value(oldest.action));
        text
    }

    /// Whether something could tell the column's value of a row that is filtered out: it is used
    /// by more than quiet comparisons of quiet types, below the outermost select list.
    fn is_noisy(&self, part: &Part<'_>, number: i16, quiet_type: bool) -> bool {
        let at = SiteColumn { site: part.id, number };
        let resolution = self.resolution;
        !self.is_fenced(part)
            && (resolution.noisy.contains(&at)
                || (!quiet_type && resolution.compared.contains(&at)))
    }

    /// Whether rows must be filtered before anything else is done: something in the statement may
    /// raise an error, or act, without seeing NULL in the place of what is hidden. That a row
    /// came so far would tell of it.
    fn is_fenced(&self, part: &Part<'_>) -> bool {
        !part.rows.is_empty() && (self.users_code || !self.resolution.unheard.contains(part.id))
    }

    fn unsupported(&self, what: &str) -> Refusal {
        Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            format!("{what} is not supported"),
        )
        .detail("It would show more than the declared purpose may see.")
        .at(self.tokens.position(self.statement.start))
    }
}

/// One site with what is said about it.
struct Part<'a> {
    id: SiteId,
    site: &'a Site,
    relation: &'a Relation,
    ruling: &'a SiteRuling,
    /// The conditions that its rows must meet here.
    rows: &'a [Condition],
    /// Columns read or looked up.
    used: BTreeSet<i16>,
}

impl Part<'_> {
    /// Whether anything has to be put in at all.
    fn restricted(&self) -> bool {
        let limits = |number: &i16| {
            let ruling = self.ruling.columns.get(number);
            ruling.is_some_and(|r| !r.is_open())
        };
        self.ruling.class == RelationClass::Governed
            && (!self.ruling.row_conditions.is_empty()
                || !self.ruling.new_row_conditions.is_empty()
                || self.used.iter().any(limits))
    }

    fn opened(&self, number: i16) -> bool {
        let ruling = self.ruling.columns.get(&number);
        ruling.is_some_and(|r| r.lookup && r.action != Action::Allow)
    }
}

/// A value as an action leaves it.
fn value(action: Action, raw: &str, column: &Column) -> String {
    match action {
        Action::Allow => raw.to_owned(),
        Action::Mask(mask) => mask::masked(mask, raw, column),
        Action::Aggregate | Action::Hide | Action::Block => mask::null(column),
    }
}

/// Types whose comparison with a constant of theirs raises no error.
fn is_quiet_type(column: &Column) -> bool {
    const QUIET: [&str; 16] = [
        "bool",
        "int2",
        "int4",
        "int8",
        "oid",
        "text",
        "varchar",
        "bpchar",
        "name",
        "char",
        "uuid",
        "date",
        "timestamp",
        "timestamptz",
        "inet",
        "bytea",
    ];
    QUIET.contains(&column.base_type.as_str())
}

/// Relations of a statement, for the record.
pub fn relation_names(catalog: &Catalog, ids: impl Iterator<Item = RelationId>) -> Vec<String> {
    let names: BTreeSet<String> =
        ids.filter_map(|id| catalog.relation(id)).map(|r| r.name.to_string()).collect();
    names.into_iter().collect()
}

/// The row alias inside a derived table. Everything there is qualified: no name can meet it.
const ROW: &str = "t";

fn quoted(name: &Name) -> String {
    name.to_quoted()
}
