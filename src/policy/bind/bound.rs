//! `BoundRuleset`: rules with their names resolved to ids of one catalog.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{derived, follows, lists, relations, subjects, views};
use crate::catalog::{Catalog, Relation, RelationKind};
use crate::model::access::Access;
use crate::model::names::{ColumnId, Name, QualifiedName, RelationId};
use crate::model::privacy::DataCategory;
use crate::model::ruling::{Fragment, People, RelationClass, RuleRef, SubjectPath};
use crate::model::usage::ViewLineage;
use crate::policy::decide::said;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::{ListRule, Need, Rules, Ruleset};

/// What `bind` needs from the SQL floor.
#[derive(Clone, Debug, Default)]
pub struct BindInput {
    /// Result of compiling `PeopleSql::minor` and `::cancelled`; `Err` is the reason in words.
    pub minor: Option<Result<Fragment, String>>,
    pub cancelled: Option<Result<Fragment, String>>,
    pub locked: Option<Result<Fragment, String>>,
    /// Lineage of every view and materialised view.
    pub views: BTreeMap<RelationId, ViewLineage>,
    /// For each generated column, the columns of its row that it may be made of.
    pub generated: BTreeMap<ColumnId, BTreeSet<i16>>,
    /// Result of compiling the SQL of lists of people.
    pub lists: BTreeMap<ListRule, Result<Fragment, String>>,
}

/// Rules with their names resolved to ids of one catalog.
#[derive(Debug)]
pub struct BoundRuleset {
    pub(in crate::policy) rules: Arc<Rules>,
    pub(in crate::policy) relations: HashMap<RelationId, BoundRelation>,
    /// Stands for columns that came after the catalog was read.
    pub(in crate::policy) stranger: BoundColumn,
    people: People,
    /// Lists of people that can be asked, with the SQL over their rows.
    pub(in crate::policy) lists: BTreeMap<ListRule, Option<Fragment>>,
    /// Tables open to everybody, as the text of an array of numbers.
    open: String,
}

/// What the rules say about one relation.
#[derive(Clone, Debug)]
pub struct BoundRelation {
    pub name: QualifiedName,
    /// `None`: nobody listed it, and unlisted is closed.
    pub class: Option<RelationClass>,
    pub rule: Option<RuleRef>,
    /// Index into `PurposeRule::services`.
    pub service: usize,
    pub service_name: String,
    /// Columns looked at and found not personal.
    pub plain: BTreeSet<i16>,
    /// Every other column.
    pub columns: BTreeMap<i16, BoundColumn>,
    pub subject: Option<SubjectPath>,
    /// Number of `subject`'s column.
    pub subject_column: Option<i16>,
    /// Why nothing of it may be used: the rules and the database do not fit.
    pub closed: Option<String>,
    pub view: Option<BoundView>,
}

/// A column that is not plain.
#[derive(Clone, Debug)]
pub struct BoundColumn {
    /// Empty: the table is listed, the column is not.
    pub categories: BTreeSet<usize>,
    pub base_type: Name,
    pub type_category: char,
}

impl BoundColumn {
    /// A column that nobody classified.
    pub fn unclassified() -> BoundColumn {
        BoundColumn { categories: BTreeSet::new(), base_type: Name::new(""), type_category: 'X' }
    }
}

/// What matters about a view that is not listed itself, or a table made from governed data.
#[derive(Clone, Debug, Default)]
pub struct BoundView {
    /// It is a table: its rows were worked out when it was made.
    pub is_stored: bool,
    /// Categories of values that decided which rows it has.
    pub tells: BTreeSet<usize>,
    /// Governed tables it reads.
    pub bases: Vec<RelationId>,
    /// Base columns that decide which rows it has.
    pub conditions: Vec<ColumnId>,
    /// Columns that are a base column unchanged.
    pub direct: BTreeSet<i16>,
}

impl BoundRuleset {
    /// Resolves the rules against a catalog. What an error concerns is refused afterwards; the
    /// rest works.
    pub fn bind(
        ruleset: &Ruleset,
        catalog: &Catalog,
        input: BindInput,
    ) -> (BoundRuleset, Vec<Diagnostic>) {
        let rules = Arc::clone(&ruleset.rules);
        let mut found = Vec::new();
        let people = subjects::people(&rules, catalog, &input, &mut found);
        let lists = lists::bind(&rules, catalog, &input, &mut found);
        let mut bound = relations::bind(&rules, catalog, &mut found);
        derived::bind(&rules, catalog, &mut bound, &mut found);
        follows::bind(catalog, &input.generated, &mut bound, &mut found);
        views::bind(&rules, catalog, &input.views, &mut bound, &mut found);
        relations::check_families(catalog, &mut bound, &mut found);
        found.sort_by_key(|d| {
            (d.place.as_ref().map(|p| (p.file.path.clone(), p.line, p.column)), d.message.clone())
        });
        let stranger = BoundColumn::unclassified();
        let open = open_relations(catalog, &bound);
        (BoundRuleset { rules, relations: bound, stranger, people, lists, open }, found)
    }

    /// The label of a column of a governed relation. `None`: it is plain. System columns are.
    pub(in crate::policy) fn label<'b>(
        &'b self,
        relation: &'b BoundRelation,
        number: i16,
    ) -> Option<&'b BoundColumn> {
        match relation.columns.get(&number) {
            None if number > 0 && !relation.plain.contains(&number) => Some(&self.stranger),
            label => label,
        }
    }

    /// How a relation stands to the rules. `None`: nobody listed it, and unlisted is closed.
    pub fn class(&self, relation: RelationId) -> Option<RelationClass> {
        self.relations.get(&relation).and_then(|bound| bound.class)
    }

    /// Whether a column holds personal data, or may.
    pub fn governs(&self, column: ColumnId) -> bool {
        match self.relations.get(&column.relation) {
            Some(relation) => self.label(relation, column.number).is_some(),
            None => false,
        }
    }

    /// Whether a rule lists a name, by itself or by a pattern.
    pub fn lists(&self, name: &QualifiedName) -> bool {
        relations::listed(&self.rules, name).is_some()
    }

    /// What is known of a relation.
    pub fn relation(&self, id: RelationId) -> Option<&BoundRelation> {
        self.relations.get(&id)
    }

    /// The categories of a column. `None`: it is plain. `Some` and empty: nobody classified it.
    pub fn categories(&self, column: ColumnId) -> Option<BTreeSet<DataCategory>> {
        let relation = self.relations.get(&column.relation)?;
        let names = &self.rules.categories.names;
        if matches!(
            relation.class,
            Some(RelationClass::Plain | RelationClass::System | RelationClass::NotCovered)
        ) {
            return None;
        }
        let label = self.label(relation, column.number)?;
        // INVARIANT: categories of columns are indices of the tree.
        Some(label.categories.iter().map(|category| names[*category].clone()).collect())
    }

    /// Categories of values that decided which rows a view or derived table has.
    pub fn tells(&self, relation: RelationId) -> BTreeSet<DataCategory> {
        let names = &self.rules.categories.names;
        let Some(view) = self.relations.get(&relation).and_then(|r| r.view.as_ref()) else {
            return BTreeSet::new();
        };
        // INVARIANT: categories are indices of the tree.
        let told = view.tells.iter().map(|category| names[*category].clone());
        let looked_at = view.conditions.iter().filter_map(|column| self.categories(*column));
        told.chain(looked_at.flatten()).collect()
    }

    /// `subjects.status: store`
    pub fn has_stored_status(&self) -> bool {
        self.rules.subjects.as_ref().is_some_and(|s| s.status_stored.is_some())
    }

    /// Whether rules of services tell data of one from data of another.
    pub fn has_services(&self) -> bool {
        !self.rules.services.is_empty()
    }

    /// Facts that conditions on people are made of.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Tables and sequences that everybody may see whole, as the text of an array of numbers:
    /// `{16385,16390}`. What is not there is nobody's to count.
    pub fn open_relations(&self) -> &str {
        &self.open
    }

    /// A function outside `pg_catalog` that may be called: somebody named it under
    /// `trusted_functions`, or nobody looked yet (`unlisted.function: allow`).
    pub fn trusts_function(&self, name: &QualifiedName) -> bool {
        self.rules.unlisted_function || self.names_function(name)
    }

    /// A function named under `trusted_functions`.
    pub fn names_function(&self, name: &QualifiedName) -> bool {
        self.rules.trusted_functions.iter().any(|(pattern, _)| pattern.matches(name))
    }

    /// `defaults.unparsable_sql: allow`
    pub fn unparsable_is_allowed(&self) -> bool {
        self.rules.unparsable_sql
    }

    /// What the declared purpose asks for (`needs`), signed where it is, the id of the purpose
    /// token, and who receives the data outside: for the record.
    pub fn evidence(&self, access: &Access) -> BTreeMap<String, String> {
        let Some(claimed) = self.rules.find_purpose(&access.purpose) else {
            return BTreeMap::new();
        };
        // INVARIANT: the index of a purpose is one that the ruleset gave out.
        let services = &self.rules.purposes[claimed.purpose].services;
        let needs = services.iter().flat_map(|s| &s.needs);
        let claims = access.token.claims();
        let value = |need: &Need| Some((need.name.clone(), said(access, need)?.to_owned()));
        let token = claims.map(|claims| ("jti".to_owned(), claims.id.clone()));
        let role = self.rules.roles.get(&access.role);
        let recipient = role.and_then(|role| role.recipient(access));
        let recipient = recipient.map(|name| ("recipient".to_owned(), name.to_owned()));
        needs.filter_map(value).chain(token).chain(recipient).collect()
    }
}

fn open_relations(catalog: &Catalog, bound: &HashMap<RelationId, BoundRelation>) -> String {
    let is_open = |relation: &&Relation| {
        let class = bound.get(&relation.id).and_then(|bound| bound.class);
        relation.kind != RelationKind::Index
            && matches!(class, Some(RelationClass::Plain | RelationClass::NotCovered))
    };
    let open = catalog.relations().filter(is_open).map(|relation| relation.id.0.to_string());
    format!("{{{}}}", open.collect::<Vec<_>>().join(","))
}
