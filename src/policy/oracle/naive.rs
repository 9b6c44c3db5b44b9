//! The decision as the page on the language tells it: slow, by names, nothing prepared.

use std::collections::BTreeSet;

use super::small::{
    CATEGORIES, Kind, LEAVES, Label, MASKS, PURPOSES, Small, SmallPurpose, SmallRule, SmallUses,
    WORDS,
};

/// What is said of one site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NaiveSite {
    /// Column, action, conditions, look-up.
    pub columns: Vec<(usize, String, BTreeSet<String>, bool)>,
    pub rows: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naive {
    Refused,
    Sites { sites: Vec<NaiveSite>, log: bool, rows_over: bool },
}

struct Asked<'a> {
    small: &'a Small,
    uses: &'a SmallUses,
    purpose: &'static str,
}

pub fn decide(small: &Small, uses: &SmallUses) -> Naive {
    // Only p and q.m are open to the role.
    let Some(purpose @ ("p" | "q.m")) = PURPOSES.get(uses.purpose).copied() else {
        return Naive::Refused;
    };
    let asked = Asked { small, uses, purpose };
    let mut sites = Vec::new();
    for site in 0..uses.sites.len() {
        match asked.site(site) {
            Some(ruling) => sites.push(ruling),
            None => return Naive::Refused,
        }
    }
    if asked.flows_out() || asked.more_than_one() {
        return Naive::Refused;
    }
    let (mut log, mut rows_over) = (false, false);
    for rule in &small.rules {
        let hit = (0..uses.sites.len()).any(|site| asked.hits(rule, site));
        match rule.kind {
            Kind::Block if hit => return Naive::Refused,
            Kind::Log if hit => log = true,
            Kind::Rows if hit => rows_over = true,
            _ => {}
        }
    }
    Naive::Sites { sites, log, rows_over }
}

/// Whether a category is another one, or below it.
fn below(category: &str, above: &str) -> bool {
    category == above || category.starts_with(&format!("{above}."))
}

fn leaves(category: &str) -> Vec<usize> {
    (0..LEAVES.len()).filter(|leaf| below(LEAVES[*leaf], category)).collect()
}

fn strictest(actions: &BTreeSet<String>) -> String {
    for word in ["block", "hide"] {
        if actions.contains(word) {
            return word.to_owned();
        }
    }
    let masks: Vec<&String> = actions.iter().filter(|a| *a != "allow").collect();
    match masks.as_slice() {
        [] if actions.is_empty() => "block".to_owned(),
        [] => "allow".to_owned(),
        [one] => (*one).clone(),
        _ => "hide".to_owned(),
    }
}

impl Asked<'_> {
    /// Nearest first: the service's part, its purpose, the part, the purpose.
    fn layers(&self, table: usize) -> Vec<&SmallPurpose> {
        let at = |name: &str| PURPOSES.iter().position(|p| *p == name);
        let mut path = vec![at(self.purpose)];
        if let Some((above, _)) = self.purpose.split_once('.') {
            path.push(at(above));
        }
        let path: Vec<usize> = path.into_iter().flatten().collect();
        let own = self.small.service.as_ref().filter(|_| table == 1);
        let own = own.into_iter().flat_map(|all| path.iter().map(|at| &all[*at]));
        own.chain(path.iter().map(|at| &self.small.purposes[*at])).collect()
    }

    fn leaf_action(&self, table: usize, leaf: usize) -> String {
        for layer in self.layers(table) {
            for name in [LEAVES[leaf], &LEAVES[leaf][..1]] {
                let word = layer.data.iter().find(|(category, _)| CATEGORIES[*category] == name);
                if let Some((_, word)) = word {
                    return match WORDS[*word] {
                        "mask" => MASKS[self.small.masks[leaf]].to_owned(),
                        "mask.fixed" => "fixed".to_owned(),
                        "aggregate" => "hide".to_owned(),
                        word => word.to_owned(),
                    };
                }
            }
        }
        "block".to_owned()
    }

    /// The categories of a column. `None`: plain. Empty: nobody said.
    fn categories(&self, table: usize, column: usize) -> Option<Vec<&'static str>> {
        match &self.small.labels[table][column.checked_sub(1)?] {
            Label::Plain => None,
            Label::Unlisted => Some(Vec::new()),
            Label::Of(list) => Some(list.iter().map(|c| CATEGORIES[*c]).collect()),
        }
    }

    fn action(&self, site: usize, column: usize) -> String {
        let table = self.uses.sites[site].table;
        let Some(categories) = self.categories(table, column) else { return "allow".to_owned() };
        let all = categories.iter().flat_map(|category| leaves(category));
        let mut actions: BTreeSet<String> =
            all.clone().map(|leaf| self.leaf_action(table, leaf)).collect();
        for rule in &self.small.rules {
            if rule.kind == Kind::Mask && self.hits(rule, site) && touches(rule, &categories) {
                actions.extend(all.clone().map(|leaf| MASKS[self.small.masks[leaf]].to_owned()));
            }
        }
        strictest(&actions)
    }

    fn first<T>(&self, table: usize, of: impl Fn(&SmallPurpose) -> Option<T>) -> Option<T> {
        self.layers(table).into_iter().find_map(of)
    }

    fn listed(
        &self,
        table: usize,
        column: usize,
        of: impl Fn(&SmallPurpose) -> &Option<Vec<usize>>,
    ) -> bool {
        let list = self.first(table, |layer| of(layer).clone()).unwrap_or_default();
        let Some(categories) = self.categories(table, column) else { return false };
        !categories.is_empty()
            && categories.iter().all(|c| list.iter().any(|l| below(c, CATEGORIES[*l])))
    }

    fn applies(&self, rule: &SmallRule) -> bool {
        let named = |purpose: usize| below(self.purpose, PURPOSES[purpose]);
        rule.purpose.is_none_or(named) && !rule.except.is_some_and(named)
    }

    fn hits(&self, rule: &SmallRule, site: usize) -> bool {
        let used = &self.uses.sites[site];
        let other = self.small.role_service != Some(used.table);
        let read = used.read.iter().chain(&used.lookup).any(|column| {
            self.categories(used.table, *column).is_some_and(|all| touches(rule, &all))
        });
        self.applies(rule) && (!rule.other_service || other) && (rule.reads.is_none() || read)
    }

    fn site(&self, site: usize) -> Option<NaiveSite> {
        let used = &self.uses.sites[site];
        let table = used.table;
        let needs = self.first(table, |layer| layer.needs).unwrap_or(false);
        if needs && !self.uses.ticket {
            return None;
        }
        let mut ruling = NaiveSite::default();
        let all: BTreeSet<usize> =
            used.read.iter().chain(&used.lookup).chain(&used.written).copied().collect();
        for column in all {
            if self.categories(table, column).is_none() {
                continue;
            }
            let action = self.action(site, column);
            if action == "block" && (used.read.contains(&column) || used.lookup.contains(&column)) {
                return None;
            }
            let lookup = self.listed(table, column, |l| &l.lookup) && action != "block";
            ruling.columns.push((column, action, BTreeSet::new(), lookup));
        }
        self.people(site, &mut ruling);
        // 1: INSERT, 2: UPDATE, 4: MERGE. What shows NULL is not written over.
        if matches!(used.access, 1 | 2 | 4) {
            let written = ruling.columns.iter().filter(|c| used.written.contains(&c.0));
            let unseen: Vec<String> = written.flat_map(|c| c.2.iter().cloned()).collect();
            ruling.rows.extend(unseen);
        }
        let asked = !ruling.rows.is_empty() || ruling.columns.iter().any(|c| !c.2.is_empty());
        if asked && !self.small.subjects[table] {
            return None;
        }
        let explicit = self.consent(table) == "explicit";
        if asked && explicit && (used.access == 1 || used.access == 4) {
            return None;
        }
        self.may_write(site).then_some(ruling)
    }

    fn consent(&self, table: usize) -> &'static str {
        let said = self.first(table, |layer| layer.consent);
        said.map_or("implied", |at| super::small::CONSENTS[at])
    }

    fn people(&self, site: usize, ruling: &mut NaiveSite) {
        let table = self.uses.sites[site].table;
        let consent = self.consent(table);
        let overrides = self.first(table, |layer| layer.overrides).unwrap_or(false);
        if consent == "explicit" || (consent == "implied" && !overrides) {
            if self.small.refused_mask {
                ruling.columns.iter_mut().for_each(|c| {
                    c.2.insert(consent.to_owned());
                });
            } else {
                ruling.rows.insert(consent.to_owned());
            }
        }
        for rule in self.small.rules.iter().filter(|rule| self.hits(rule, site)) {
            match rule.kind {
                Kind::CancelledHide => drop(ruling.rows.insert("not cancelled".to_owned())),
                Kind::MinorGuardianHide => {
                    ruling.rows.insert("adult or guardian".to_owned());
                }
                Kind::CrossHide => drop(ruling.rows.insert("cross".to_owned())),
                Kind::CrossMask => {
                    for column in &mut ruling.columns {
                        let all = self.categories(table, column.0).unwrap_or_default();
                        if touches(rule, &all) {
                            column.2.insert("cross".to_owned());
                        }
                    }
                }
                Kind::Block | Kind::Mask | Kind::Log | Kind::Rows => {}
            }
        }
    }

    fn may_write(&self, site: usize) -> bool {
        let used = &self.uses.sites[site];
        if used.access == 0 {
            return true;
        }
        let table = used.table;
        let personal: Vec<usize> =
            (0..5).filter(|column| self.categories(table, *column).is_some()).collect();
        let list = self.first(table, |layer| layer.write.clone()).unwrap_or_default();
        if list.is_empty() {
            return false;
        }
        let writable = |column: usize| self.listed(table, column, |l| &l.write);
        let some = personal.iter().any(|column| {
            let all = self.categories(table, *column).unwrap_or_default();
            all.iter().any(|c| list.iter().any(|l| below(c, CATEGORIES[*l])))
        });
        let each = used.written.iter().all(|column| match self.categories(table, *column) {
            None => some || personal.is_empty(),
            Some(_) => writable(*column) && self.action(site, *column) == "allow",
        });
        // 3: DELETE, 4: MERGE
        each && (used.access != 3 || personal.iter().all(|column| writable(*column)))
    }

    /// A clear value copied to where its categories are not.
    fn flows_out(&self) -> bool {
        self.uses.flows.iter().any(|(from, to)| {
            let (source, target) = (&self.uses.sites[from.0], &self.uses.sites[to.0]);
            let used = source.read.iter().chain(&source.lookup).chain(&source.written);
            if !used.clone().any(|column| *column == from.1) {
                return false;
            }
            let Some(held) = self.categories(source.table, from.1) else { return false };
            let raw = self.action(from.0, from.1) == "allow" || source.access != 0;
            let into = self.categories(target.table, to.1);
            let kept = into.is_some_and(|into| {
                held.iter().all(|c| into.iter().any(|general| below(c, general)))
            });
            let read = source.access == 0;
            raw && (!kept || (read && !self.stays(from.0, to.0)))
        })
    }

    /// The value of one person is written to a row of the same, or is of somebody who is named.
    fn stays(&self, from: usize, to: usize) -> bool {
        let person = |site: usize| self.small.subjects[self.uses.sites[site].table];
        if !person(from) || !person(to) {
            return true;
        }
        let mut same: BTreeSet<(usize, usize)> = BTreeSet::from([(from, 0)]);
        for _ in 0..10 {
            for (left, right) in &self.uses.equated {
                if self.clear(*left) && self.clear(*right) {
                    for (a, b) in [(left, right), (right, left)] {
                        if same.contains(a) {
                            same.insert(*b);
                        }
                    }
                }
            }
        }
        self.uses.flows.contains(&((from, 0), (to, 0)))
            || same.contains(&(to, 0))
            || self.known().contains(&(from, 0))
    }

    fn clear(&self, column: (usize, usize)) -> bool {
        let used = &self.uses.sites[column.0];
        let governed = used.read.iter().chain(&used.lookup).chain(&used.written);
        !governed.clone().any(|c| *c == column.1) || self.action(column.0, column.1) == "allow"
    }

    /// Columns that are pinned to one value.
    fn known(&self) -> BTreeSet<(usize, usize)> {
        let mut known: BTreeSet<(usize, usize)> =
            self.uses.pinned.iter().copied().filter(|column| self.clear(*column)).collect();
        for _ in 0..10 {
            for (left, right) in &self.uses.equated {
                if self.clear(*left) && self.clear(*right) {
                    for (a, b) in [(left, right), (right, left)] {
                        if known.contains(a) {
                            known.insert(*b);
                        }
                    }
                }
            }
            for (site, used) in self.uses.sites.iter().enumerate() {
                let opens = |column: &usize| {
                    self.listed(used.table, *column, |l| &l.lookup)
                        && used.lookup.contains(column)
                        && self.uses.pinned.contains(&(site, *column))
                };
                let mut all = used.read.iter().chain(&used.lookup).chain(&used.written);
                if self.small.subjects[used.table] && all.any(opens) {
                    known.insert((site, 0));
                }
            }
        }
        known
    }

    fn more_than_one(&self) -> bool {
        let known = self.known();
        self.uses.sites.iter().enumerate().any(|(site, used)| {
            let asked = self.first(used.table, |layer| layer.one).unwrap_or(false);
            let new = used.access == 1 && used.read.is_empty();
            let one = self.small.subjects[used.table] && known.contains(&(site, 0));
            asked && !new && !one
        })
    }
}

/// Whether a rule's `reads` speaks of a column: of its category, of one above or of one below.
fn touches(rule: &SmallRule, categories: &[&str]) -> bool {
    let Some(reads) = rule.reads else { return true };
    let reads = CATEGORIES[reads];
    categories.iter().any(|category| below(category, reads) || below(reads, category))
}
