//! Catalog × Ruleset, frozen and classified ahead. Replaced whole, never changed.
//!
//! Views get their lineage and SQL of rule files its final form here, so that a query looks
//! categories up and never works them out.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::catalog::{Catalog, Relation};
use crate::model::claims::{Claims, Fallen, Presented};
use crate::model::names::{QualifiedName, RelationId};
use crate::model::refusal::Refusal;
use crate::model::ruling::{Fragment, RelationClass};
use crate::model::usage::ViewLineage;
use crate::policy::{BindInput, BoundRuleset, Diagnostic, ListRule, MinorSql, PeopleSql, Ruleset};
use crate::sql::beside::{CodeReader, Deeds};
use crate::sql::{age, fragment, lineage};
use crate::token::{Verifier, refused};

/// What every judgement looks things up in.
#[derive(Debug)]
pub struct Snapshot {
    pub catalog: Arc<Catalog>,
    pub ruleset: Arc<Ruleset>,
    pub rules: BoundRuleset,
    /// What statements set off without naming it.
    pub deeds: Deeds,
    /// Which purpose tokens are taken. `None`: none is.
    pub tokens: Option<Arc<Verifier>>,
    /// Ruleset hash and catalog epoch in one number, for stamps.
    pub stamp: u64,
}

impl Snapshot {
    /// Binds the rules to the catalog. Diagnostics of severity error mean that the rules do not
    /// fit this database; the snapshot then refuses what they concern.
    pub fn build(ruleset: Arc<Ruleset>, catalog: Arc<Catalog>) -> (Snapshot, Vec<Diagnostic>) {
        let people = ruleset.people_sql();
        let views = lineage::of_views(&catalog, &|name| ruleset.names_function(name));
        let input = BindInput {
            minor: people.minor.as_ref().map(|minor| of_minors(minor, &people, &catalog)),
            cancelled: people.cancelled.as_ref().map(|sql| compile(sql, &people, &catalog)),
            locked: people.locked.as_ref().map(|sql| compile(sql, &people, &catalog)),
            views: views.clone(),
            generated: lineage::of_generated(&catalog),
            lists: ruleset.lists().map(|list| compile_list(list, &people, &catalog)).collect(),
        };
        let (rules, diagnostics) = BoundRuleset::bind(&ruleset, &catalog, input);
        let deeds = deeds(&rules, &catalog, &views);
        let mut hasher = DefaultHasher::new();
        (ruleset.hash(), catalog.epoch).hash(&mut hasher);
        let stamp = hasher.finish();
        (Snapshot { catalog, ruleset, rules, deeds, tokens: None, stamp }, diagnostics)
    }

    /// The same, taking tokens. What was judged while other keys stood is not used again.
    pub fn with_tokens(self, tokens: Option<Arc<Verifier>>) -> Snapshot {
        let mut hasher = DefaultHasher::new();
        (self.stamp, tokens.as_deref()).hash(&mut hasher);
        Snapshot { tokens, stamp: hasher.finish(), ..self }
    }

    /// Reads and checks a token, but not whether its time has come or gone.
    pub fn verify_token(&self, token: &str) -> Result<Presented, Box<Refusal>> {
        match &self.tokens {
            Some(verifier) => verifier.verify(token),
            None => Err(Box::new(refused("No keys are configured to check it with."))),
        }
    }

    /// Whether a token that was taken still stands.
    pub fn token_stands(&self, claims: &Claims, now_s: i64) -> Result<(), Fallen> {
        let known = self.tokens.as_ref().is_some_and(|tokens| tokens.keys.hold(&claims.key));
        if known { claims.stand_at(now_s) } else { Err(Fallen::KeyGone) }
    }

    /// Whether nothing of a relation may be seen unless the rules say so.
    pub fn is_limited(&self, relation: RelationId) -> bool {
        matches!(
            self.rules.class(relation),
            None | Some(RelationClass::Governed | RelationClass::Internal)
        )
    }
}

fn deeds(
    rules: &BoundRuleset,
    catalog: &Catalog,
    views: &BTreeMap<RelationId, ViewLineage>,
) -> Deeds {
    let limited = |id: RelationId| {
        let own = || catalog.relation(id).is_some_and(|r| r.temporary && r.definition.is_none());
        match rules.class(id) {
            None => !own(),
            Some(RelationClass::Governed | RelationClass::Internal) => true,
            Some(RelationClass::Plain | RelationClass::NotCovered | RelationClass::System) => false,
        }
    };
    let trusted = |name: &QualifiedName| rules.trusts_function(name);
    Deeds::of(&CodeReader::new(catalog, &limited, &trusted), catalog, views)
}

fn compile_list(
    list: ListRule,
    people: &PeopleSql,
    catalog: &Catalog,
) -> (ListRule, Result<Fragment, String>) {
    let text = list.filter.as_deref().unwrap_or_default();
    let compiled = match catalog.by_name(&list.table) {
        Some(row) => fragment::compile(text, row, catalog.major, &people.time_zone),
        None => Err("its table is not in the database".to_owned()),
    };
    (list, compiled)
}

fn of_minors(minor: &MinorSql, people: &PeopleSql, catalog: &Catalog) -> Compiled {
    match minor {
        MinorSql::Text(text) => compile(text, people, catalog),
        MinorSql::Age(limit) => age::minor(limit, row(people, catalog)?, &people.time_zone),
    }
}

fn compile(text: &str, people: &PeopleSql, catalog: &Catalog) -> Compiled {
    fragment::compile(text, row(people, catalog)?, catalog.major, &people.time_zone)
}

fn row<'c>(people: &PeopleSql, catalog: &'c Catalog) -> Result<&'c Relation, String> {
    let row = people.table.as_ref().and_then(|table| catalog.by_name(table));
    row.ok_or_else(|| "the table of people is not in the database".to_owned())
}

/// SQL of a rule file as it is put in, or why it cannot be, in words.
type Compiled = Result<Fragment, String>;
