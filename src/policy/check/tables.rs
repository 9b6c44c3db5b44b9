//! Classes, labels and subjects of tables; the tables of each service.

use std::collections::{BTreeMap, BTreeSet};

use super::categories;
use crate::model::names::QualifiedName;
use crate::model::ruling::RuleRef;
use crate::policy::diagnostic::{Diagnostic, Place};
use crate::policy::ruleset::{
    Categories, ColumnLabel, Erasure, GovernedRule, ServiceRule, TableRule, TableRuleBody,
};
use crate::policy::shape::{
    At, ErasureShape, GovernedShape, ServiceShape, SubjectShape, TableBody, TablePattern,
    TableShape, Written,
};

/// Tables by exact name, and patterns with the most specific first.
pub struct Tables {
    pub exact: BTreeMap<QualifiedName, TableRule>,
    pub patterns: Vec<(TablePattern, TableRule)>,
}

pub fn build(written: &Written, tree: &Categories, found: &mut Vec<Diagnostic>) -> Tables {
    let mut tables = Tables { exact: BTreeMap::new(), patterns: Vec::new() };
    for shape in &written.tables {
        let rule = table_rule(shape, tree, found);
        let pattern = &shape.pattern.value;
        if pattern.is_exact() {
            let name = QualifiedName::new(&pattern.schema, &pattern.table);
            tables.exact.insert(name, rule);
        } else {
            tables.patterns.push((pattern.clone(), rule));
        }
    }
    tables.patterns.sort_by_key(|(pattern, rule)| {
        (std::cmp::Reverse(pattern.literal_bytes()), class_order(rule), pattern.clone())
    });
    check_paths(&tables, found);
    tables
}

/// Of two patterns equally specific the stricter class comes first.
fn class_order(rule: &TableRule) -> u8 {
    match rule.body {
        TableRuleBody::Internal => 0,
        TableRuleBody::Governed(_) => 1,
        TableRuleBody::NotCovered => 2,
        TableRuleBody::Plain => 3,
    }
}

fn table_rule(shape: &TableShape, tree: &Categories, found: &mut Vec<Diagnostic>) -> TableRule {
    let pattern = &shape.pattern;
    let id = format!("tables.{}.{}", pattern.value.schema, pattern.value.table);
    TableRule {
        rule: RuleRef { id, place: pattern.place.line_ref() },
        place: pattern.place.clone(),
        body: match &shape.body {
            TableBody::Plain => TableRuleBody::Plain,
            TableBody::Internal => TableRuleBody::Internal,
            TableBody::NotCovered => TableRuleBody::NotCovered,
            TableBody::Governed(governed) => {
                TableRuleBody::Governed(Box::new(governed_rule(governed, tree, found)))
            }
        },
    }
}

fn governed_rule(
    shape: &GovernedShape,
    tree: &Categories,
    found: &mut Vec<Diagnostic>,
) -> GovernedRule {
    let mut label = |place: &Place, written: &[At<String>]| ColumnLabel {
        categories: categories::find_all(tree, written, found),
        place: place.clone(),
    };
    let columns: BTreeMap<_, _> = shape
        .columns
        .iter()
        .map(|(name, written)| (name.value.clone(), label(&name.place, written)))
        .collect();
    let rest = shape.rest.as_ref().map(|(place, written)| label(place, written));
    for name in &shape.plain {
        if let Some(label) = columns.get(&name.value) {
            let message = format!("column `{}` is both plain and personal", name.value);
            found.push(
                Diagnostic::error("PP039", message)
                    .at(&name.place)
                    .label(format!("classified at {}", label.place)),
            );
        }
    }
    GovernedRule {
        erase: shape.erase.as_ref().map(|shape| erasure(shape, tree, found)),
        subject: shape.subject.as_ref().map(|at| (at.value.clone(), at.place.clone())),
        plain: shape.plain.iter().map(|at| (at.value.clone(), at.place.clone())).collect(),
        columns,
        rest,
    }
}

/// `subjects.erase`
pub fn stays(
    written: &Written,
    tree: &Categories,
    found: &mut Vec<Diagnostic>,
) -> Vec<(usize, Erasure)> {
    let shapes = written.subjects.iter().flat_map(|subjects| &subjects.erase);
    let stay = |(category, shape): &(At<String>, ErasureShape)| {
        let index = tree.index.get(&category.value).copied();
        Some((index, erasure(shape, tree, found)))
    };
    shapes.filter_map(stay).filter_map(|(index, erasure)| Some((index?, erasure))).collect()
}

fn erasure(shape: &ErasureShape, tree: &Categories, found: &mut Vec<Diagnostic>) -> Erasure {
    Erasure {
        word: shape.word,
        keep: categories::find_all(tree, &shape.keep, found),
        retain: shape.retain,
        from: shape.from.as_ref().map(|at| (at.value.clone(), at.place.clone())),
        because: shape.because.as_ref().map(|at| at.value.clone()),
    }
}

/// Every path to a subject must end at a column.
fn check_paths(tables: &Tables, found: &mut Vec<Diagnostic>) {
    for rule in tables.exact.values().chain(tables.patterns.iter().map(|(_, rule)| rule)) {
        let TableRuleBody::Governed(governed) = &rule.body else { continue };
        let mut seen = BTreeSet::new();
        let mut step = governed.subject.as_ref();
        while let Some((SubjectShape::Path { table, .. }, place)) = step {
            let next = tables.exact.get(table).map(|rule| &rule.body);
            let Some(TableRuleBody::Governed(next)) = next else {
                let known: Vec<String> = tables.exact.keys().map(ToString::to_string).collect();
                let written = table.to_string();
                found.push(
                    Diagnostic::error("PP017", format!("`{table}` is not listed with a subject"))
                        .at(place)
                        .suggest(&written, known.iter().map(String::as_str)),
                );
                break;
            };
            if next.subject.is_none() || !seen.insert(table.clone()) {
                let message = format!("the path over `{table}` leads to no person");
                found.push(Diagnostic::error("PP026", message).at(place));
                break;
            }
            step = next.subject.as_ref();
        }
    }
}

pub fn services(shapes: &[ServiceShape], found: &mut Vec<Diagnostic>) -> Vec<ServiceRule> {
    let mut claims: BTreeMap<String, &Place> = BTreeMap::new();
    let mut rules = Vec::new();
    for shape in shapes {
        let schemas = shape.schemas.iter().map(|at| (at.value.clone(), &at.place));
        let tables = shape
            .tables
            .iter()
            .map(|at| (format!("{}.{}", at.value.schema, at.value.table), &at.place));
        for (claim, place) in schemas.chain(tables) {
            if let Some(first) = claims.insert(claim.clone(), place) {
                found.push(
                    Diagnostic::error("PP031", format!("two services claim `{claim}`"))
                        .at(place)
                        .label(format!("also claimed at {first}"))
                        .note("each would prevail over the general policy; none is picked")
                        .help("name single tables in one of them: `tables: [schema.table]`"),
                );
            }
        }
        rules.push(ServiceRule {
            name: shape.name.value.clone(),
            version: shape.policy.as_ref().and_then(|policy| policy.version),
            schemas: shape.schemas.iter().map(|at| at.value.clone()).collect(),
            tables: shape.tables.iter().map(|at| at.value.clone()).collect(),
        });
    }
    rules
}

impl TablePattern {
    pub fn is_exact(&self) -> bool {
        !self.schema.contains('*') && !self.table.contains('*')
    }

    pub fn literal_bytes(&self) -> usize {
        self.schema.len() + self.table.len()
            - self.schema.matches('*').count()
            - self.table.matches('*').count()
    }

    pub fn matches(&self, name: &QualifiedName) -> bool {
        glob(&self.schema, name.schema.as_str()) && glob(&self.table, name.name.as_str())
    }
}

/// `*` stands for any text; everything else for itself.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, text, fits) in [
            ("users", "users", true),
            ("users", "users2", false),
            ("*", "", true),
            ("tmp_*", "tmp_1", true),
            ("tmp_*", "xtmp_1", false),
            ("*_log", "a_log", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c2b", false),
            ("aa*aa", "aaa", false),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }
}
