//! Which constants a column is held to: what the audit trail can say about whose rows were read.
//! Nothing is decided by it. What is not understood gives no pin, and counts as read in bulk.

use super::super::lexer::TokenKind;
use super::super::tree::*;
use super::Resolver;
use crate::model::names::Name;
use crate::model::usage::SiteColumn;

/// Values one column of a statement is held to; more are a bulk read.
pub const MAX_PINNED: usize = 64;

/// A column that can only have these values in the rows of its site that are touched.
#[derive(Clone, Debug)]
pub struct Pin {
    pub column: SiteColumn,
    pub values: Vec<Pinned>,
}

/// A constant or parameter, where it is written.
#[derive(Clone, Debug)]
pub struct Pinned {
    pub place: Place,
    /// The type it is cast to.
    pub cast: Option<Name>,
    /// It is an array of values.
    pub list: bool,
}

impl Resolver<'_> {
    /// `column = constant`
    pub(super) fn pin_equal(&mut self, column: SiteColumn, value: &Expr) {
        let pinned = self.pinned(value, false);
        self.pin(column, pinned.map(|one| vec![one]));
    }

    /// `column IN (constant, …)`, `column = ANY (array)`, where that is what is written.
    pub(super) fn pin_list(&mut self, expr: &Expr) {
        let Expr::Parts { parts, calm: true } = expr else { return };
        let Some((Expr::Column(path), others)) = parts.split_first() else { return };
        let Some(next) = path.last().map(|last| *last + 1) else { return };
        let values = if self.tokens.is_word(next, "in") && self.tokens.is_punctuation(next + 1, '(')
        {
            self.all_pinned(others)
        } else if self.tokens.is_operator(next, "=")
            && (self.tokens.is_word(next + 1, "any") || self.tokens.is_word(next + 1, "some"))
        {
            match others {
                [Expr::Parts { parts, calm: true }]
                    if self.tokens.is_word(next + 3, "array")
                        && self.tokens.is_punctuation(next + 4, '[') =>
                {
                    self.all_pinned(parts)
                }
                [one] => self.pinned(one, true).map(|one| vec![one]),
                _ => None,
            }
        } else {
            None
        };
        let column = self.find_column(path).ok().and_then(|found| found.own);
        if let Some(column) = column.filter(|column| self.holds_here(*column)) {
            self.pin(column, values);
        }
    }

    /// The rows of an INSERT: `columns` get these values.
    pub(super) fn pin_rows(&mut self, columns: &[SiteColumn], rows: &[Vec<Expr>]) {
        if rows.len() > MAX_PINNED {
            return;
        }
        for (at, column) in columns.iter().enumerate() {
            let values: Option<Vec<&Expr>> = rows.iter().map(|row| row.get(at)).collect();
            let values = values
                .and_then(|all| all.into_iter().map(|value| self.pinned(value, false)).collect());
            self.pin(*column, values);
        }
    }

    fn pin(&mut self, column: SiteColumn, values: Option<Vec<Pinned>>) {
        if let Some(values) = values.filter(|values| values.len() <= MAX_PINNED) {
            self.out.pins.push(Pin { column, values });
        }
    }

    fn all_pinned(&self, values: &[Expr]) -> Option<Vec<Pinned>> {
        let few = values.len() <= MAX_PINNED;
        few.then(|| values.iter().map(|value| self.pinned(value, false)).collect())?
    }

    fn pinned(&self, value: &Expr, list: bool) -> Option<Pinned> {
        let (place, cast) = match value.bare() {
            Expr::Constant(place) => (*place, false),
            Expr::Parts { parts, calm: true } | Expr::Strict(parts) => match parts.as_slice() {
                [Expr::Constant(place)] => (*place, true),
                _ => return None,
            },
            _ => return None,
        };
        let read = matches!(
            self.tokens.kind(place)?,
            TokenKind::Text(_) | TokenKind::Number | TokenKind::Parameter(_)
        );
        let cast = match cast {
            false => None,
            true => Some(Name::new(self.pin_cast(place, list)?)),
        };
        read.then_some(Pinned { place, cast, list })
    }

    /// The one type a constant is cast to. A sign before it is no cast.
    fn pin_cast(&self, place: Place, list: bool) -> Option<&str> {
        let tokens = self.tokens;
        let name = self.cast_of(place)?;
        let bracketed = tokens.is_punctuation(place + 3, '[');
        let twice = matches!(tokens.kind(place + 3), Some(TokenKind::Cast))
            || tokens.is_word(place + 3, "array");
        (bracketed == list && !twice).then_some(name)
    }
}
