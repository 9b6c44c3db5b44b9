//! What is quiet: cannot raise an error or tell a value before a row filter has been applied.
//!
//! A filter is evaluated in an order nobody promises. Whatever could raise an error, or act, may be
//! reached through a comparison of a row that another filter drops: its presence is noted, and the
//! rewriter then guards the values themselves.

use super::super::scope::Lineage;
use super::super::tree::*;
use super::{Refused, Resolver};

impl Resolver<'_> {
    /// What is only compared. Beside a column a settled value is worked out when the statement is
    /// planned: should it raise an error, it does so whatever rows there are.
    pub(super) fn comparison(&mut self, parts: &[&Expr]) -> Refused<Lineage> {
        let beside_column = parts.iter().any(|part| matches!(part.bare(), Expr::Column(_)));
        let mut lineages = Vec::with_capacity(parts.len());
        for part in parts {
            let settled = beside_column && self.is_settled(part);
            let before = self.quiet;
            self.quiet |= settled;
            let lineage = self.expr(part);
            self.quiet = before;
            lineages.push(lineage?);
        }
        let lineage = Lineage::union(lineages);
        self.note_comparison(&lineage);
        Ok(lineage)
    }

    /// Something that may raise an error or tell a value is done with these columns. Whether it
    /// comes to that may hang on any comparison of the statement.
    pub(super) fn note_noise(&mut self, lineage: &Lineage) {
        if !self.quiet {
            self.out.restless = true;
            self.out.noisy.extend(lineage.columns());
        }
    }

    /// These columns are compared: quiet if the type's comparison is.
    pub(super) fn note_comparison(&mut self, lineage: &Lineage) {
        if !self.quiet {
            self.out.compared.extend(lineage.columns());
        }
    }

    /// Constants, the time of the transaction, sums of them.
    fn is_settled(&self, expr: &Expr) -> bool {
        match expr.bare() {
            Expr::Constant(_) => true,
            Expr::Sum(left, right) => self.is_settled(left) && self.is_settled(right),
            Expr::Parts { parts, calm: true } => parts.iter().all(|part| self.is_settled(part)),
            Expr::Call(call) => {
                let name = call.name.last().and_then(|place| self.tokens.name(*place));
                name.is_some_and(|name| CLOCKS.contains(&name.as_str()))
                    && call.parts.is_empty()
                    && call.args.iter().all(super::expr::is_constant)
            }
            Expr::Parts { .. }
            | Expr::Column(_)
            | Expr::Row(_)
            | Expr::And(_, _)
            | Expr::Equal(_, _)
            | Expr::Paren(_)
            | Expr::Field(_, _)
            | Expr::Query(_) => false,
        }
    }
}

/// Built-in functions that raise no error and have no effect, whatever they are given.
pub(super) const QUIET_FUNCTIONS: [&str; 20] = [
    "avg",
    "bool_and",
    "bool_or",
    "char_length",
    "coalesce",
    "count",
    "dense_rank",
    "every",
    "greatest",
    "least",
    "length",
    "lower",
    "max",
    "min",
    "now",
    "nullif",
    "rank",
    "row_number",
    "sum",
    "upper",
];

/// What gives the time of the transaction.
const CLOCKS: [&str; 8] = [
    "current_date",
    "current_timestamp",
    "current_time",
    "localtime",
    "localtimestamp",
    "now",
    "statement_timestamp",
    "transaction_timestamp",
];
