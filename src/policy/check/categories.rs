//! The tree of categories, and looking one up with a suggestion.

use std::collections::BTreeSet;

use crate::model::privacy::DataCategory;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::Categories;
use crate::policy::shape::{At, CategoryShape};

pub fn build(shapes: &[CategoryShape], found: &mut Vec<Diagnostic>) -> Categories {
    let mut paths = BTreeSet::new();
    for shape in shapes {
        paths.extend(DataCategory::new(&shape.path.value).lineage().map(str::to_owned));
    }
    let mut tree = Categories::default();
    for (index, path) in paths.iter().enumerate() {
        tree.names.push(DataCategory::new(path));
        tree.index.insert(path.clone(), index);
    }
    tree.masks = vec![None; paths.len()];
    tree.leaves = vec![Vec::new(); paths.len()];
    for shape in shapes {
        let path = DataCategory::new(&shape.path.value);
        let below = format!("{}.", shape.path.value);
        if paths.iter().any(|other| other.starts_with(&below)) {
            let message = format!("category `{path}` has a mask and fields below it");
            found.push(
                Diagnostic::error("PP006", message)
                    .at(&shape.path.place)
                    .help("give the mask to each field"),
            );
            continue;
        }
        // INVARIANT: categories are indices of the tree and of every list by category.
        let leaf = tree.index[path.as_str()];
        tree.masks[leaf] = Some(shape.mask);
        for above in path.lineage() {
            tree.leaves[tree.index[above]].push(leaf);
        }
    }
    tree
}

/// The index of a category that is written somewhere, or a report.
pub fn find(tree: &Categories, written: &At<String>, found: &mut Vec<Diagnostic>) -> Option<usize> {
    if let Some(index) = tree.index.get(&written.value) {
        return Some(*index);
    }
    let mut diagnostic =
        Diagnostic::error("PP012", format!("unknown category `{}`", written.value))
            .at(&written.place)
            .suggest(&written.value, tree.index.keys().map(String::as_str));
    let group = written.value.rsplit_once('.').map(|(group, _)| group);
    if let Some(group) = group.filter(|group| tree.index.contains_key(*group)) {
        diagnostic = diagnostic.label(format!("no such field in `{group}`"));
    }
    found.push(diagnostic);
    None
}

/// The categories of a list, as indices.
pub fn find_all(
    tree: &Categories,
    written: &[At<String>],
    found: &mut Vec<Diagnostic>,
) -> BTreeSet<usize> {
    written.iter().filter_map(|category| find(tree, category, found)).collect()
}
