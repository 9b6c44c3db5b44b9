//! Rows of `pgpurpose.derived` → labels of derived tables.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::catalog::{Derived, DerivedColumn};
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::model::privacy::DataCategory;
use crate::model::ruling::SubjectStep;

/// Relation, column, categories, whether it is direct; of row 0: service, subject, steps.
#[derive(Deserialize)]
pub struct LabelRow(
    u32,
    i16,
    Vec<String>,
    bool,
    Option<String>,
    Option<i16>,
    Option<Vec<[String; 4]>>,
);

/// Labels by relation. A relation without its row 0 is not described, which is an error: it was
/// tampered with.
pub fn derived(rows: Vec<LabelRow>) -> Result<BTreeMap<RelationId, Derived>, String> {
    let mut found: BTreeMap<RelationId, (Derived, bool)> = BTreeMap::new();
    for LabelRow(relation, number, categories, is_direct, service, subject, steps) in rows {
        let (derived, described) = found.entry(RelationId(relation)).or_default();
        let categories = categories.iter().map(|category| DataCategory::new(category)).collect();
        if number != 0 {
            derived.columns.insert(number, DerivedColumn { categories, is_direct });
            continue;
        }
        *described = true;
        derived.tells = categories;
        derived.service = service.unwrap_or_default();
        derived.subject = subject.map(|number| {
            let steps = steps.unwrap_or_default();
            (number, steps.iter().map(step).collect())
        });
    }
    if let Some((relation, _)) = found.iter().find(|(_, (_, described))| !described) {
        return Err(format!("labels of relation {} are not whole", relation.0));
    }
    Ok(found.into_iter().map(|(relation, (derived, _))| (relation, derived)).collect())
}

fn step([schema, table, key, next]: &[String; 4]) -> SubjectStep {
    SubjectStep {
        table: QualifiedName::new(schema, table),
        key: Name::new(key),
        next: Name::new(next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<BTreeMap<RelationId, Derived>, String> {
        derived(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn rows_become_one_table_each() {
        let labels = read(
            r#"[[7,1,["basic.name"],true,null,null,null],[7,2,[],false,null,null,null],
                [7,0,["basic.email"],false,"shop",2,[["shop","orders","id","user_id"]]]]"#,
        );
        let labels = labels.unwrap();
        let derived = &labels[&RelationId(7)];
        assert_eq!(derived.columns.len(), 2);
        assert!(derived.columns[&1].is_direct);
        assert_eq!(derived.tells.len(), 1);
        assert_eq!(derived.subject.as_ref().unwrap().1[0].next.as_str(), "user_id");
    }

    #[test]
    fn a_table_without_its_own_row_is_not_taken_for_open() {
        assert!(read(r#"[[7,1,[],true,null,null,null]]"#).is_err());
    }
}
