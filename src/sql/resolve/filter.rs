//! WHERE and ON: top-level conjuncts pin columns to constants and equate columns.

use std::collections::BTreeSet;

use super::super::lexer::TokenKind;
use super::super::scope::Lineage;
use super::super::tokens::TokenRange;
use super::super::tree::*;
use super::{Conjunct, Probe, Refused, Resolver, Sites};
use crate::model::usage::{SiteColumn, SiteId};

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
                if let Expr::Equal(left, right) = other {
                    self.note_join(left, right);
                }
                let ahead = if inner { self.ahead(other) } else { Vec::new() };
                let lineage = self.expr_but(other, &ahead)?;
                self.out.conditions.extend(lineage.columns());
                if inner {
                    self.pin_list(other);
                    self.note_conjunct(other, ahead);
                }
                Ok(())
            }
        }
    }

    fn conjunct(&mut self, left: &Expr, right: &Expr, whole: &Expr) -> Refused<()> {
        if let Some((path, value)) = column_and_value(left, right)
            && let Some((constant, cast)) = constant_of(value)
            && let Some(tokens) = self.value_tokens(constant, cast)
            && (!cast || self.is_settled(value))
            && let Some(column) = self.find_column(path).ok().and_then(|found| found.own)
            && self.holds_here(column)
        {
            let range = self.comparison_tokens(path, tokens);
            self.pin_equal(column, value);
            self.probe(path, Probe { column, range, constant, value: tokens });
            return Ok(());
        }
        self.note_join(left, right);
        let ahead = self.ahead(whole);
        let lineage = self.expr_but(whole, &ahead)?;
        self.out.conditions.extend(lineage.columns());
        self.note_conjunct(whole, ahead);
        // A constant pins as well where it has to stay.
        if let Some((path, value)) = column_and_value(left.bare(), right.bare())
            && constant_of(value).is_some()
            && let Some(column) = self.find_column(path).ok().and_then(|found| found.own)
            && self.holds_here(column)
        {
            self.out.uses.pinned.insert(column);
            self.pin_equal(column, value);
        }
        if let (Expr::Column(left), Expr::Column(right)) = (left.bare(), right.bare()) {
            let own = |path: &Path| self.find_column(path).ok().and_then(|found| found.own);
            if let (Some(a), Some(b)) = (own(left), own(right)) {
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

    /// Notes a comparison of one column of this query, which stands first, with what is settled, or
    /// with what is worked out `ahead` of all rows.
    fn note_conjunct(&mut self, expr: &Expr, ahead: Vec<TokenRange>) {
        let Some((path, others)) = column_first(expr) else { return };
        if ahead.is_empty() && !others.iter().all(|other| self.is_settled(other)) {
            return;
        }
        if let Some((column, path, range)) = self.whole_conjunct(path) {
            self.out.conjuncts.push(Conjunct { column, path, range, ahead });
        }
    }

    /// The column and the tokens of a conjunct that begins with it.
    fn whole_conjunct(&self, path: &Path) -> Option<(SiteColumn, TokenRange, TokenRange)> {
        let column = self.find_column(path).ok().and_then(|found| found.own);
        let column = column.filter(|column| self.holds_here(*column))?;
        let path = TokenRange::new(*path.first()?, *path.last()? + 1);
        Some((column, path, self.tokens.conjunct(path)?))
    }

    /// Parts of a comparison of a column that hang on no row, but may raise an error: a derived
    /// table works them out before it looks at any row, so that the error tells of none. Empty:
    /// there are none, or they cannot be told apart.
    fn ahead(&self, expr: &Expr) -> Vec<TokenRange> {
        let Some((path, others)) = column_first(expr) else { return Vec::new() };
        let settled: Vec<bool> = others.iter().map(|other| self.is_settled(other)).collect();
        let fit =
            others.iter().zip(&settled).all(|(other, settled)| *settled || self.is_rowless(other));
        if !fit || settled.iter().all(|settled| *settled) {
            return Vec::new();
        }
        let compared = self
            .whole_conjunct(path)
            .and_then(|(_, path, range)| self.compared_with(TokenRange::new(path.end, range.end)));
        let Some(ranges) = compared.filter(|ranges| ranges.len() == settled.len()) else {
            return Vec::new();
        };
        ranges.into_iter().zip(settled).filter(|(_, settled)| !settled).map(|(r, _)| r).collect()
    }

    /// What stands behind `=`, `<` and the like, or in BETWEEN … AND ….
    fn compared_with(&self, rest: TokenRange) -> Option<Vec<TokenRange>> {
        let tokens = self.tokens;
        if tokens.is_word(rest.start, "between") {
            let first = rest.start + 1;
            if tokens.is_word(first, "symmetric") || tokens.is_word(first, "asymmetric") {
                return None;
            }
            let and = tokens.find_word(TokenRange::new(first, rest.end), &["and"])?;
            return Some(vec![TokenRange::new(first, and), TokenRange::new(and + 1, rest.end)]);
        }
        const COMPARISONS: [&str; 7] = ["=", "<>", "!=", "<", "<=", ">", ">="];
        let compares = matches!(tokens.kind(rest.start), Some(TokenKind::Operator(_)))
            && COMPARISONS.contains(&tokens.source(rest.start));
        const LISTS: [&str; 4] = ["any", "some", "all", "row"];
        let listed = tokens.word(rest.start + 1).is_some_and(|word| LISTS.contains(&word));
        (compares && !listed).then(|| vec![TokenRange::new(rest.start + 1, rest.end)])
    }

    /// Resolves a comparison some parts of which are worked out ahead: of them no row is told, if
    /// every filter is applied before anything else looks at its rows.
    fn expr_but(&mut self, expr: &Expr, ahead: &[TokenRange]) -> Refused<Lineage> {
        if ahead.is_empty() {
            return self.expr(expr);
        }
        self.out.unheard = Sites::NONE;
        self.rowless = true;
        let lineage = self.expr(expr);
        self.rowless = false;
        lineage
    }

    /// Whether a column is of the innermost level: a condition holds only for the rows of its own
    /// query. What a sub-select asks of a row further out may hold or not.
    pub(super) fn stands_here(&self, column: SiteColumn) -> bool {
        self.levels.last().is_some_and(|level| level.tables.holds(column.site))
    }

    /// Whether a condition may move into the column's own table: not below an outer join, which
    /// would make up rows for those it drops.
    pub(super) fn holds_here(&self, column: SiteColumn) -> bool {
        self.stands_here(column) && !self.nullable.contains(&column.site)
    }

    /// The tokens of a constant, with the cast round it where that is to a type of the server.
    fn value_tokens(&self, constant: Place, cast: bool) -> Option<TokenRange> {
        let tokens = self.tokens;
        if !cast {
            return Some(TokenRange::new(constant, constant + 1));
        }
        self.cast_of(constant).filter(|name| PLAIN_TYPES.contains(name))?;
        if matches!(tokens.kind(constant + 1), Some(TokenKind::Cast)) {
            let more = tokens.is_punctuation(constant + 3, '[')
                || tokens.is_word(constant + 3, "array")
                || tokens.is_word(constant + 3, "varying");
            return (!more).then(|| TokenRange::new(constant, constant + 3));
        }
        let start = constant.checked_sub(2).filter(|start| tokens.is_word(*start, "cast"))?;
        let whole = tokens.is_punctuation(constant + 3, ')');
        whole.then(|| TokenRange::new(start, constant + 4))
    }

    /// A whole comparison of a column with a value, be it written with IN.
    fn comparison_tokens(&self, path: &[Place], value: TokenRange) -> TokenRange {
        let first = path.first().copied().unwrap_or_default();
        let last = path.last().copied().unwrap_or_default();
        let listed = self.tokens.is_word(last + 1, "in") && last < value.start;
        let end = (last + 1).max(value.end + usize::from(listed));
        TokenRange::new(first.min(value.start), end)
    }

    fn probe(&mut self, path: &[Place], probe: Probe) {
        let column = probe.column;
        self.out.claimed.extend(path.iter().copied());
        self.out.uses.pinned.insert(column);
        self.out.conditions.insert(column);
        self.note_comparison(&Lineage::Direct(column));
        self.note_loose(&Lineage::Direct(column));
        self.out.probes.push(probe);
        if let Some(site) = self.site(column.site) {
            site.lookup.insert(column.number);
        }
        self.remember(column, path, false);
    }

    /// ON of an outer join: in rows where the side that may be missing is there, its column is the
    /// other one.
    pub(super) fn follow(&mut self, on: &Expr, missing: &BTreeSet<SiteId>) -> Refused<()> {
        match on {
            Expr::Paren(within) => self.follow(within, missing),
            Expr::And(left, right) => {
                self.follow(left, missing)?;
                self.follow(right, missing)
            }
            Expr::Equal(left, right) => {
                if let (Expr::Column(left), Expr::Column(right)) = (left.bare(), right.bare())
                    && let Some(a) = self.find_column(left).ok().and_then(|found| found.own)
                    && let Some(b) = self.find_column(right).ok().and_then(|found| found.own)
                {
                    self.follow_one(a, b, missing);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn follow_one(&mut self, a: SiteColumn, b: SiteColumn, missing: &BTreeSet<SiteId>) {
        match (missing.contains(&a.site), missing.contains(&b.site)) {
            (true, false) => drop(self.out.uses.follows.insert((a, b))),
            (false, true) => drop(self.out.uses.follows.insert((b, a))),
            (true, true) | (false, false) => {}
        }
    }
}

/// Types of one word whose cast of a constant may stand elsewhere as well.
const PLAIN_TYPES: [&str; 14] = [
    "bigint", "boolean", "bool", "date", "inet", "int", "int2", "int4", "int8", "integer",
    "smallint", "text", "uuid", "varchar",
];

/// A comparison in which a column stands first.
fn column_first(expr: &Expr) -> Option<(&Path, Vec<&Expr>)> {
    let parts = match expr {
        Expr::Equal(left, right) => vec![&**left, &**right],
        Expr::Parts { parts, calm: true } => parts.iter().collect(),
        _ => return None,
    };
    match parts.split_first() {
        Some((Expr::Column(path), others)) => Some((path, others.to_vec())),
        _ => None,
    }
}

/// `column = value`, either way round.
fn column_and_value<'e>(left: &'e Expr, right: &'e Expr) -> Option<(&'e Path, &'e Expr)> {
    match (left, right) {
        (Expr::Column(path), value) | (value, Expr::Column(path)) => Some((path, value)),
        _ => None,
    }
}

/// The constant that an expression is, and whether with a cast.
fn constant_of(expr: &Expr) -> Option<(Place, bool)> {
    match expr {
        Expr::Constant(place) => Some((*place, false)),
        Expr::Parts { parts, calm: true } | Expr::Strict(parts) => match parts.as_slice() {
            [Expr::Constant(place)] => Some((*place, true)),
            _ => None,
        },
        _ => None,
    }
}
