//! What is legal but probably not meant, and what stands for as long as it is written.

use super::versions;
use crate::model::privacy::Consent;
use crate::model::ruling::Action;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::diff::loosenings;
use crate::policy::ruleset::{ColumnLabel, GovernedRule, PurposeRule, Rules, TableRuleBody};
use crate::policy::shape::Written;

pub fn run(written: &Written, rules: &Rules, found: &mut Vec<Diagnostic>) {
    observing(written, found);
    half_granted(rules, found);
    agreements(written, rules, found);
    lists(rules, found);
    versions::run(written, rules, found);
    services(rules, found);
    aggregates(written, rules, found);
    without_subject(written, rules, found);
}

/// What a service allows that the general rules do not.
fn services(rules: &Rules, found: &mut Vec<Diagnostic>) {
    for (service, change) in loosenings(rules) {
        let message = format!("service `{service}` is milder: {}", change.one_line());
        found.push(Diagnostic::hint("PP054", message));
    }
}

fn observing(written: &Written, found: &mut Vec<Diagnostic>) {
    let defaults = &written.defaults;
    let modes = defaults
        .observe
        .iter()
        .chain(written.roles.iter().filter_map(|role| role.observe.as_ref()))
        .chain(written.rules.iter().filter_map(|rule| rule.observe.as_ref()));
    for mode in modes.filter(|mode| mode.value) {
        found.push(
            Diagnostic::warning("PP050", "observed only: decided and recorded, not enforced")
                .at(&mode.place),
        );
    }
    if let Some(advised) = defaults.minors_advised.as_ref().filter(|at| at.value) {
        let meaning = "minors are advised only: rules about them are recorded, not enforced";
        found.push(Diagnostic::warning("PP050", meaning).at(&advised.place));
    }
    let open = [
        (&defaults.unlisted_table, "unlisted tables pass as if they held nothing personal"),
        (&defaults.unlisted_function, "unlisted functions pass as if they were safe"),
        (&defaults.unparsable_sql, "statements that cannot be parsed pass unchecked"),
    ];
    for place in written.roles.iter().filter_map(|role| role.unchecked_code.as_ref()) {
        let meaning = "what code this role defines or runs is not checked";
        found.push(Diagnostic::warning("PP064", meaning).at(place));
    }
    for (setting, meaning) in open {
        if let Some(setting) = setting.as_ref().filter(|at| at.value) {
            found.push(Diagnostic::warning("PP064", meaning).at(&setting.place));
        }
    }
}

/// Columns of several categories of which a purpose names only some.
fn half_granted(rules: &Rules, found: &mut Vec<Diagnostic>) {
    for (name, table) in &rules.tables {
        let TableRuleBody::Governed(governed) = &table.body else { continue };
        for (column, label) in labels(governed) {
            if label.categories.len() < 2 {
                continue;
            }
            let column = format!("{name}.{column}");
            for purpose in rules.purposes.iter().filter(|p| !p.has_parts) {
                half_granted_words(rules, purpose, &column, label, found);
                half_granted_lookup(rules, purpose, &column, label, found);
            }
        }
    }
}

fn labels(governed: &GovernedRule) -> impl Iterator<Item = (&str, &ColumnLabel)> {
    let columns = governed.columns.iter().map(|(name, label)| (name.as_str(), label));
    columns.chain(governed.rest.iter().map(|label| ("*", label)))
}

fn half_granted_words(
    rules: &Rules,
    purpose: &PurposeRule,
    column: &str,
    label: &ColumnLabel,
    found: &mut Vec<Diagnostic>,
) {
    // INVARIANT: the first meaning is that for data of no service; it is always there.
    let words = &purpose.services[0].words;
    // INVARIANT: categories are indices of the tree and of every list by category.
    let (unnamed, named): (Vec<usize>, Vec<usize>) =
        label.categories.iter().partition(|category| words[**category].unnamed);
    let granted = named.iter().find(|category| words[**category].action != Action::Block);
    let (Some(granted), Some(missing)) = (granted, unnamed.first()) else { return };
    // INVARIANT: categories are indices of the tree and of every list by category.
    let (granted, missing) = (&rules.categories.names[*granted], &rules.categories.names[*missing]);
    let message = format!("{column} is half granted to `{}`", purpose.path);
    found.push(
        Diagnostic::warning("PP041", message)
            .at(&purpose.place)
            .label(format!("{granted} is named, but {missing} is not, so it is blocked"))
            .help(format!("add `{missing}`, or leave it out on purpose with `{missing}: block`")),
    );
}

fn half_granted_lookup(
    rules: &Rules,
    purpose: &PurposeRule,
    column: &str,
    label: &ColumnLabel,
    found: &mut Vec<Diagnostic>,
) {
    // INVARIANT: the first meaning is that for data of no service; it is always there.
    let lookup = &purpose.services[0].lookup;
    // INVARIANT: categories are indices of the tree and of every list by category.
    let (open, closed): (Vec<usize>, Vec<usize>) =
        label.categories.iter().partition(|category| lookup[**category]);
    if let (Some(_), Some(closed)) = (open.first(), closed.first()) {
        // INVARIANT: categories are indices of the tree and of every list by category.
        let closed = &rules.categories.names[*closed];
        let message = format!("`{}` may not look up {column}", purpose.path);
        found.push(
            Diagnostic::warning("PP042", message)
                .at(&purpose.place)
                .label(format!("`lookup` names only some of its categories, not {closed}"))
                .help(format!("add `{closed}` to `lookup`")),
        );
    }
}

/// Lists of people that go by evidence which the purpose does not ask for.
fn lists(rules: &Rules, found: &mut Vec<Diagnostic>) {
    for purpose in rules.purposes.iter().filter(|p| !p.has_parts) {
        for meant in &purpose.services {
            let Some(list) = &meant.only_people else { continue };
            let needed = |name: &&String| meant.needs.iter().any(|need| need.name == **name);
            if let Some(name) = list.holds.values().find(|name| !needed(name)) {
                let message = format!(
                    "`only_people` of `{}` goes by `{name}`, which nobody needs",
                    purpose.path
                );
                found.push(
                    Diagnostic::error("PP061", message)
                        .at(&purpose.place)
                        .help(format!("add `{name}` to `needs`")),
                );
                break;
            }
        }
    }
}

/// Purposes that need an agreement which nothing can show.
fn agreements(written: &Written, rules: &Rules, found: &mut Vec<Diagnostic>) {
    let choices = written.subjects.as_ref().and_then(|s| s.choices.as_ref());
    for purpose in rules.purposes.iter().filter(|p| !p.has_parts) {
        for meant in &purpose.services {
            let writes = meant.write.iter().any(|write| *write);
            if meant.consent == Consent::Explicit && choices.is_none() {
                let message =
                    format!("purpose `{}` needs consent that nothing can show", purpose.path);
                found.push(
                    Diagnostic::error("PP036", message)
                        .at(&purpose.place)
                        .help("say where choices are kept: `subjects.choices`"),
                );
                break;
            }
            if meant.consent == Consent::Explicit && writes {
                let message = format!(
                    "purpose `{}` may not insert: consent cannot be shown for a row that is new",
                    purpose.path
                );
                found.push(Diagnostic::warning("PP063", message).at(&purpose.place));
                break;
            }
        }
    }
}

/// `aggregate` needs to know over how many people, and is told nothing by groups that are not seen.
fn aggregates(written: &Written, rules: &Rules, found: &mut Vec<Diagnostic>) {
    use crate::policy::shape::DataWord;
    let services = written.services.iter().flat_map(|service| &service.purposes);
    for purpose in written.purposes.iter().chain(services) {
        let words = purpose.data.iter().filter(|data| data.word == DataWord::Aggregate);
        let first = words.map(|data| &data.category.place).next();
        if let Some(people) = purpose.min_group.as_ref().filter(|people| people.value < 2) {
            found.push(
                Diagnostic::error("PP062", "a group of one person hides nobody")
                    .at(&people.place)
                    .help("say `min_group: 2` or more"),
            );
        }
        if let Some(group) = purpose.groups.as_ref().and_then(|all| all.get(MAX_GROUPS)) {
            let message = format!("more than {MAX_GROUPS} groups");
            found.push(Diagnostic::error("PP062", message).at(&group.place));
        }
        let meant = rules.purpose_index.get(&purpose.path.value).and_then(|at| {
            let all = &rules.purposes.get(*at)?.services;
            all.iter().all(|meant| meant.min_group.is_none()).then_some(())
        });
        if let (Some(place), Some(())) = (first, meant) {
            found.push(
                Diagnostic::warning("PP062", "`aggregate` without `min_group`: it is refused")
                    .at(place)
                    .help("say over how many people: `min_group: 20`"),
            );
        }
    }
    for purpose in rules.purposes.iter().filter(|purpose| !purpose.has_parts) {
        unused_group(written, purpose, found);
    }
}

/// `min_group` or `groups` of a purpose none of whose words is `aggregate`.
fn unused_group(written: &Written, purpose: &PurposeRule, found: &mut Vec<Diagnostic>) {
    let aggregates = |action| action == Action::Aggregate;
    if purpose.services.iter().flat_map(|meant| &meant.words).any(|word| aggregates(word.action)) {
        return;
    }
    let own = written.purposes.iter().find(|shape| shape.path.value == purpose.path.as_str());
    let own = own.and_then(|shape| {
        let groups = shape.groups.as_ref().and_then(|all| all.first());
        shape.min_group.as_ref().map(|at| &at.place).or(groups.map(|at| &at.place))
    });
    if let Some(place) = own {
        let message = "`min_group` and `groups` have no effect without `aggregate`";
        found.push(
            Diagnostic::warning("PP062", message)
                .at(place)
                .label("what is allowed or masked is seen row by row"),
        );
    }
}

/// The most levels of groups: each is worked out anew over the whole table.
const MAX_GROUPS: usize = 4;

fn without_subject(written: &Written, rules: &Rules, found: &mut Vec<Diagnostic>) {
    let by_rule = rules.rules.iter().any(|r| r.subject.is_some() || r.except_consent.is_some());
    let choices = written.subjects.as_ref().is_some_and(|s| s.choices.is_some());
    let by_purpose = choices
        && rules.purposes.iter().flat_map(|p| &p.services).any(|p| p.consent != Consent::None);
    if !by_rule && !by_purpose {
        return;
    }
    for table in rules.tables.values() {
        let TableRuleBody::Governed(governed) = &table.body else { continue };
        if governed.subject.is_none() && labels(governed).next().is_some() {
            found.push(
                Diagnostic::warning("PP043", "nobody's row: the table has no `subject`")
                    .at(&table.place)
                    .label("refused wherever a question about the person is asked"),
            );
        }
    }
}
