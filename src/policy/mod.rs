//! The rule language: from YAML text to a decision.
//!
//! | file | owns |
//! |---|---|
//! | `yaml` | text → a tree with places; nothing else knows YAML |
//! | `shape` | what is written: typed, names still text, unknown keys denied |
//! | `check` | shapes → `Ruleset`, or every `Diagnostic` at once |
//! | `ruleset` | `Ruleset`: valid by construction, names resolved to indices |
//! | `entries`, `limits` | of it: roles, lists of people; combinations, quotas |
//! | `claim` | who may claim which purpose |
//! | `tokens` | what a purpose token changes about that |
//! | `bind` | `Ruleset` × `Catalog` × view lineage → `BoundRuleset` |
//! | `decide` | `Uses` × `Access` × `BoundRuleset` → `Decision` |
//! | `coverage`, `mutate` | what tests of rules must touch, and notice |
//! | `diff` | what changed from one version to the next |
//! | `diagnostic` | `Diagnostic`: file, place, message, help |

mod bind;
mod check;
mod claim;
mod coverage;
mod decide;
mod diagnostic;
mod diff;
mod entries;
mod limits;
mod mutate;
#[cfg(test)]
mod oracle;
mod ruleset;
mod shape;
#[cfg(test)]
mod testing;
mod tokens;
mod yaml;

pub use bind::Stay;
pub use bind::{BindInput, BoundRuleset};
pub use decide::Whose;
pub use diagnostic::{Diagnostic, Place, Severity, SourceFile};
pub use diff::{Change, Effect};
pub use mutate::{Mutant, mutants};
pub use ruleset::{ListRule, PeopleSql, RoleRule, Ruleset};
pub use shape::{ErasureWord, MinorSql, Span};
pub use yaml::read_yaml;
