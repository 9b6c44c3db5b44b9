//! The class and labels of every table: listed by name, by pattern, or through its parent.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::bound::{BoundColumn, BoundRelation};
use super::erasure;
use super::fit::fits;
use super::subjects;
use crate::catalog::derived;
use crate::catalog::{Catalog, Column, Relation, RelationKind};
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::model::ruling::{Action, RelationClass};
use crate::policy::diagnostic::{Diagnostic, Place};
use crate::policy::ruleset::{ColumnLabel, GovernedRule, Rules, TableRule, TableRuleBody};

/// Everything but views that nobody listed.
pub fn bind(
    rules: &Rules,
    catalog: &Catalog,
    found: &mut Vec<Diagnostic>,
) -> HashMap<RelationId, BoundRelation> {
    missing_tables(rules, catalog, found);
    missing_functions(rules, catalog, found);
    let mut bound = HashMap::new();
    for relation in catalog.relations() {
        let mut entry = unlisted(rules, relation);
        if let Some(class) = built_in_class(relation) {
            entry.class = Some(class);
        } else if let Some(rule) = listed(rules, &relation.name) {
            apply(&Listing { rules, catalog, relation, rule }, true, &mut entry, found);
        } else if !relation.parents.is_empty() {
            inherit(rules, catalog, relation, &mut entry, found);
        }
        bound.insert(relation.id, entry);
    }
    bound
}

/// A relation and the rule that applies to it.
struct Listing<'l> {
    rules: &'l Rules,
    catalog: &'l Catalog,
    relation: &'l Relation,
    rule: &'l TableRule,
}

fn unlisted(rules: &Rules, relation: &Relation) -> BoundRelation {
    let (service, service_name) = service_of(rules, &relation.name);
    BoundRelation {
        name: relation.name.clone(),
        class: rules.unlisted_table.then_some(RelationClass::Plain),
        rule: None,
        service,
        service_name,
        plain: BTreeSet::new(),
        columns: BTreeMap::new(),
        subject: None,
        subject_column: None,
        closed: None,
        view: None,
    }
}

/// Classes that no rule changes.
fn built_in_class(relation: &Relation) -> Option<RelationClass> {
    let is_view = matches!(relation.kind, RelationKind::View | RelationKind::MaterializedView);
    if relation.temporary && !is_view {
        return Some(RelationClass::Plain);
    }
    if relation.name.schema.as_str() == derived::SCHEMA {
        return Some(RelationClass::Internal);
    }
    if is_system_schema(relation.name.schema.as_str()) {
        return Some(RelationClass::System);
    }
    match relation.kind {
        RelationKind::Sequence | RelationKind::Index => Some(RelationClass::Plain),
        RelationKind::Toast => Some(RelationClass::Internal),
        RelationKind::Table
        | RelationKind::PartitionedTable
        | RelationKind::View
        | RelationKind::MaterializedView
        | RelationKind::ForeignTable
        | RelationKind::CompositeType => None,
    }
}

pub fn is_system_schema(schema: &str) -> bool {
    matches!(schema, "pg_catalog" | "information_schema" | "pg_toast")
}

/// The rule for a name: an exact listing, else the most specific pattern.
pub fn listed<'r>(rules: &'r Rules, name: &QualifiedName) -> Option<&'r TableRule> {
    rules.tables.get(name).or_else(|| {
        rules.patterns.iter().find(|(pattern, _)| pattern.matches(name)).map(|(_, rule)| rule)
    })
}

/// The slot of the service a table belongs to, and its name: `services/`, else the schema.
fn service_of(rules: &Rules, name: &QualifiedName) -> (usize, String) {
    let by_table =
        rules.services.iter().position(|s| s.tables.iter().any(|pattern| pattern.matches(name)));
    let by_schema =
        || rules.services.iter().position(|service| service.schemas.contains(name.schema.as_str()));
    match by_table.or_else(by_schema) {
        // INVARIANT: found by `position` in the same list.
        Some(at) => (at + 1, rules.services[at].name.clone()),
        None => (0, name.schema.to_string()),
    }
}

/// A partition, or a child table, stands as its parent does.
fn inherit(
    rules: &Rules,
    catalog: &Catalog,
    relation: &Relation,
    entry: &mut BoundRelation,
    found: &mut Vec<Diagnostic>,
) {
    let mut by: BTreeMap<&str, &TableRule> = BTreeMap::new();
    let mut above = relation.parents.clone();
    let mut seen = BTreeSet::new();
    while let Some(parent) = above.pop() {
        if !seen.insert(parent) {
            continue;
        }
        let Some(parent) = catalog.relation(parent) else { continue };
        match listed(rules, &parent.name) {
            Some(rule) => {
                by.insert(rule.rule.id.as_str(), rule);
            }
            None => above.extend(&parent.parents),
        }
    }
    match by.values().copied().collect::<Vec<_>>().as_slice() {
        [] => {}
        [rule] => apply(&Listing { rules, catalog, relation, rule }, false, entry, found),
        [first, ..] => {
            entry.class = Some(RelationClass::Governed);
            entry.closed = Some("it inherits from several listed tables".to_owned());
            let message = format!("table {} inherits from several listed tables", relation.name);
            found.push(
                Diagnostic::error("PP028", message)
                    .at(&first.place)
                    .help("list it by its own name"),
            );
        }
    }
}

fn apply(
    listing: &Listing<'_>,
    by_name: bool,
    entry: &mut BoundRelation,
    found: &mut Vec<Diagnostic>,
) {
    entry.rule = Some(listing.rule.rule.clone());
    entry.class = Some(match &listing.rule.body {
        TableRuleBody::Plain => RelationClass::Plain,
        TableRuleBody::Internal => RelationClass::Internal,
        TableRuleBody::NotCovered => RelationClass::NotCovered,
        TableRuleBody::Governed(governed) => {
            if by_name {
                missing_columns(listing, governed, found);
                erasure::check(listing.relation, governed, found);
            }
            columns(listing, governed, by_name, entry, found);
            let row = subjects::Row {
                rules: listing.rules,
                catalog: listing.catalog,
                relation: listing.relation,
                governed,
            };
            match subjects::subject(&row) {
                Ok(Some((path, column))) => {
                    entry.subject = Some(path);
                    entry.subject_column = Some(column);
                }
                Ok(None) => {}
                Err(problem) => found.push(*problem),
            }
            RelationClass::Governed
        }
    });
}

fn columns(
    listing: &Listing<'_>,
    governed: &GovernedRule,
    by_name: bool,
    entry: &mut BoundRelation,
    found: &mut Vec<Diagnostic>,
) {
    let relation = listing.relation;
    for column in &relation.columns {
        if governed.plain.contains_key(&column.name) {
            entry.plain.insert(column.number);
            continue;
        }
        let label = governed.columns.get(&column.name).or(governed.rest.as_ref());
        if label.is_none() && by_name {
            let message = format!("column {}.{} is not classified", relation.name, column.name);
            found.push(
                Diagnostic::warning("PP023", message)
                    .at(&listing.rule.place)
                    .label("blocked until it is listed, under a category or under `plain`"),
            );
        }
        if let Some(label) = label {
            masks_fit(listing, column, label, found);
        }
        entry.columns.insert(
            column.number,
            BoundColumn {
                categories: label.map_or_else(BTreeSet::new, |l| l.categories.clone()),
                base_type: column.base_type.clone(),
                type_category: column.type_category,
            },
        );
    }
}

/// Reports every mask that a purpose would put on a column and that cannot be put there.
fn masks_fit(
    listing: &Listing<'_>,
    column: &Column,
    label: &ColumnLabel,
    found: &mut Vec<Diagnostic>,
) {
    let mut wrong = BTreeMap::new();
    for purpose in &listing.rules.purposes {
        for meant in &purpose.services {
            // INVARIANT: categories are indices of the tree and of every list by category.
            let actions = label.categories.iter().map(|category| meant.words[*category].action);
            if let Action::Mask(mask) = Action::strictest(actions)
                && !fits(mask, column.base_type.as_str(), column.type_category)
            {
                wrong.entry(mask).or_insert(purpose.path.as_str());
            }
        }
    }
    for (mask, purpose) in wrong {
        let name = mask.as_str();
        let message = format!(
            "mask `{name}` does not fit column {}.{} of type {}",
            listing.relation.name, column.name, column.base_type
        );
        found.push(
            Diagnostic::error("PP022", message)
                .at(&label.place)
                .label(format!("masked for `{purpose}`"))
                .help("the column is hidden instead; give its category a mask for this type"),
        );
    }
}

fn missing_tables(rules: &Rules, catalog: &Catalog, found: &mut Vec<Diagnostic>) {
    let names: Vec<String> = catalog.relations().map(|r| r.name.to_string()).collect();
    for (name, rule) in &rules.tables {
        if catalog.by_name(name).is_none() {
            let written = name.to_string();
            found.push(
                Diagnostic::error("PP020", format!("there is no table {name}"))
                    .at(&rule.place)
                    .label("not in the database")
                    .suggest(&written, names.iter().map(String::as_str)),
            );
        }
    }
}

/// Patterns of trusted functions that no function fits. One that is made later will.
fn missing_functions(rules: &Rules, catalog: &Catalog, found: &mut Vec<Diagnostic>) {
    for (pattern, place) in &rules.trusted_functions {
        if !catalog.functions().any(|function| pattern.matches(&function.name)) {
            found.push(
                Diagnostic::warning("PP065", "there is no such function")
                    .at(place)
                    .label("not in the database"),
            );
        }
    }
}

fn missing_columns(listing: &Listing<'_>, governed: &GovernedRule, found: &mut Vec<Diagnostic>) {
    let labelled = governed.columns.iter().map(|(name, label)| (name, &label.place));
    for (name, place) in labelled.chain(&governed.plain) {
        missing_column(listing.relation, name, place, found);
    }
}

/// `false`, and a report, if a relation has no such column.
pub fn missing_column(
    relation: &Relation,
    name: &Name,
    place: &Place,
    found: &mut Vec<Diagnostic>,
) -> bool {
    if relation.column(name).is_some() {
        return false;
    }
    let message = format!("table {} has no column `{name}`", relation.name);
    found.push(
        Diagnostic::error("PP021", message)
            .at(place)
            .label("not in the database")
            .suggest(name.as_str(), relation.columns.iter().map(|c| c.name.as_str())),
    );
    true
}

/// A query on a parent table reads its children too: they must not be stricter than it is.
pub fn check_families(
    catalog: &Catalog,
    bound: &mut HashMap<RelationId, BoundRelation>,
    found: &mut Vec<Diagnostic>,
) {
    let mut closed = Vec::new();
    for relation in catalog.relations() {
        let Some(child) = bound.get(&relation.id) else { continue };
        for parent in &relation.parents {
            let Some(above) = bound.get(parent) else { continue };
            let open =
                matches!(above.class, Some(RelationClass::Plain | RelationClass::NotCovered));
            let strict = match child.class {
                None | Some(RelationClass::Governed | RelationClass::Internal) => true,
                Some(RelationClass::Plain | RelationClass::NotCovered | RelationClass::System) => {
                    false
                }
            };
            let hidden = above.class == Some(RelationClass::Governed)
                && child.class == Some(RelationClass::Internal);
            if (open && strict) || hidden {
                closed.push((*parent, relation.name.clone()));
            }
        }
    }
    for (parent, child) in closed {
        let Some(above) = bound.get_mut(&parent) else { continue };
        above.class = Some(RelationClass::Governed);
        above.closed = Some(format!("its child table {child} is classified more strictly"));
        let message = format!("{} would show the rows of {child}, which is stricter", above.name);
        found.push(
            Diagnostic::error("PP028", message).help("classify the parent like its children"),
        );
    }
}
