//! The shapes of rule files: what is written, before anything is looked up.

use super::needs::{ListShape, Need};
use crate::catalog::store::StoreCall;
use crate::model::names::{Name, QualifiedName};
use crate::model::privacy::{AgeLimit, Consent, LawfulBasis};
use crate::model::ruling::{Mask, PersonOutcome};
use crate::policy::diagnostic::Place;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct At<T> {
    pub value: T,
    pub place: Place,
}

/// All files of a rule directory, merged.
#[derive(Debug, Default)]
pub struct Written {
    pub policy: Option<PolicyShape>,
    pub defaults: DefaultsShape,
    pub categories: Vec<CategoryShape>,
    pub subjects: Option<SubjectsShape>,
    pub tables: Vec<TableShape>,
    pub purposes: Vec<PurposeShape>,
    pub roles: Vec<RoleShape>,
    pub rules: Vec<RuleShape>,
    pub combinations: Vec<CombinationShape>,
    pub quotas: Vec<QuotaShape>,
    pub services: Vec<ServiceShape>,
}

#[derive(Clone, Debug, Default)]
pub struct PolicyShape {
    pub version: Option<u32>,
    /// `YYYY-MM-DD`
    pub effective: Option<At<String>>,
    pub notice_required: bool,
    /// `YYYY-MM-DD`: when people were told of this version.
    pub published: Option<At<String>>,
    pub seen: Option<SeenShape>,
    pub active: Option<ActiveShape>,
    pub time_zone: Option<String>,
}

/// `notice.seen`: where it is kept what people have been told.
#[derive(Clone, Debug)]
pub struct SeenShape {
    pub table: At<QualifiedName>,
    pub subject: At<Name>,
    pub version: At<Name>,
}

/// `notice.active`: where it is kept when people last used the service.
#[derive(Clone, Debug)]
pub struct ActiveShape {
    pub table: At<QualifiedName>,
    pub subject: At<Name>,
    pub at: At<Name>,
}

#[derive(Clone, Debug, Default)]
pub struct DefaultsShape {
    pub observe: Option<At<bool>>,
    pub consent: Option<Consent>,
    pub refused: Option<PersonOutcome>,
    /// `minors: advise`: rules about minors are only observed.
    pub minors_advised: Option<At<bool>>,
    pub unlisted_table: Option<At<bool>>,
    pub unlisted_function: Option<At<bool>>,
    pub unparsable_sql: Option<At<bool>>,
    pub trusted_functions: Vec<At<TablePattern>>,
}

/// What `mask` means for a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaskMeaning {
    Mask(Mask),
    Hide,
    Block,
}

/// One leaf of the tree of categories.
#[derive(Clone, Debug)]
pub struct CategoryShape {
    pub path: At<String>,
    pub mask: MaskMeaning,
}

#[derive(Clone, Debug)]
pub struct SubjectsShape {
    pub table: At<QualifiedName>,
    pub id: At<Name>,
    pub minor: Option<At<MinorSql>>,
    pub cancelled: Option<At<String>>,
    pub locked: Option<At<String>>,
    /// `status: store`: who is cancelled, erased or locked is kept in the consent store as well.
    pub status_stored: Option<Place>,
    /// Categories whose values stay when a person is erased.
    pub erase: Vec<(At<String>, ErasureShape)>,
    pub choices: Option<ChoicesShape>,
}

/// Who is a minor: SQL over the table of people, or by their birth date.
#[derive(Clone, Debug)]
pub enum MinorSql {
    Text(String),
    Age(AgeLimit),
}

#[derive(Clone, Debug)]
pub struct ChoicesShape {
    pub table: At<QualifiedName>,
    pub subject: At<Name>,
    pub purpose: At<Name>,
    pub choice: At<Name>,
    pub given: Option<Vec<String>>,
    pub guardian: Option<At<Name>>,
    pub category: Option<At<Name>>,
    pub service: Option<At<Name>>,
    pub recipient: Option<At<Name>>,
    pub from: Option<At<Name>>,
    pub until: Option<At<Name>>,
}

/// `erase`: what becomes of the rows of a person who is erased.
#[derive(Clone, Debug)]
pub struct ErasureShape {
    pub word: ErasureWord,
    /// Categories whose values stay where the rest is masked.
    pub keep: Vec<At<String>>,
    pub retain: Option<Span>,
    /// The column that `retain` counts from; `None`: they stay.
    pub from: Option<At<Name>>,
    pub because: Option<At<String>>,
}

impl ErasureShape {
    pub fn new(word: ErasureWord) -> ErasureShape {
        ErasureShape { word, keep: Vec::new(), retain: None, from: None, because: None }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErasureWord {
    #[default]
    Delete,
    /// The row stays, its personal values do not.
    Mask,
    Keep,
}

impl ErasureWord {
    pub fn as_str(self) -> &'static str {
        match self {
            ErasureWord::Delete => "delete",
            ErasureWord::Mask => "mask",
            ErasureWord::Keep => "keep",
        }
    }
}

/// A span of time, as `10 years`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub number: u16,
    /// `years`, `months`, `days`
    pub unit: &'static str,
}

/// The name of a table, or a pattern with `*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TablePattern {
    pub schema: String,
    pub table: String,
}

#[derive(Clone, Debug)]
pub struct TableShape {
    pub pattern: At<TablePattern>,
    pub body: TableBody,
}

#[derive(Clone, Debug)]
pub enum TableBody {
    Plain,
    Internal,
    NotCovered,
    Governed(Box<GovernedShape>),
}

#[derive(Clone, Debug, Default)]
pub struct GovernedShape {
    pub subject: Option<At<SubjectShape>>,
    pub erase: Option<ErasureShape>,
    pub plain: Vec<At<Name>>,
    pub columns: Vec<(At<Name>, Vec<At<String>>)>,
    /// `"*"`: every column not named.
    pub rest: Option<(Place, Vec<At<String>>)>,
}

#[derive(Clone, Debug)]
pub enum SubjectShape {
    Column(Name),
    /// `order_id -> shop.orders`
    Path {
        column: Name,
        table: QualifiedName,
    },
}

impl std::fmt::Display for SubjectShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            SubjectShape::Column(column) => write!(f, "{column}"),
            SubjectShape::Path { column, table } => write!(f, "{column} -> {table}"),
        }
    }
}

/// The word of a purpose for a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataWord {
    Allow,
    /// `mask`: what the category says it means.
    Mask,
    /// `mask.last4`
    Named(Mask),
    Aggregate,
    Hide,
    Block,
}

#[derive(Clone, Debug)]
pub struct DataShape {
    pub category: At<String>,
    pub word: DataWord,
    pub since: Option<SinceShape<DataWord>>,
}

/// `since: 4, before: mask`: what holds for people who have not been told of a version.
#[derive(Clone, Debug)]
pub struct SinceShape<T> {
    pub version: At<u32>,
    pub before: Option<T>,
}

#[derive(Clone, Debug)]
pub struct PurposeShape {
    /// Whole path: `protect.fraud`.
    pub path: At<String>,
    pub has_parts: bool,
    pub consent: Option<At<Consent>>,
    pub consent_since: Option<SinceShape<At<Consent>>>,
    /// The whole purpose came with a version.
    pub since: Option<At<u32>>,
    pub basis: Option<At<LawfulBasis>>,
    pub data: Vec<DataShape>,
    pub write: Option<Vec<At<String>>>,
    pub write_only: Option<Vec<At<String>>>,
    pub tells_taken: Option<Vec<At<String>>>,
    pub lookup: Option<Vec<At<String>>>,
    pub only_one_person: Option<bool>,
    pub needs: Option<Vec<Need>>,
    pub only_people: Option<ListShape>,
    pub min_group: Option<At<u32>>,
    pub groups: Option<Vec<At<String>>>,
    pub outside: Option<bool>,
    /// `token: required`
    pub token: Option<bool>,
    pub any_label: Option<At<bool>>,
    pub forbidden: Option<At<bool>>,
    pub overrides_refusal: Option<bool>,
}

#[derive(Clone, Debug)]
pub struct RoleShape {
    pub name: At<String>,
    pub service: Option<At<String>>,
    pub outside: Option<Outside>,
    pub may: Vec<At<String>>,
    pub default: Option<At<String>>,
    pub from: Vec<Cidr>,
    pub token: Option<Place>,
    pub comments: bool,
    /// `code: unchecked`
    pub unchecked_code: Option<Place>,
    /// What it may do with the consent store by its functions.
    pub consent: Option<StoreCall>,
    pub observe: Option<At<bool>>,
}

/// Who receives the data of a role outside the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outside {
    Named(String),
    /// `{ recipient: token }`: whoever the purpose token names.
    OfToken,
}

/// A range of network addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    pub network: std::net::IpAddr,
    pub bits: u8,
}

/// Which people a rule speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    Minor,
    Cancelled,
    Locked,
}

/// Which agreement lifts a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiftingConsent {
    Guardian,
    CrossService,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Then {
    Log,
    Mask,
    HideRows,
    Block,
}

/// Categories that identify a person only together.
#[derive(Clone, Debug)]
pub struct CombinationShape {
    pub id: At<String>,
    pub of: Vec<At<String>>,
    pub roles: Vec<At<String>>,
    pub purposes: Vec<At<String>>,
    pub then: Option<Together>,
    pub even_masked: bool,
}

/// How much may be used in a span of time.
#[derive(Clone, Debug)]
pub struct QuotaShape {
    pub id: At<String>,
    pub roles: Vec<At<String>>,
    pub purposes: Vec<At<String>>,
    pub people: Option<u64>,
    pub rows: Option<u64>,
    pub statements: Option<u64>,
    /// Seconds.
    pub per: Option<u64>,
}

/// What happens to categories that are used together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    Mask,
    Hide,
    Block,
}

#[derive(Clone, Debug)]
pub struct RuleShape {
    pub id: At<String>,
    pub roles: Vec<At<String>>,
    pub purposes: Vec<At<String>>,
    pub reads: Vec<At<String>>,
    pub subject: Option<At<SubjectKind>>,
    pub other_service: bool,
    pub rows_over: Option<At<u64>>,
    pub except_roles: Vec<At<String>>,
    pub except_purposes: Vec<At<String>>,
    pub except_consent: Option<At<LiftingConsent>>,
    /// Empty: `none`, for a service that has the rule not.
    pub then: Vec<At<Then>>,
    /// The version it came with; it counts for everybody at once.
    pub since: Option<At<u32>>,
    /// The version it went with: it stays for people who have not been told of that.
    pub until: Option<At<u32>>,
    pub observe: Option<At<bool>>,
}

#[derive(Clone, Debug)]
pub struct ServiceShape {
    pub name: At<String>,
    pub schemas: Vec<At<String>>,
    pub tables: Vec<At<TablePattern>>,
    pub policy: Option<PolicyShape>,
    pub purposes: Vec<PurposeShape>,
    pub rules: Vec<RuleShape>,
}
