//! Uses of columns as statistics see them: as the whole argument of an aggregate, in an equality
//! that joins, through a star, or in any other way, which is loose.
//!
//! A use that is not noted here shows nothing: a column that is neither summed nor loose is NULL.

use super::super::lexer::TokenKind;
use super::super::scope::{Found, Lineage, Tables};
use super::super::tokens::Tokens;
use super::super::tree::*;
use super::quiet::{QUIET_FUNCTIONS, is_clock, is_strict};
use super::{AGGREGATES, Resolution, Resolver};
use crate::catalog::Catalog;
use crate::model::names::Name;
use crate::model::usage::SiteColumn;

/// Aggregates that say of many values nothing that one of them is: no smallest, no largest, no
/// list. They raise no error that a value could be told by.
const STATISTICS: [&str; 9] = [
    "avg",
    "count",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "var_pop",
    "var_samp",
    "variance",
];

impl Resolver<'_> {
    /// A column is named: in one of the ways that were announced, or loosely.
    pub(super) fn note_use(&mut self, path: &[Place], found: &Found) {
        let place = path.first().copied().unwrap_or_default();
        match found.own {
            Some(own) if self.summing.contains(&place) => {
                self.out.uses.statistics.summed.insert(own);
            }
            Some(_) if self.joining.contains(&place) => {}
            Some(own) => drop(self.out.uses.statistics.loose.insert(own)),
            None => self.note_unnamed(&found.lineage),
        }
    }

    /// What comes out of a query in FROM is a column's own value only where it is one unchanged;
    /// what else it is made of has been named there. What USING merges is of tables in scope.
    fn note_unnamed(&mut self, lineage: &Lineage) {
        let direct = matches!(lineage, Lineage::Direct(_));
        for column in lineage.columns() {
            if direct || self.levels.iter().any(|level| level.tables.holds(column.site)) {
                self.out.uses.statistics.loose.insert(column);
            }
        }
    }

    pub(super) fn note_loose(&mut self, lineage: &Lineage) {
        self.out.uses.statistics.loose.extend(lineage.columns());
    }

    /// `f(column)` or `f(coalesce(column, 0))`, where f is a statistic and the column is of the
    /// query that the call stands in.
    pub(super) fn note_aggregate(&mut self, call: &Call) {
        let distinct = call.form == CallForm::Distinct;
        let is_statistic = |name: &str| STATISTICS.contains(&name) && !distinct || name == "count";
        if call.form == CallForm::Window || !self.calls_own(call, is_statistic) {
            return;
        }
        let [argument] = call.args.as_slice() else { return };
        let path = match argument.bare() {
            Expr::Column(path) => path,
            Expr::Call(inner) if self.calls_own(inner, |name| name == "coalesce") => {
                match inner.args.as_slice() {
                    [first, Expr::Constant(place)] if self.is_number_at(*place) => {
                        let Expr::Column(path) = first.bare() else { return };
                        path
                    }
                    _ => return,
                }
            }
            _ => return,
        };
        let own = self.find_column(path).ok().and_then(|found| found.own);
        if let (Some(place), true) = (path.first(), own.is_some_and(|own| self.stands_here(own))) {
            self.summing.insert(*place);
        }
    }

    /// A call of the server's own function of some name.
    fn calls_own(&self, call: &Call, is: impl Fn(&str) -> bool) -> bool {
        let name = |place: &Place| self.tokens.name(*place);
        let (schema, last) = match call.name.as_slice() {
            [last] => (None, name(last)),
            [schema, last] => (name(schema), name(last)),
            _ => return false,
        };
        let own = schema.is_none_or(|schema| schema.as_str() == "pg_catalog");
        own && last.is_some_and(|n| is(n.as_str()) && self.catalog.functions_named(n).is_empty())
    }

    fn is_number_at(&self, place: Place) -> bool {
        matches!(self.tokens.kind(place), Some(TokenKind::Number))
    }

    /// `a = b`, where both are columns of the tables that are joined.
    pub(super) fn note_join(&mut self, left: &Expr, right: &Expr) {
        let (Expr::Column(left), Expr::Column(right)) = (left.bare(), right.bare()) else { return };
        let own = |path: &Path| self.find_column(path).ok().and_then(|found| found.own);
        let (Some(a), Some(b)) = (own(left), own(right)) else { return };
        if self.stands_here(a) && self.stands_here(b) {
            self.joining.extend(left.first().into_iter().chain(right.first()));
            self.out.uses.statistics.joined.insert((a, b));
        }
    }

    /// Columns that USING or NATURAL compares.
    pub(super) fn note_merged(&mut self, tables: &Tables, (l, r): (&Lineage, &Lineage)) {
        match (l, r) {
            (Lineage::Direct(a), Lineage::Direct(b))
                if tables.holds(a.site) && tables.holds(b.site) =>
            {
                self.out.uses.statistics.joined.insert((*a, *b));
            }
            _ => {
                self.note_unnamed(l);
                self.note_unnamed(r);
                let ours = |c: &SiteColumn| tables.holds(c.site);
                let mixed = l.columns().into_iter().chain(r.columns()).filter(ours);
                self.out.uses.statistics.loose.extend(mixed);
            }
        }
    }

    /// Forgets what was noted of sites that are no more.
    pub(super) fn forget_statistics(&mut self, sites: usize) {
        let statistics = &mut self.out.uses.statistics;
        let known = |column: &SiteColumn| column.site.0 < sites;
        statistics.summed.retain(known);
        statistics.loose.retain(known);
        statistics.joined.retain(|(a, b)| known(a) && known(b));
        statistics.whole.retain(|site| site.0 < sites);
        statistics.partial.retain(|site| site.0 < sites);
    }
}

/// Whether a function or operator is called of which it is not known that it gives the same for the
/// same values within a statement: `random()` could choose one person of all.
pub(super) fn is_unsteady(out: &Resolution, tokens: &Tokens<'_>, catalog: &Catalog) -> bool {
    let steady = |name: &Name| {
        let text = name.as_str();
        let known = STATISTICS.contains(&text)
            || AGGREGATES.contains(&text)
            || QUIET_FUNCTIONS.contains(&text)
            || OVER_GROUPS.contains(&text)
            || is_clock(text)
            || is_strict(text);
        known && catalog.functions_named(name).is_empty()
    };
    let called = |place: Option<&Place>| place.and_then(|place| tokens.name(*place));
    let operator = |at: usize| match tokens.kind(at) {
        Some(TokenKind::Operator(symbol)) => !catalog.operators_named(symbol).is_empty(),
        _ => false,
    };
    out.calls.iter().any(|call| !called(call.path.last()).is_some_and(steady))
        || (0..tokens.count()).any(operator)
}

/// Further functions that depend on their arguments alone, as reports use them.
const OVER_GROUPS: [&str; 20] = [
    "array_agg",
    "concat",
    "cume_dist",
    "first_value",
    "format",
    "grouping",
    "json_agg",
    "json_build_object",
    "jsonb_agg",
    "jsonb_build_object",
    "lag",
    "last_value",
    "lead",
    "ntile",
    "percent_rank",
    "row_to_json",
    "string_agg",
    "to_json",
    "to_jsonb",
    "width_bucket",
];
