//! Tables that list the people a purpose may be about.

use std::collections::BTreeMap;

use super::bound::BindInput;
use super::subjects::{has, table};
use crate::catalog::Catalog;
use crate::model::ruling::Fragment;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::{ListRule, Rules};
use crate::policy::shape::ListShape;

/// The lists that can be asked, with the SQL over their rows. What is missing is reported; a
/// purpose whose list cannot be asked is closed.
pub fn bind(
    rules: &Rules,
    catalog: &Catalog,
    input: &BindInput,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<ListRule, Option<Fragment>> {
    let mut lists = BTreeMap::new();
    for shape in &rules.lists {
        if let Some(filter) = list(shape, rules, (catalog, input), found) {
            lists.insert(shape.rule(), filter);
        }
    }
    lists
}

fn list(
    shape: &ListShape,
    rules: &Rules,
    (catalog, input): (&Catalog, &BindInput),
    found: &mut Vec<Diagnostic>,
) -> Option<Option<Fragment>> {
    let relation = table(&shape.table, catalog, found)?;
    let columns = [&shape.subject].into_iter().chain(shape.holds.iter().map(|(column, _)| column));
    let missing = columns.filter(|column| !has(relation, column, found)).count();
    let subject = relation.column(&shape.subject.value).filter(|_| missing == 0)?;
    let people = rules.subjects.as_ref();
    let id = people.and_then(|p| catalog.by_name(&p.table.value)?.column(&p.id.value));
    if id.is_none_or(|id| id.type_category != subject.type_category) {
        found.push(
            Diagnostic::error("PP025", format!("column `{}` names no people", subject.name))
                .at(&shape.subject.place)
                .label(format!("it is of type {}", subject.base_type)),
        );
        return None;
    }
    let Some(written) = &shape.filter else { return Some(None) };
    match input.lists.get(&shape.rule()) {
        Some(Ok(fragment)) => Some(Some(fragment.clone())),
        Some(Err(why)) => {
            found.push(
                Diagnostic::error("PP024", "this condition on a list of people cannot be used")
                    .at(&written.place)
                    .label(why.as_str()),
            );
            None
        }
        None => None,
    }
}
