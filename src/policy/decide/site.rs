//! The ruling for one reference to a governed relation.

use std::collections::{BTreeMap, BTreeSet};

use super::statement::Question;
use super::writes::is_write_only;
use super::{agreements, evidence, texts, versions};
use crate::model::limits::Cells;
use crate::model::names::ColumnId;
use crate::model::privacy::Consent;
use crate::model::refusal::Refusal;
use crate::model::ruling::{Action, ColumnRuling, Condition, PersonOutcome, RuleRef, SiteRuling};
use crate::model::usage::{SiteAccess, SiteUse};
use crate::policy::bind::{BoundColumn, BoundRelation, fits};
use crate::policy::ruleset::{Effective, Rules};

/// A ruling in the making.
pub struct SiteDraft<'d> {
    pub use_: &'d SiteUse,
    pub relation: &'d BoundRelation,
    pub meant: &'d Effective,
    pub columns: BTreeMap<i16, ColumnDraft<'d>>,
    pub row_conditions: BTreeSet<Condition>,
    pub because: BTreeSet<&'d RuleRef>,
    pub cells: Option<Cells>,
}

/// One governed column that the statement uses.
pub struct ColumnDraft<'d> {
    pub bound: &'d BoundColumn,
    pub actions: BTreeSet<Action>,
    /// By version of the policy: what is said for people who have not been told of it.
    pub before: BTreeMap<u32, BTreeSet<Action>>,
    pub conditions: BTreeSet<Condition>,
    pub lookup: bool,
    /// Stands inside aggregates that are allowed to see it.
    pub aggregated: bool,
    pub because: BTreeSet<&'d RuleRef>,
}

impl<'d> ColumnDraft<'d> {
    pub fn new(q: &Question<'_>, meant: &'d Effective, bound: &'d BoundColumn) -> ColumnDraft<'d> {
        let mut draft = ColumnDraft {
            bound,
            actions: BTreeSet::new(),
            before: BTreeMap::new(),
            conditions: BTreeSet::new(),
            lookup: !bound.categories.is_empty(),
            aggregated: false,
            because: BTreeSet::new(),
        };
        for category in &bound.categories {
            // INVARIANT: `words` and `lookup` have one entry for each category.
            let word = &meant.words[*category];
            draft.actions.insert(word.action);
            draft.because.extend(&word.because);
            draft.lookup &= meant.lookup[*category];
        }
        versions::words(q, meant, &mut draft);
        draft
    }

    /// The strictest word for the column.
    pub fn word(&self) -> Action {
        Action::strictest(self.actions.iter().copied())
    }

    /// The strictest action; what cannot be carried out on the column's type is hidden.
    pub fn action(&self) -> Action {
        self.strictest(&self.actions)
    }

    /// Whether everybody's value is shown as it is.
    pub fn is_open(&self) -> bool {
        self.shows_value() && self.conditions.is_empty()
    }

    /// Whether a value is shown as it is wherever it is shown.
    pub fn shows_value(&self) -> bool {
        self.action() == Action::Allow && self.before.is_empty()
    }

    /// Whether people are told apart.
    pub fn has_conditions(&self) -> bool {
        !self.conditions.is_empty() || !self.before.is_empty()
    }

    /// One more say, for everybody.
    pub fn restrict(&mut self, action: Action) {
        self.actions.insert(action);
        for actions in self.before.values_mut() {
            actions.insert(action);
        }
    }

    pub fn strictest(&self, actions: &BTreeSet<Action>) -> Action {
        match Action::strictest(actions.iter().copied()) {
            // Through a star, say, it is not there.
            Action::Aggregate if !self.aggregated => Action::Hide,
            Action::Mask(mask)
                if !fits(mask, self.bound.base_type.as_str(), self.bound.type_category) =>
            {
                Action::Hide
            }
            action => action,
        }
    }
}

impl<'d> SiteDraft<'d> {
    pub fn new(q: &Question<'d>, use_: &'d SiteUse, relation: &'d BoundRelation) -> SiteDraft<'d> {
        let meant = q.meant(relation);
        let used: BTreeSet<i16> =
            use_.read.iter().chain(&use_.lookup).chain(&use_.written).copied().collect();
        let column = |number| {
            let bound = q.bound.label(relation, number)?;
            Some((number, ColumnDraft::new(q, meant, bound)))
        };
        let mut draft = SiteDraft {
            use_,
            relation,
            meant,
            columns: used.into_iter().filter_map(column).collect(),
            row_conditions: BTreeSet::new(),
            because: BTreeSet::new(),
            cells: None,
        };
        draft.because.extend(&relation.rule);
        agreements::of_purpose(q, &mut draft);
        versions::purpose(q, &mut draft);
        evidence::narrow(q, &mut draft);
        draft
    }

    /// Puts a condition on the rows, or on the cells of the columns that `which` picks.
    pub fn require(
        &mut self,
        condition: Condition,
        outcome: PersonOutcome,
        which: impl Fn(&BoundColumn) -> bool,
    ) {
        match outcome {
            PersonOutcome::HideRows => {
                self.row_conditions.insert(condition);
            }
            PersonOutcome::Mask => {
                for column in self.columns.values_mut().filter(|c| which(c.bound)) {
                    column.conditions.insert(condition.clone());
                }
            }
        }
    }

    /// Where somebody's cell shows NULL, a row that is read and saved would put that NULL over the
    /// value: such a row is not changed. What is only written was never read.
    pub fn spare_unseen_cells(&mut self) {
        match self.use_.access {
            SiteAccess::Insert | SiteAccess::Update | SiteAccess::Merge => {}
            SiteAccess::Read | SiteAccess::Delete => return,
        }
        let mut spared = BTreeSet::new();
        for number in &self.use_.written {
            let Some(column) = self.columns.get(number) else { continue };
            if is_write_only(self, &column.bound.categories) {
                let refused = column.conditions.iter().filter(|c| agreements::is_by_category(c));
                spared.extend(refused.cloned());
            } else {
                spared.extend(column.conditions.iter().cloned());
                spared.extend(column.before.keys().map(|version| Condition::SeenVersion(*version)));
            }
        }
        self.row_conditions.extend(spared);
    }

    /// What people may refuse of a row that is new to them: the categories it holds.
    fn new_row_conditions(&self) -> Vec<Condition> {
        match self.use_.access {
            SiteAccess::Insert | SiteAccess::Merge => {}
            SiteAccess::Read | SiteAccess::Update | SiteAccess::Delete => return Vec::new(),
        }
        let written = self.use_.written.iter().filter_map(|number| self.columns.get(number));
        let all = written.flat_map(|column| &column.conditions);
        let refused: BTreeSet<&Condition> = all.filter(|c| agreements::is_by_category(c)).collect();
        refused.into_iter().cloned().collect()
    }

    fn has_conditions(&self) -> bool {
        !self.row_conditions.is_empty() || self.columns.values().any(ColumnDraft::has_conditions)
    }

    /// The draft as the ruling of the site.
    pub fn finish(
        self,
        rules: &Rules,
        ruling: &mut SiteRuling,
        because: &mut BTreeSet<&'d RuleRef>,
    ) {
        let new_row = self.new_row_conditions();
        because.extend(self.because);
        for (number, column) in self.columns {
            because.extend(column.because.iter().copied());
            let action = column.action();
            ruling.columns.insert(
                number,
                ColumnRuling {
                    action,
                    before: versions::before(&column),
                    lookup: column.lookup && action != Action::Block,
                    conditions: column.conditions.into_iter().collect(),
                    categories: column
                        .bound
                        .categories
                        .iter()
                        // INVARIANT: categories of columns are indices of the tree.
                        .map(|category| rules.categories.names[*category].clone())
                        .collect(),
                    because: column.because.into_iter().cloned().collect(),
                },
            );
        }
        ruling.new_row_conditions = new_row;
        ruling.row_conditions = self.row_conditions.into_iter().collect();
        ruling.subject = self.relation.subject.clone();
        ruling.cells = self.cells;
    }
}

/// Refuses what the site may not do; what it may do is complete after this.
pub fn settle(q: &Question<'_>, draft: &SiteDraft<'_>, refusals: &mut Vec<Refusal>) {
    if let Some(why) = &draft.relation.closed {
        refusals.push(texts::closed(draft.relation, why));
        return;
    }
    if draft.meant.forbidden {
        refusals.push(texts::forbidden(q, draft));
        return;
    }
    let looked_at = draft.use_.read.iter().chain(&draft.use_.lookup);
    for number in looked_at {
        let Some(column) = draft.columns.get(number) else { continue };
        if column.action() == Action::Block {
            refusals.push(texts::column(q, draft, *number));
        }
    }
    people(q, draft, refusals);
    view(q, draft, refusals);
}

/// Conditions on people need a way to the person, and the facts.
fn people(q: &Question<'_>, draft: &SiteDraft<'_>, refusals: &mut Vec<Refusal>) {
    if !draft.has_conditions() {
        return;
    }
    if draft.relation.subject.is_none() {
        refusals.push(texts::nobody(q, draft.relation));
        return;
    }
    let of_cells = draft.columns.values().flat_map(|column| &column.conditions);
    let versions = draft.columns.values().any(|column| !column.before.is_empty());
    let mut conditions = draft.row_conditions.iter().chain(of_cells);
    if conditions.any(|one| !known(q, one)) || (versions && q.bound.people().seen.is_none()) {
        refusals.push(texts::facts_missing(draft.relation));
        return;
    }
    let explicit = draft.meant.consent == Consent::Explicit;
    if explicit && matches!(draft.use_.access, SiteAccess::Insert | SiteAccess::Merge) {
        refusals.push(texts::insert_needs_consent(q, draft.relation));
    }
}

fn known(q: &Question<'_>, condition: &Condition) -> bool {
    let people = q.bound.people();
    let table = people.table.is_some() && people.id.is_some();
    match condition {
        Condition::Consent(asked) => {
            people.choices.as_ref().is_some_and(|c| !asked.guardian || c.guardian.is_some())
        }
        Condition::Adult => table && people.minor.is_some(),
        Condition::NotCancelled => table && people.cancelled.is_some(),
        Condition::NotLocked => table && people.locked.is_some(),
        Condition::SeenVersion(_) => people.seen.is_some(),
        Condition::OneOf(_) | Condition::Listed(_) => true,
        Condition::Any(all) => all.iter().all(|one| known(q, one)),
    }
}

/// A view that is not listed, or a table made by a query: which rows it has, and computed
/// columns, may tell of what is hidden in its tables.
fn view(q: &Question<'_>, draft: &SiteDraft<'_>, refusals: &mut Vec<Refusal>) {
    let Some(view) = &draft.relation.view else { return };
    let rows = !draft.row_conditions.is_empty();
    for base in &view.bases {
        if q.bound.relations.get(base).is_none_or(|base| q.meant(base).forbidden) {
            refusals.push(texts::forbidden(q, draft));
            return;
        }
    }
    let shut = |category: &usize| {
        // INVARIANT: `words` has one entry for each category.
        let word = &draft.meant.words[*category];
        rows || word.action != Action::Allow || !word.before.is_empty()
    };
    if view.tells.iter().any(shut) || view.conditions.iter().any(|c| !open(q, c, rows)) {
        refusals.push(texts::view_tells(q, draft.relation));
        return;
    }
    // Even a plain column may count, or number, rows that are not to be seen.
    let conditioned =
        |number: &i16| rows || draft.columns.get(number).is_some_and(ColumnDraft::has_conditions);
    let mut used = draft.use_.read.iter().chain(&draft.use_.lookup);
    if used.any(|number| !view.direct.contains(number) && conditioned(number)) {
        refusals.push(texts::view_computes(draft.relation));
    }
}

/// A column that a view's text looks at, and that the purpose sees in clear for everyone.
fn open(q: &Question<'_>, column: &ColumnId, rows: bool) -> bool {
    let Some(base) = q.bound.relations.get(&column.relation) else { return false };
    let Some(bound) = q.bound.label(base, column.number) else { return true };
    let draft = ColumnDraft::new(q, q.meant(base), bound);
    draft.is_open() && !rows
}
