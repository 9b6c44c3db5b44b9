//! Layers of service, part and purpose → one word for each category.
//!
//! The nearest layer that says anything about a category or one above it decides: the service's
//! part, the service's purpose, the part, the purpose. Inside a layer the longest name wins.

use std::collections::{BTreeMap, BTreeSet};

use super::categories;
use crate::model::privacy::{Consent, LawfulBasis, Purpose};
use crate::model::ruling::{Action, RuleRef};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::{Categories, Effective, PurposeRule, Word};
use crate::policy::shape::{
    At, DataShape, DataWord, ListShape, MaskMeaning, PurposeShape, SinceShape, Written,
};

/// One file's say about one purpose, with its categories looked up.
struct Layer<'s> {
    shape: &'s PurposeShape,
    of_service: bool,
    rule: RuleRef,
    data: BTreeMap<usize, (DataShape, RuleRef)>,
    write: Option<BTreeSet<usize>>,
    write_only: Option<BTreeSet<usize>>,
    tells_taken: Option<BTreeSet<usize>>,
    lookup: Option<BTreeSet<usize>>,
    groups: Option<Vec<usize>>,
}

impl Layer<'_> {
    /// The line that says which agreement is owed.
    fn consent_rule(&self) -> RuleRef {
        let place = self.shape.consent.as_ref().map(|at| at.place.line_ref());
        let id = self.rule.id.clone();
        RuleRef { id, place: place.unwrap_or_else(|| self.rule.place.clone()) }
    }
}

pub fn build(
    written: &Written,
    tree: &Categories,
    found: &mut Vec<Diagnostic>,
) -> Vec<PurposeRule> {
    let general = layers(&written.purposes, "purposes.", tree, found);
    let services: Vec<BTreeMap<&str, Layer<'_>>> = written
        .services
        .iter()
        .map(|service| {
            let prefix = format!("services/{}.", service.name.value);
            layers(&service.purposes, &prefix, tree, found)
        })
        .collect();
    for layer in services.iter().flat_map(BTreeMap::values) {
        let path = &layer.shape.path;
        if !general.contains_key(path.value.as_str()) {
            found.push(
                Diagnostic::error("PP013", format!("unknown purpose `{}`", path.value))
                    .at(&path.place)
                    .label("a service can only change purposes that exist")
                    .suggest(&path.value, general.keys().copied()),
            );
        }
    }
    let default = written.defaults.consent.unwrap_or(Consent::Implied);
    let mut rules = Vec::new();
    for (path, own) in &general {
        let stack = |service: Option<&'_ BTreeMap<&str, Layer<'_>>>| {
            let paths: Vec<&str> = dotted(path).collect();
            let from_service = service
                .into_iter()
                .flat_map(|layers| paths.iter().filter_map(|p| layers.get(p)).collect::<Vec<_>>());
            let from_general = paths.iter().filter_map(|p| general.get(p));
            effective(&from_service.chain(from_general).collect::<Vec<_>>(), tree, default)
        };
        let mut all = vec![stack(None)];
        all.extend(services.iter().map(|service| stack(Some(service))));
        let parent = path.split_once('.').and_then(|(above, _)| general.get(above));
        let flag = |of: fn(&PurposeShape) -> Option<bool>| {
            of(own.shape).or_else(|| parent.and_then(|p| of(p.shape))).unwrap_or(false)
        };
        rules.push(PurposeRule {
            path: Purpose::new(path),
            place: own.shape.path.place.clone(),
            has_parts: own.shape.has_parts,
            any_label: own.shape.any_label.as_ref().is_some_and(|at| at.value),
            outside: flag(|shape| shape.outside),
            token_required: flag(|shape| shape.token),
            services: all,
        });
        check_purpose(own.shape, found);
        // INVARIANT: pushed just above.
        check_basis(own.shape, &rules[rules.len() - 1].services[0], found);
    }
    rules
}

fn dotted(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |p| p.rfind('.').map(|dot| &p[..dot]))
}

fn layers<'s>(
    shapes: &'s [PurposeShape],
    prefix: &str,
    tree: &Categories,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<&'s str, Layer<'s>> {
    let mut layers = BTreeMap::new();
    let of_service = prefix.starts_with("services/");
    for shape in shapes {
        let id = format!("{prefix}{}", shape.path.value);
        let mut data = BTreeMap::new();
        for entry in &shape.data {
            let Some(category) = categories::find(tree, &entry.category, found) else { continue };
            let rule = RuleRef { id: id.clone(), place: entry.category.place.line_ref() };
            data.insert(category, (entry.clone(), rule));
        }
        let mut all = |list: &Option<Vec<At<String>>>| {
            list.as_ref().map(|list| categories::find_all(tree, list, found))
        };
        let (write, write_only) = (all(&shape.write), all(&shape.write_only));
        let (tells_taken, lookup) = (all(&shape.tells_taken), all(&shape.lookup));
        let groups = shape.groups.as_ref().map(|list| in_order(tree, list, found));
        let rule = RuleRef { id, place: shape.path.place.line_ref() };
        layers.insert(
            shape.path.value.as_str(),
            Layer { shape, of_service, rule, data, write, write_only, tells_taken, lookup, groups },
        );
    }
    layers
}

/// Categories in the order they are written in: it means something.
fn in_order(tree: &Categories, list: &[At<String>], found: &mut Vec<Diagnostic>) -> Vec<usize> {
    list.iter().filter_map(|name| categories::find(tree, name, found)).collect()
}

/// What the layers say together, the first with a say deciding.
fn effective(layers: &[&Layer<'_>], tree: &Categories, default: Consent) -> Effective {
    fn first<'l, T>(
        layers: &[&'l Layer<'_>],
        of: impl Fn(&'l PurposeShape) -> Option<T>,
    ) -> Option<T> {
        layers.iter().find_map(|layer| of(layer.shape))
    }
    let asking = layers.iter().find(|layer| layer.shape.consent.is_some());
    let asks = asking.map(|layer| layer.shape);
    let mut general = layers.iter().filter(|layer| !layer.of_service);
    let forbids = layers.iter().find(|layer| layer.shape.forbidden.is_some());
    let forbidden = forbids.and_then(|l| l.shape.forbidden.as_ref()).is_some_and(|at| at.value);
    let rule = match forbids {
        Some(layer) if forbidden => layer.rule.clone(),
        // INVARIANT: a purpose is made of one layer at least, its own.
        _ => layers[0].rule.clone(),
    };
    let spread = |listed: Option<&BTreeSet<usize>>| -> Vec<bool> {
        let covered =
            |category| listed.is_some_and(|list| list.iter().any(|l| tree.covers(*l, category)));
        (0..tree.count()).map(covered).collect()
    };
    let write = layers.iter().find_map(|layer| layer.write.as_ref());
    let write_only = layers.iter().find_map(|layer| layer.write_only.as_ref());
    let tells_taken = layers.iter().find_map(|layer| layer.tells_taken.as_ref());
    let lookup = layers.iter().find_map(|layer| layer.lookup.as_ref());
    Effective {
        consent: asks.and_then(|s| s.consent.as_ref()).map_or(default, |at| at.value),
        consent_rule: asking.map_or_else(|| rule.clone(), |layer| layer.consent_rule()),
        consent_instead_of: asking
            .filter(|layer| layer.of_service)
            .and_then(|_| general.find(|layer| layer.shape.consent.is_some()))
            .map(|layer| layer.consent_rule()),
        consent_before: asks.and_then(|s| s.consent_since.as_ref()).map(|since| {
            let before = since.before.as_ref().map_or(Consent::Explicit, |at| at.value);
            (since.version.value, before)
        }),
        since: layers.iter().filter_map(|l| l.shape.since.as_ref()).map(|at| at.value).max(),
        basis: first(layers, |s| s.basis.as_ref().map(|at| at.value)),
        words: (0..tree.count()).map(|category| word(layers, tree, category)).collect(),
        write: spread(write),
        write_only: spread(write_only),
        tells_taken: spread(tells_taken),
        lookup: spread(lookup),
        only_one_person: first(layers, |s| s.only_one_person).unwrap_or(false),
        needs: first(layers, |s| s.needs.as_ref()).cloned().unwrap_or_default(),
        min_group: first(layers, |s| s.min_group.as_ref().map(|at| at.value)),
        groups: layers.iter().find_map(|layer| layer.groups.clone()).unwrap_or_default(),
        only_people: first(layers, |s| s.only_people.as_ref()).map(ListShape::rule),
        overrides_refusal: first(layers, |s| s.overrides_refusal).unwrap_or(false),
        forbidden,
        rule,
    }
}

/// The word for a category: that of each leaf it stands for, the strictest winning.
fn word(layers: &[&Layer<'_>], tree: &Categories, category: usize) -> Word {
    // INVARIANT: categories are indices of the tree and of every list by category.
    let leaves: Vec<LeafWord<'_>> =
        tree.leaves[category].iter().map(|leaf| leaf_word(layers, tree, *leaf)).collect();
    let strictest = |told: &dyn Fn(u32) -> bool| {
        Action::strictest(leaves.iter().map(|leaf| match leaf.since {
            Some((version, before)) if !told(version) => before,
            Some(_) | None => leaf.action,
        }))
    };
    let versions: BTreeSet<u32> =
        leaves.iter().filter_map(|leaf| leaf.since.map(|(version, _)| version)).collect();
    // INVARIANT: a purpose is made of one layer at least, its own.
    let own = &layers[0].rule;
    Word {
        action: strictest(&|_| true),
        before: versions.iter().map(|v| (*v, strictest(&|version| version < *v))).collect(),
        unnamed: leaves.iter().any(|leaf| leaf.rule.is_none()),
        because: leaves.iter().map(|leaf| leaf.rule.unwrap_or(own).clone()).collect(),
        instead_of: leaves.iter().filter_map(|leaf| leaf.instead_of).cloned().collect(),
    }
}

/// What the nearest layer with a say tells of one leaf.
struct LeafWord<'l> {
    action: Action,
    since: Option<(u32, Action)>,
    rule: Option<&'l RuleRef>,
    instead_of: Option<&'l RuleRef>,
}

fn leaf_word<'l>(layers: &[&'l Layer<'_>], tree: &Categories, leaf: usize) -> LeafWord<'l> {
    let named = |layer: &&'l Layer<'_>| {
        // INVARIANT: categories are indices of the tree and of every list by category.
        let mut lineage = tree.names[leaf].lineage();
        lineage.find_map(|above| layer.data.get(tree.index.get(above)?))
    };
    let mut general = layers.iter().copied().filter(|layer| !layer.of_service);
    for layer in layers {
        let Some((entry, rule)) = named(layer) else { continue };
        let mut lost = || general.find_map(|layer| named(&layer)).map(|(_, rule)| rule);
        let before = |since: &SinceShape<DataWord>| {
            let before = since.before.map_or(Action::Hide, |word| meant(word, tree, leaf));
            (since.version.value, before)
        };
        return LeafWord {
            action: meant(entry.word, tree, leaf),
            since: entry.since.as_ref().map(before),
            rule: Some(rule),
            instead_of: if layer.of_service { lost() } else { None },
        };
    }
    LeafWord { action: Action::Block, since: None, rule: None, instead_of: None }
}

fn meant(word: DataWord, tree: &Categories, leaf: usize) -> Action {
    match word {
        DataWord::Allow => Action::Allow,
        DataWord::Named(mask) => Action::Mask(mask),
        DataWord::Aggregate => Action::Aggregate,
        DataWord::Hide => Action::Hide,
        DataWord::Block => Action::Block,
        // INVARIANT: categories are indices of the tree and of every list by category.
        DataWord::Mask => match tree.masks[leaf] {
            Some(MaskMeaning::Mask(mask)) => Action::Mask(mask),
            Some(MaskMeaning::Hide) => Action::Hide,
            Some(MaskMeaning::Block) | None => Action::Block,
        },
    }
}

fn check_purpose(shape: &PurposeShape, found: &mut Vec<Diagnostic>) {
    if let Some(any_label) = shape.any_label.as_ref().filter(|at| at.value) {
        let problem = if shape.has_parts {
            Some("a purpose with parts cannot take any label")
        } else if shape.path.value.contains('.') {
            Some("a part cannot take any label")
        } else {
            None
        };
        if let Some(problem) = problem {
            found.push(Diagnostic::error("PP005", problem).at(&any_label.place));
        }
    }
}

fn check_basis(shape: &PurposeShape, meant: &Effective, found: &mut Vec<Diagnostic>) {
    if meant.basis == Some(LawfulBasis::Consent) && meant.consent == Consent::None {
        let place = shape.basis.as_ref().map_or(&shape.path.place, |at| &at.place);
        let message = format!("purpose `{}` rests on consent but asks for none", shape.path.value);
        found.push(
            Diagnostic::error("PP035", message)
                .at(place)
                .help("say `consent: explicit` or `consent: implied`, or name another basis"),
        );
    }
}

/// The index of a purpose named in a rule file, or a report.
pub fn find(
    index: &BTreeMap<String, usize>,
    written: &At<String>,
    found: &mut Vec<Diagnostic>,
) -> Option<usize> {
    if let Some(at) = index.get(&written.value) {
        return Some(*at);
    }
    found.push(
        Diagnostic::error("PP013", format!("unknown purpose `{}`", written.value))
            .at(&written.place)
            .suggest(&written.value, index.keys().map(String::as_str)),
    );
    None
}
