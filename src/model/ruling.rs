//! What the rules say about one use of data: the lattice of actions, the conditions on a person,
//! and the decision that the rewriter carries out.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::Times;
pub use super::fragment::Fragment;
use super::limits::{Cells, Quota};
use super::listed::Listed;
use super::names::{Name, QualifiedName, RelationId};
use super::privacy::{Consent, DataCategory};
use super::refusal::Refusal;

/// A built-in mask. Each keeps the column's type, never raises, gives NULL for NULL; the exact
/// result by type is the table in `rules/README.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mask {
    /// First letter of each word: `J. S.`
    Initial,
    /// Date cut to 1 January of its year.
    Year,
    /// Text after the last comma but one, else `***`.
    City,
    /// Last four characters.
    Last4,
    /// First character, `***@`, domain.
    Email,
    /// Network of an address: /24 for IPv4, /48 for IPv6.
    Subnet,
    /// Number cut down to its leading power of ten.
    Bucket,
    /// `***` whatever the value.
    Fixed,
}

impl Mask {
    /// The word of the rule language, also in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Mask::Initial => "initial",
            Mask::Year => "year",
            Mask::City => "city",
            Mask::Last4 => "last4",
            Mask::Email => "email",
            Mask::Subnet => "subnet",
            Mask::Bucket => "bucket",
            Mask::Fixed => "fixed",
        }
    }
}

/// What happens to a value, mildest first. Two different masks join to `Hide`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    Allow,
    Mask(Mask),
    /// Only inside aggregates over at least a minimum number of people.
    Aggregate,
    /// NULL of the column's own type.
    Hide,
    Block,
}

impl Action {
    /// The word of the rule language: `mask.last4`.
    pub fn word(self) -> String {
        match self {
            Action::Allow => "allow".to_owned(),
            Action::Mask(mask) => format!("mask.{}", mask.as_str()),
            Action::Aggregate => "aggregate".to_owned(),
            Action::Hide => "hide".to_owned(),
            Action::Block => "block".to_owned(),
        }
    }

    /// The strictest of several actions; two different masks, and nothing stricter, are `Hide`.
    /// A function of the set: the order in which rules are read cannot matter. An empty set is
    /// `Block`: no rule is a block.
    pub fn strictest(actions: impl IntoIterator<Item = Action>) -> Action {
        let all: BTreeSet<Action> = actions.into_iter().collect();
        match all.last() {
            None => Action::Block,
            Some(Action::Mask(_)) => {
                let masks = all.iter().filter(|a| matches!(a, Action::Mask(_))).count();
                if masks > 1 { Action::Hide } else { all.last().copied().unwrap_or(Action::Block) }
            }
            Some(strictest) => *strictest,
        }
    }
}

/// The line of a rule file that decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleRef {
    /// Id of the rule: `purposes.ads`, `rules.minors`, `roles.support`, `tables.shop.users`.
    pub id: String,
    /// `rules/purposes.yaml:29`
    pub place: String,
}

/// A condition on the person whose row is touched. It opens only where it is known to be TRUE;
/// unknown closes (a NULL subject, a missing person, a NULL birth date).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The person's choices allow it.
    Consent(Agreement),
    /// The person is not a minor (`subjects.minor` is known to be false).
    Adult,
    /// The account is not cancelled (`subjects.cancelled` is known to be false).
    NotCancelled,
    /// Nobody has locked the person (`subjects.locked` is known to be false).
    NotLocked,
    /// The person was told of this version of the policy, and it counts for them.
    SeenVersion(u32),
    /// The person is one of these, by ids that fit the type of their key.
    OneOf(BTreeSet<String>),
    /// The person is listed.
    Listed(Listed),
    /// At least one of these holds.
    Any(Vec<Condition>),
}

/// A question about the choices of a person, answered by the records that apply to it: those of
/// one of its purposes, categories, services and recipients. A refusal that applies counts
/// whatever else was said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Agreement {
    /// `Implied`: it was not refused. `Explicit`: it was given and not refused. `None`: the purpose
    /// asks nobody; it only counts that somebody refuses to have a category collected.
    pub kind: Consent,
    /// The purpose itself first, then those above it.
    pub purposes: Vec<String>,
    /// Only consent to the first of them counts; refusals count under any.
    pub exactly: bool,
    /// `None`: choices do not speak of categories.
    pub categories: Option<CategoryScope>,
    /// Whose data it is. `None`: choices do not speak of services.
    pub service: Option<String>,
    /// Who receives the data outside the company. `None`: nobody does, or choices do not say.
    pub recipient: Option<String>,
    /// Only a guardian's consent counts.
    pub guardian: bool,
}

impl Agreement {
    /// Of purposes alone.
    pub fn to(kind: Consent, purposes: Vec<String>) -> Agreement {
        let (categories, service, recipient) = (None, None, None);
        let (exactly, guardian) = (false, false);
        Agreement { kind, purposes, exactly, categories, service, recipient, guardian }
    }
}

/// The categories that a question about choices is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CategoryScope {
    /// A refusal that names no category counts.
    pub whole: bool,
    /// A refusal of one of these counts.
    pub refused: Vec<String>,
    /// Consent to one of these counts, as does consent that names no category.
    pub given: Vec<String>,
}

/// What a person's condition does where it is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonOutcome {
    /// The cell is NULL.
    Mask,
    /// The row is not there.
    HideRows,
}

/// The ruling for one column of one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRuling {
    /// For people who have been told of all versions of `before`.
    pub action: Action,
    /// What people see who have not: the first of which a person has not been told counts. Lowest
    /// version first.
    pub before: Vec<Before>,
    /// All must hold for the value to be seen; else the cell is NULL.
    pub conditions: Vec<Condition>,
    /// `column = constant` may compare with the real value.
    pub lookup: bool,
    pub categories: Vec<DataCategory>,
    pub because: Vec<RuleRef>,
}

impl ColumnRuling {
    /// Whether everybody's value is shown as it is.
    pub fn is_open(&self) -> bool {
        self.shows_value() && self.conditions.is_empty()
    }

    /// What people see who see the least.
    pub fn strictest(&self) -> Action {
        self.before.iter().map(|before| before.action).fold(self.action, Action::max)
    }

    /// Whether a value is shown as it is wherever it is shown.
    pub fn shows_value(&self) -> bool {
        self.action == Action::Allow && self.before.is_empty()
    }
}

/// What becomes of the value of people who have not been told of a version of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Before {
    pub version: u32,
    pub action: Action,
}

/// How a relation stands to the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelationClass {
    /// Holds personal data of people.
    Governed,
    /// Looked at, not personal (or unlisted where `defaults.unlisted.table: allow`).
    Plain,
    /// Read by the proxy, never through it.
    Internal,
    /// Other companies' data: passed through, still recorded.
    NotCovered,
    /// The server's own catalog.
    System,
}

/// What the rules say about one site (one reference to a relation) of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteRuling {
    pub relation: RelationId,
    pub class: RelationClass,
    /// For each governed column used there, its ruling. A column not in the map is plain.
    pub columns: BTreeMap<i16, ColumnRuling>,
    /// All must hold for the row to be there.
    pub row_conditions: Vec<Condition>,
    /// All must hold of the person of a new row for it to be written.
    pub new_row_conditions: Vec<Condition>,
    /// How the person of a row is found. `None`: no condition may be put on this site.
    pub subject: Option<SubjectPath>,
    /// How large the groups must be in which its `Aggregate` columns are seen.
    pub cells: Option<Cells>,
}

/// From a row of the site to the person's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectPath {
    /// Column of the site that holds the person's id, or the foreign key that leads to it.
    pub column: Name,
    /// Tables to go through: `(table, its key, its column that holds the next id)`.
    pub steps: Vec<SubjectStep>,
    /// The site is the table of people itself.
    pub is_people: bool,
}

/// One step of a subject path: from a foreign key to the row it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectStep {
    pub table: QualifiedName,
    pub key: Name,
    pub next: Name,
}

/// The SQL facts about people that conditions are made of, resolved against the catalog.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub table: Option<QualifiedName>,
    pub id: Option<Name>,
    /// Boolean SQL over the table of people.
    pub minor: Option<Fragment>,
    pub cancelled: Option<Fragment>,
    pub locked: Option<Fragment>,
    pub choices: Option<Choices>,
    pub seen: Option<SeenVersion>,
}

/// Where choices of people are kept.
#[derive(Clone, Debug)]
pub struct Choices {
    pub table: QualifiedName,
    pub subject: Name,
    pub purpose: Name,
    pub choice: Name,
    /// Values of a text choice column; `None`: it is a boolean column.
    pub values: Option<ChoiceValues>,
    /// A key of the table leaves a person one record for each purpose.
    pub one_each: bool,
    /// Boolean column: the choice was made by a guardian.
    pub guardian: Option<Name>,
    /// A guardian's choice and the person's own may stand beside each other: no key forbids it.
    pub guardian_apart: bool,
    /// Text columns that say what the choice is about; NULL in them is any.
    pub category: Option<Name>,
    pub service: Option<Name>,
    pub recipient: Option<Name>,
    /// Since when, and before when, consent counts; NULL is no limit.
    pub from: Option<Moment>,
    pub until: Option<Moment>,
}

/// A column that holds a moment.
#[derive(Clone, Debug)]
pub struct Moment {
    pub column: Name,
    /// It is read as the local time of this zone; `None`: it says its zone itself.
    pub zone: Option<String>,
}

/// Which texts of a choice column mean yes. Any other counts as refused.
#[derive(Clone, Debug)]
pub struct ChoiceValues {
    pub given: Vec<String>,
}

/// Where it is kept which version of the policy a person has been told of.
#[derive(Clone, Debug)]
pub struct SeenVersion {
    pub table: QualifiedName,
    pub subject: Name,
    pub version: Name,
    /// What else must be so before the version in force counts.
    pub in_force: Option<InForce>,
}

/// From when the version of the policy that is in force counts.
#[derive(Clone, Debug)]
pub struct InForce {
    pub version: u32,
    /// `YYYY-MM-DD`: not before this day begins in the time zone of the policy.
    pub effective: String,
    pub time_zone: String,
    /// Only for those who used the service since then.
    pub active: Option<LastActive>,
}

/// Where it is kept when a person last used the service.
#[derive(Clone, Debug)]
pub struct LastActive {
    pub table: QualifiedName,
    pub subject: Name,
    /// A date or a time.
    pub at: Name,
    pub with_time_zone: bool,
}

/// The ruling on one statement. Total: one `SiteRuling` for each site of its `Uses`.
#[derive(Clone, Debug)]
pub struct Decision {
    pub sites: Vec<SiteRuling>,
    /// The statement may not run at all.
    pub refusal: Option<Refusal>,
    /// Must be recorded in full even where nothing personal is touched.
    pub log: bool,
    /// Count and record, but forward the client's own bytes.
    pub observe: bool,
    /// What the rules only advise of, in a word each.
    pub advice: BTreeSet<&'static str>,
    /// A result of more rows than this ends the connection.
    pub max_rows: Option<u64>,
    /// When it may be carried out.
    pub times: Times,
    /// What is counted over a span of time.
    pub quotas: Vec<Quota>,
    /// Every line that had a say.
    pub because: Vec<RuleRef>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_action_wins_whatever_the_order() {
        let year = Action::Mask(Mask::Year);
        let fixed = Action::Mask(Mask::Fixed);
        assert_eq!(Action::strictest([]), Action::Block);
        assert_eq!(Action::strictest([Action::Allow, year]), year);
        assert_eq!(Action::strictest([year, fixed, Action::Allow]), Action::Hide);
        assert_eq!(Action::strictest([year, fixed, Action::Aggregate]), Action::Aggregate);
        assert_eq!(Action::strictest([Action::Block, Action::Hide]), Action::Block);
    }
}
