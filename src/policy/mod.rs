//! The rule language: from YAML text to a decision.
//!
//! | file | owns |
//! |---|---|
//! | `yaml` | the file shapes, unknown keys denied; nothing else knows YAML |
//! | `check` | shapes → `Ruleset`, or every `Diagnostic` at once |
//! | `ruleset` | `Ruleset`: valid by construction, rules indexed |
//! | `bind` | `Ruleset` × `Catalog` × view lineage → `BoundRuleset` |
//! | `decide` | `Uses` × `Access` × `BoundRuleset` → `Decision` |
//! | `diagnostic` | `Diagnostic`: file, place, message, help |

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::model::access::Access;
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::model::privacy::Purpose;
use crate::model::ruling::{Decision, Fragment, People, RelationClass};
use crate::model::usage::{Uses, ViewLineage};

// The public face of the floor; each item moves to the file the table names.

/// One file of a rule directory, as text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As it is to be printed: `rules/purposes.yaml`.
    pub path: String,
    pub text: String,
}

/// A mistake in a rule file.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// `PP012`
    pub code: &'static str,
    pub message: String,
}

/// All rules, valid by construction.
#[derive(Debug)]
pub struct Ruleset;

/// SQL of `subjects:` that `snapshot` has compiled into fragments before `bind`.
#[derive(Clone, Debug, Default)]
pub struct PeopleSql {
    pub table: Option<QualifiedName>,
    pub minor: Option<String>,
    pub cancelled: Option<String>,
    /// Time zone in which `current_date` is read.
    pub time_zone: String,
}

/// What `bind` needs from the SQL floor.
#[derive(Clone, Debug, Default)]
pub struct BindInput {
    /// Result of compiling `PeopleSql::minor` and `::cancelled`; `Err` is the reason in words.
    pub minor: Option<Result<Fragment, String>>,
    pub cancelled: Option<Result<Fragment, String>>,
    /// Lineage of every view and materialised view.
    pub views: BTreeMap<RelationId, ViewLineage>,
}

/// What the rules say about a login role, apart from data.
#[derive(Clone, Debug, Default)]
pub struct RoleRule {
    pub default_purpose: Option<Purpose>,
    /// A purpose may be declared in a leading or trailing comment.
    pub comments: bool,
    pub observe: bool,
}

/// Rules with their names resolved to ids of one catalog.
#[derive(Debug)]
pub struct BoundRuleset;

impl Ruleset {
    pub fn load(files: &[SourceFile]) -> Result<Ruleset, Vec<Diagnostic>> {
        let _ = files;
        unimplemented!()
    }

    pub fn people_sql(&self) -> PeopleSql {
        unimplemented!()
    }

    /// First 12 hexadecimal digits of the SHA-256 of the canonical file contents.
    pub fn hash(&self) -> &str {
        unimplemented!()
    }

    pub fn role(&self, role: &Name) -> Option<RoleRule> {
        let _ = role;
        unimplemented!()
    }
}

impl BoundRuleset {
    pub fn bind(
        ruleset: &Ruleset,
        catalog: &Catalog,
        input: BindInput,
    ) -> (BoundRuleset, Vec<Diagnostic>) {
        let _ = (ruleset, catalog, input);
        unimplemented!()
    }

    /// How a relation stands to the rules. `None`: nobody listed it, and unlisted is closed.
    pub fn class(&self, relation: RelationId) -> Option<RelationClass> {
        let _ = relation;
        unimplemented!()
    }

    /// Facts that conditions on people are made of.
    pub fn people(&self) -> &People {
        unimplemented!()
    }

    /// A function outside `pg_catalog` that the rules name as safe (or `unlisted.function: allow`).
    pub fn trusts_function(&self, name: &QualifiedName) -> bool {
        let _ = name;
        unimplemented!()
    }

    pub fn unparsable_is_allowed(&self) -> bool {
        unimplemented!()
    }

    pub fn decide(&self, uses: &Uses, access: &Access, catalog: &Catalog) -> Decision {
        let _ = (uses, access, catalog);
        unimplemented!()
    }
}
