//! WHERE and ON: top-level conjuncts pin columns to constants and equate columns.

use super::super::scope::Lineage;
use super::super::tokens::TokenRange;
use super::super::tree::*;
use super::{Conjunct, Probe, Refused, Resolver};
use crate::model::usage::SiteColumn;

impl Resolver<'_> {
    /// A WHERE or ON clause: its top-level conjuncts may pin and equate columns. Only where rows
    /// that fail it vanish (`inner`).
    pub(super) fn filter(&mut self, expr: &Expr, inner: bool) -> Refused<()> {
        match expr {
            Expr::Paren(within) => self.filter(within, inner),
            Expr::And(left, right) => {
                self.filter(left, inner)?;
                self.filter(right, inner)
            }
            Expr::Equal(left, right) if inner => self.conjunct(left, right, expr),
            other => {
                let lineage = self.expr(other)?;
                self.out.conditions.extend(lineage.columns());
                if inner {
                    self.note_conjunct(other);
                }
                Ok(())
            }
        }
    }

    fn conjunct(&mut self, left: &Expr, right: &Expr, whole: &Expr) -> Refused<()> {
        if let Some((path, constant)) = column_and_constant(left, right) {
            let found = self.find_column(path)?;
            if let Some(column) = found.own.filter(|column| self.holds_here(*column)) {
                let last = path.last().copied().unwrap_or_default();
                let first = path.first().copied().unwrap_or_default();
                let range = TokenRange::new(first.min(constant), last.max(constant) + 1);
                self.probe(column, path, range, constant);
                return Ok(());
            }
        }
        let lineage = self.expr(whole)?;
        self.out.conditions.extend(lineage.columns());
        self.note_conjunct(whole);
        // A constant with a cast pins as well; it stays where it is.
        if let Some(path) = column_and_cast(left, right)
            && let Some(column) = self.find_column(path)?.own
            && self.holds_here(column)
        {
            self.out.uses.pinned.insert(column);
        }
        if let (Expr::Column(left), Expr::Column(right)) = (left.bare(), right.bare()) {
            let (left, right) = (self.find_column(left)?, self.find_column(right)?);
            if let (Some(a), Some(b)) = (left.own, right.own) {
                match (self.stands_here(a), self.stands_here(b)) {
                    (true, true) => drop(self.out.uses.equated.insert((a, b))),
                    (true, false) => drop(self.out.uses.follows.insert((a, b))),
                    (false, true) => drop(self.out.uses.follows.insert((b, a))),
                    (false, false) => {}
                }
            }
        }
        Ok(())
    }

    /// Notes a comparison of one column of this query, which stands first, with what is settled.
    fn note_conjunct(&mut self, expr: &Expr) {
        let parts = match expr {
            Expr::Equal(left, right) => vec![&**left, &**right],
            Expr::Parts { parts, calm: true } => parts.iter().collect(),
            _ => return,
        };
        let Some((Expr::Column(path), others)) = parts.split_first() else { return };
        if !others.iter().all(|other| self.is_settled(other)) {
            return;
        }
        let column = self.find_column(path).ok().and_then(|found| found.own);
        let column = column.filter(|column| self.holds_here(*column));
        let path = TokenRange::new(path[0], path[path.len() - 1] + 1);
        if let (Some(column), Some(range)) = (column, self.tokens.conjunct(path)) {
            self.out.conjuncts.push(Conjunct { column, path, range });
        }
    }

    /// Whether a column is of the innermost level: a condition holds only for the rows of its own
    /// query. What a sub-select asks of a row further out may hold or not.
    fn stands_here(&self, column: SiteColumn) -> bool {
        self.levels.last().is_some_and(|level| level.tables.holds(column.site))
    }

    /// Whether a condition may move into the column's own table: not below an outer join, which
    /// would make up rows for those it drops.
    fn holds_here(&self, column: SiteColumn) -> bool {
        self.stands_here(column) && !self.nullable.contains(&column.site)
    }

    fn probe(&mut self, column: SiteColumn, path: &[Place], range: TokenRange, constant: Place) {
        self.out.claimed.extend(path.iter().copied());
        self.out.uses.pinned.insert(column);
        self.out.conditions.insert(column);
        self.note_comparison(&Lineage::Direct(column));
        self.out.probes.push(Probe { column, range, constant });
        if let Some(site) = self.site(column.site) {
            site.lookup.insert(column.number);
        }
        self.remember(column, path, false);
    }
}

/// `column = constant`, either way round, nothing else in it.
fn column_and_constant<'e>(left: &'e Expr, right: &'e Expr) -> Option<(&'e Path, Place)> {
    match (left, right) {
        (Expr::Column(path), Expr::Constant(place))
        | (Expr::Constant(place), Expr::Column(path)) => Some((path, *place)),
        _ => None,
    }
}

/// `column = constant::type`, either way round.
fn column_and_cast<'e>(left: &'e Expr, right: &'e Expr) -> Option<&'e Path> {
    let is_cast = |expr: &Expr| match expr.bare() {
        Expr::Parts { parts, calm: true } | Expr::Strict(parts) => {
            matches!(parts.as_slice(), [Expr::Constant(_)])
        }
        _ => false,
    };
    match (left.bare(), right.bare()) {
        (Expr::Column(path), other) | (other, Expr::Column(path)) if is_cast(other) => Some(path),
        _ => None,
    }
}
