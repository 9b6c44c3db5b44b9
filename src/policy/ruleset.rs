//! `Ruleset`: all rules, valid by construction, every name of theirs resolved to an index.
//!
//! Nothing here knows a database; that is `bind`. Only `check` makes one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Place};
pub use super::entries::{Grant, ListRule, Recipient, RoleEntry};
pub use super::limits::{Combination, QuotaRule};
pub use super::shape::Need;
use super::shape::{ActiveShape, ErasureWord, LiftingConsent, ListShape, MaskMeaning};
use super::shape::{MinorSql, SeenShape, Span, SubjectKind, SubjectShape, SubjectsShape};
use super::shape::{TablePattern, Then};
use crate::catalog::store::StoreCall;
use crate::model::names::{Name, QualifiedName};
use crate::model::privacy::{Consent, DataCategory, LawfulBasis, Purpose};
use crate::model::ruling::{Action, PersonOutcome, RuleRef};

/// All rules, valid by construction.
#[derive(Clone, Debug)]
pub struct Ruleset {
    pub(super) rules: Arc<Rules>,
    pub(super) warnings: Vec<Diagnostic>,
}

/// SQL of `subjects:` that has to be compiled into fragments before `bind`.
#[derive(Clone, Debug, Default)]
pub struct PeopleSql {
    pub table: Option<QualifiedName>,
    pub minor: Option<MinorSql>,
    pub cancelled: Option<String>,
    pub locked: Option<String>,
    /// Time zone in which `current_date` is read.
    pub time_zone: String,
}

/// What the rules say about a login role, apart from data.
#[derive(Clone, Debug, Default)]
pub struct RoleRule {
    pub default_purpose: Option<Purpose>,
    /// A purpose may be declared in a leading or trailing comment.
    pub comments: bool,
    /// May define and run code whose body is not judged (`code: unchecked`).
    pub unchecked_code: bool,
    /// What it may do with the consent store by its functions.
    pub consent: Option<StoreCall>,
    pub observe: bool,
}

/// The content of a `Ruleset`.
#[derive(Clone, Debug)]
pub struct Rules {
    pub hash: String,
    pub policy: Policy,
    pub observe: bool,
    pub refused: PersonOutcome,
    pub unlisted_table: bool,
    pub unlisted_function: bool,
    pub unparsable_sql: bool,
    /// Functions that somebody has read, by name or pattern.
    pub trusted_functions: Vec<(TablePattern, Place)>,
    pub categories: Categories,
    pub subjects: Option<SubjectsShape>,
    /// Categories whose values stay when a person is erased.
    pub stays: Vec<(usize, Erasure)>,
    pub tables: BTreeMap<QualifiedName, TableRule>,
    /// Most specific first.
    pub patterns: Vec<(TablePattern, TableRule)>,
    pub purposes: Vec<PurposeRule>,
    pub purpose_index: BTreeMap<String, usize>,
    pub roles: BTreeMap<Name, RoleEntry>,
    /// By id.
    pub rules: Vec<Rule>,
    /// By id.
    pub combinations: Vec<Combination>,
    /// By id.
    pub quotas: Vec<QuotaRule>,
    pub services: Vec<ServiceRule>,
    /// Lists of people as written, for what has to fit a database.
    pub lists: Vec<ListShape>,
}

#[derive(Clone, Debug)]
pub struct Policy {
    pub version: Option<u32>,
    /// `YYYY-MM-DD`
    pub effective: Option<String>,
    pub notice_required: bool,
    /// `YYYY-MM-DD`
    pub published: Option<String>,
    pub seen: Option<SeenShape>,
    pub active: Option<ActiveShape>,
    pub time_zone: String,
}

/// The tree of categories, flattened: groups and leaves each have an index.
#[derive(Clone, Debug, Default)]
pub struct Categories {
    pub names: Vec<DataCategory>,
    pub index: BTreeMap<String, usize>,
    /// Leaves at or below each category.
    pub leaves: Vec<Vec<usize>>,
    /// What `mask` means, for leaves.
    pub masks: Vec<Option<MaskMeaning>>,
}

impl Categories {
    /// Whether values of category `of` are all of category `general`.
    pub fn covers(&self, general: usize, of: usize) -> bool {
        // INVARIANT: categories are indices of the tree and of every list by category.
        let general = self.names[general].as_str();
        self.names[of].lineage().any(|above| above == general)
    }

    pub fn count(&self) -> usize {
        self.names.len()
    }
}

/// How a table, or every table of a pattern, stands to the rules.
#[derive(Clone, Debug)]
pub struct TableRule {
    pub rule: RuleRef,
    pub place: Place,
    pub body: TableRuleBody,
}

#[derive(Clone, Debug)]
pub enum TableRuleBody {
    Plain,
    Internal,
    NotCovered,
    Governed(Box<GovernedRule>),
}

#[derive(Clone, Debug)]
pub struct GovernedRule {
    pub subject: Option<(SubjectShape, Place)>,
    /// `None`: the rows of a person who is erased are deleted, but for categories that stay.
    pub erase: Option<Erasure>,
    pub plain: BTreeMap<Name, Place>,
    pub columns: BTreeMap<Name, ColumnLabel>,
    pub rest: Option<ColumnLabel>,
}

/// What becomes of the rows of a person who is erased.
#[derive(Clone, Debug, Default)]
pub struct Erasure {
    pub word: ErasureWord,
    /// Categories whose values stay where the rest is masked, as indices.
    pub keep: BTreeSet<usize>,
    pub retain: Option<Span>,
    /// The column that `retain` counts from.
    pub from: Option<(Name, Place)>,
    pub because: Option<String>,
}

impl Erasure {
    /// Whether the same stays, whatever the reason.
    pub fn stays_as(&self, other: &Erasure) -> bool {
        let what = |e: &Erasure| (e.word, e.keep.clone(), e.retain, e.from.clone().map(|f| f.0));
        what(self) == what(other)
    }
}

/// The categories of a column, as indices.
#[derive(Clone, Debug)]
pub struct ColumnLabel {
    pub categories: BTreeSet<usize>,
    pub place: Place,
}

/// A purpose, or a part of one.
#[derive(Clone, Debug)]
pub struct PurposeRule {
    pub path: Purpose,
    pub place: Place,
    pub has_parts: bool,
    pub any_label: bool,
    pub outside: bool,
    /// Only under a purpose token.
    pub token_required: bool,
    /// What it means for data of no service, then for each of `Rules::services`.
    pub services: Vec<Effective>,
}

/// What a purpose means for the data of one service.
#[derive(Clone, Debug)]
pub struct Effective {
    pub rule: RuleRef,
    pub consent: Consent,
    /// The line that says which agreement, and the general one over which it prevails.
    pub consent_rule: RuleRef,
    pub consent_instead_of: Option<RuleRef>,
    /// The agreement that people owe who have not been told of a version of the policy.
    pub consent_before: Option<(u32, Consent)>,
    /// Off for people who have not been told of this version of the policy.
    pub since: Option<u32>,
    pub basis: Option<LawfulBasis>,
    /// By category.
    pub words: Vec<Word>,
    pub write: Vec<bool>,
    /// Written without being seen.
    pub write_only: Vec<bool>,
    /// Whether somebody has a value may be told, by a key that is taken.
    pub tells_taken: Vec<bool>,
    pub lookup: Vec<bool>,
    pub only_one_person: bool,
    pub needs: Vec<Need>,
    /// Only people whom this names.
    pub only_people: Option<ListRule>,
    /// Distinct people that what is shown of an `aggregate` category rests on. `None`: nothing is.
    pub min_group: Option<u32>,
    /// Categories by which aggregates may be filtered and grouped, coarsest first.
    pub groups: Vec<usize>,
    pub forbidden: bool,
    pub overrides_refusal: bool,
}

/// What a purpose may do with a category.
#[derive(Clone, Debug)]
pub struct Word {
    pub action: Action,
    /// For people who have not been told of a version of the policy but of those before it.
    pub before: BTreeMap<u32, Action>,
    /// Nothing was written for it.
    pub unnamed: bool,
    pub because: BTreeSet<RuleRef>,
    /// General lines over which that of a service prevails.
    pub instead_of: BTreeSet<RuleRef>,
}

/// An exception on top of the tables of categories. It can only make things stricter.
#[derive(Clone, Debug)]
pub struct Rule {
    pub rule: RuleRef,
    /// `None`: any.
    pub roles: Option<BTreeSet<Name>>,
    /// By purpose.
    pub purposes: Vec<bool>,
    /// By category. `None`: whatever is read.
    pub reads: Option<Vec<bool>>,
    pub subject: Option<SubjectKind>,
    pub other_service: bool,
    pub rows_over: Option<u64>,
    pub except_consent: Option<LiftingConsent>,
    pub then: BTreeSet<Then>,
    /// Only for people who have not been told of this version of the policy.
    pub until: Option<u32>,
    pub observe: bool,
    /// Only for the data of this service, whose own rule it is.
    pub service: Option<String>,
    /// Services that say something else under its name.
    pub not_services: BTreeSet<String>,
}

impl Word {
    /// What becomes of the values of people who have been told of versions below this one only.
    pub fn untold(&self, version: u32) -> Action {
        self.before.range(version..).next().map_or(self.action, |(_, action)| *action)
    }
}

/// A service with its own policy.
#[derive(Clone, Debug)]
pub struct ServiceRule {
    pub name: String,
    pub version: Option<u32>,
    pub schemas: BTreeSet<String>,
    pub tables: Vec<TablePattern>,
}

impl Ruleset {
    /// What is legal but probably not meant, and what is worth knowing.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// SQL that `bind` wants compiled.
    pub fn people_sql(&self) -> PeopleSql {
        let subjects = self.rules.subjects.as_ref();
        let text = |at: &Option<super::shape::At<String>>| at.as_ref().map(|a| a.value.clone());
        PeopleSql {
            table: subjects.map(|s| s.table.value.clone()),
            minor: subjects.and_then(|s| Some(s.minor.as_ref()?.value.clone())),
            cancelled: subjects.and_then(|s| text(&s.cancelled)),
            locked: subjects.and_then(|s| text(&s.locked)),
            time_zone: self.rules.policy.time_zone.clone(),
        }
    }

    /// Lists of people with SQL that `bind` wants compiled.
    pub fn lists(&self) -> impl Iterator<Item = ListRule> {
        self.rules.lists.iter().map(ListShape::rule).filter(|list| list.filter.is_some())
    }

    /// First 12 hexadecimal digits of the SHA-256 of the file contents, in whatever order the
    /// files were read.
    pub fn hash(&self) -> &str {
        &self.rules.hash
    }

    /// `policy.version`
    pub fn version(&self) -> Option<u32> {
        self.rules.policy.version
    }

    /// When people were told of this version (`policy.notice.published`), `YYYY-MM-DD`.
    pub fn published(&self) -> Option<&str> {
        self.rules.policy.published.as_deref()
    }

    /// Whether a function is named under `trusted_functions`.
    pub fn names_function(&self, name: &QualifiedName) -> bool {
        self.rules.trusted_functions.iter().any(|(pattern, _)| pattern.matches(name))
    }

    /// What the rules say about a role; `None`: it is not listed and may claim nothing.
    pub fn role(&self, role: &Name) -> Option<RoleRule> {
        self.rules.roles.get(role).map(|entry| RoleRule {
            default_purpose: entry.default.clone(),
            comments: entry.comments,
            unchecked_code: entry.unchecked_code,
            consent: entry.consent,
            observe: entry.observe,
        })
    }

    /// The table of people and its key.
    pub fn subject_key(&self) -> Option<(&QualifiedName, &Name)> {
        self.rules.subjects.as_ref().map(|s| (&s.table.value, &s.id.value))
    }

    /// Roles of others than the company, with who they are.
    pub fn recipients(&self) -> impl Iterator<Item = (String, String)> {
        self.rules.roles.iter().filter_map(|(name, role)| {
            let recipient = match &role.recipient {
                Recipient::Ours => return None,
                Recipient::Named(recipient) => recipient.clone(),
                Recipient::OfToken => "whoever a token named".to_owned(),
            };
            Some((name.to_string(), recipient))
        })
    }

    /// Names of all roles, for listings.
    pub fn roles(&self) -> impl Iterator<Item = &Name> {
        self.rules.roles.keys()
    }

    /// Every purpose that can be declared, for listings.
    pub fn purposes(&self) -> impl Iterator<Item = &Purpose> {
        self.rules.purposes.iter().filter(|p| !p.has_parts).map(|p| &p.path)
    }

    /// Every category, groups included, for listings.
    pub fn categories(&self) -> impl Iterator<Item = &DataCategory> {
        self.rules.categories.names.iter()
    }

    /// Ids of the purposes, roles, tables and rules whose lines may decide, for listings.
    pub fn rule_ids(&self) -> impl Iterator<Item = &str> {
        let rules = &self.rules;
        let purposes = rules.purposes.iter().flat_map(|p| p.services.iter().map(|s| &s.rule));
        let roles = rules.roles.values().map(|role| &role.rule);
        let tables = rules.tables.values().chain(rules.patterns.iter().map(|(_, table)| table));
        let limits = rules.combinations.iter().map(|one| &one.rule);
        let limits = limits.chain(rules.quotas.iter().map(|quota| &quota.rule));
        let exceptions = rules.rules.iter().map(|rule| &rule.rule).chain(limits);
        purposes
            .chain(roles)
            .chain(tables.map(|table| &table.rule))
            .chain(exceptions)
            .map(|rule| rule.id.as_str())
    }
}
