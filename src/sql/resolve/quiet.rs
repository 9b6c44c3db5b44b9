//! What is quiet: cannot raise an error or tell a value before a row filter has been applied.
//!
//! A filter is evaluated in an order nobody promises. Whatever could raise an error, or act, may be
//! reached through a comparison of a row that another filter drops: its presence is noted, and the
//! rewriter then guards the values themselves.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::super::lexer::TokenKind;
use super::super::scope::Lineage;
use super::super::tree::*;
use super::{Refused, Resolver};
use crate::catalog::built_in_type_category;
use crate::model::usage::SiteId;

/// A set of sites. It holds those it has room for: of the others nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sites(u128);

impl Sites {
    pub const NONE: Sites = Sites(0);
    pub const ALL: Sites = Sites(u128::MAX);

    fn of_site(site: SiteId) -> Sites {
        Sites(u32::try_from(site.0).ok().and_then(|n| 1u128.checked_shl(n)).unwrap_or(0))
    }

    /// The site a column is read from unchanged.
    pub fn of_column(lineage: &Lineage) -> Sites {
        match lineage {
            Lineage::Direct(column) => Sites::of_site(column.site),
            Lineage::Nothing | Lineage::Mixed(_) => Sites::NONE,
        }
    }

    pub fn between(first: usize, end: usize) -> Sites {
        (first..end.min(128)).fold(Sites::NONE, |all, n| all.or(Sites::of_site(SiteId(n))))
    }

    pub fn or(self, other: Sites) -> Sites {
        Sites(self.0 | other.0)
    }

    pub fn and(self, other: Sites) -> Sites {
        Sites(self.0 & other.0)
    }

    pub fn contains(self, site: SiteId) -> bool {
        self.and(Sites::of_site(site)) != Sites::NONE
    }
}

impl Default for Sites {
    /// Nothing has been found yet that could tell of any.
    fn default() -> Sites {
        Sites::ALL
    }
}

/// What an expression gives.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is made of.
    pub lineage: Lineage,
    /// Sites for whose hidden rows it is NULL, once the columns that are heard are guarded, or is
    /// not worked out at all.
    pub null: Sites,
    /// Sites whose rows have been filtered before it is worked out.
    pub above: Sites,
}

impl Value {
    pub fn of(lineage: Lineage) -> Value {
        Value { lineage, null: Sites::NONE, above: Sites::NONE }
    }
}

impl Resolver<'_> {
    /// What is only compared. Beside a column a settled value is worked out when the statement is
    /// planned: should it raise an error, it does so whatever rows there are.
    pub(super) fn comparison(&mut self, parts: &[&Expr]) -> Refused<Lineage> {
        let beside_column = parts.iter().any(|part| matches!(part.bare(), Expr::Column(_)));
        let mut lineages = Vec::with_capacity(parts.len());
        for part in parts {
            lineages.push(if beside_column { self.settled(part)? } else { self.expr(part)? });
        }
        let lineage = Lineage::union(lineages);
        self.note_comparison(&lineage);
        Ok(lineage)
    }

    /// Something that may raise an error or tell a value is done with these columns. Whether it
    /// comes to that may hang on any comparison of the statement.
    pub(super) fn note_noise(&mut self, value: &Value) {
        if !self.quiet {
            self.out.unheard = self.out.unheard.and(value.null);
            let columns = value.lineage.columns().into_iter();
            self.out.noisy.extend(columns.filter(|column| !value.above.contains(column.site)));
        }
    }

    /// What a function makes of its arguments.
    pub(super) fn called(&mut self, call: &Call, args: Value) -> Value {
        let name = call.name.last().and_then(|place| self.tokens.name(*place));
        let name = name.map_or("", |name| name.as_str());
        if AGGREGATES.contains(&name) {
            self.note_comparison(&args.lineage);
            // Worked out of rows that all filters of their query have left.
            let above = self.below.or(args.above);
            return Value { null: args.null.or(self.below), above, ..args };
        }
        if QUIET_FUNCTIONS.contains(&name) {
            self.note_comparison(&args.lineage);
            return Value { null: args.above, ..args };
        }
        let null = if is_strict(name) { args.null } else { args.above };
        let value = Value { null, ..args };
        self.note_noise(&value);
        value
    }

    /// An expression that is worked out once, before any row is looked at.
    pub(super) fn settled(&mut self, expr: &Expr) -> Refused<Lineage> {
        let settled = self.is_settled(expr) || (self.rowless && self.is_rowless(expr));
        let before = self.quiet;
        self.quiet |= settled;
        let lineage = self.expr(expr);
        self.quiet = before;
        lineage
    }

    /// These columns are compared: quiet if the type's comparison is.
    pub(super) fn note_comparison(&mut self, lineage: &Lineage) {
        if !self.quiet {
            self.out.compared.extend(lineage.columns());
        }
    }

    /// Constants and parameters as they are; the time of the transaction; what is made of literals
    /// and that time. With a parameter in it, an operation may be worked out row by row.
    pub(super) fn is_settled(&self, expr: &Expr) -> bool {
        match expr.bare() {
            Expr::Constant(_) => true,
            Expr::Parts { parts, calm: true } => parts.iter().all(|part| self.is_settled(part)),
            other => self.is_fixed(other) || self.is_typed_cast(other),
        }
    }

    /// Whether a value is the same for every row of a statement: no column, no query, nothing that
    /// gives something else each time.
    pub(super) fn is_rowless(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Constant(_) => true,
            Expr::Paren(inner) => self.is_rowless(inner),
            Expr::And(left, right) | Expr::Equal(left, right) | Expr::Sum(left, right) => {
                self.is_rowless(left) && self.is_rowless(right)
            }
            Expr::Parts { parts, calm: _ } | Expr::Strict(parts) => {
                parts.iter().all(|part| self.is_rowless(part))
            }
            Expr::Call(call) => {
                let name = call.name.last().and_then(|place| self.tokens.name(*place));
                let name = name.map_or("", |name| name.as_str());
                let steady =
                    is_strict(name) || QUIET_FUNCTIONS.contains(&name) || CLOCKS.contains(&name);
                steady
                    && call.parts.is_empty()
                    && call.window.is_none()
                    && call.args.iter().all(|arg| self.is_rowless(arg))
            }
            Expr::Column(_) | Expr::Row(_) | Expr::Field(_, _) | Expr::Query(_) => false,
        }
    }

    /// A parameter with a cast that only says its type.
    fn is_typed_cast(&self, expr: &Expr) -> bool {
        match expr.bare() {
            Expr::Strict(parts) => match parts.as_slice() {
                [Expr::Constant(place)] => self.is_parameter(*place) && self.is_typed(*place),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_parameter(&self, place: Place) -> bool {
        matches!(self.tokens.kind(place), Some(TokenKind::Parameter(_)))
    }

    /// Whether a parameter is of the type it is cast to, so that nothing is converted: it is cast
    /// wherever it stands, always to the same, and the client has not said another.
    fn is_typed(&self, place: Place) -> bool {
        let same = |at: &Place| self.tokens.kind(*at) == self.tokens.kind(place);
        let cast = self.cast_of(place).filter(|_| !self.types_declared);
        cast.is_some() && (0..self.tokens.count()).filter(same).all(|at| self.cast_of(at) == cast)
    }

    /// The type that the constant at a place is cast to, if it is built in and without a length,
    /// which would be one more step.
    pub(super) fn cast_of(&self, place: Place) -> Option<&str> {
        let tokens = self.tokens;
        let at = match tokens.kind(place + 1)? {
            TokenKind::Cast => place + 2,
            TokenKind::Word(word) if word.as_str() == "as" => place + 2,
            _ => return None,
        };
        let length = tokens.is_punctuation(at + 1, '(') || tokens.is_punctuation(at + 1, '.');
        let name = tokens.word(at).filter(|_| !length)?;
        (TYPE_WORDS.contains(&name) || built_in_type_category(name).is_some()).then_some(name)
    }

    /// What is worked out when the statement is planned, or raises nothing whenever it is: the
    /// server works out row by row what hangs on its settings, as the time of day does.
    fn is_fixed(&self, expr: &Expr) -> bool {
        match expr.bare() {
            Expr::Constant(place) => !self.is_parameter(*place),
            // A literal with a cast.
            Expr::Parts { parts, calm: true } => {
                matches!(parts.as_slice(), [part @ Expr::Constant(_)] if self.is_fixed(part))
            }
            Expr::Sum(left, right) if self.is_number(left) && self.is_number(right) => true,
            other => self.is_time(other, MAX_TIME_STEPS),
        }
    }

    fn is_number(&self, expr: &Expr) -> bool {
        matches!(expr.bare(), Expr::Constant(place)
            if matches!(self.tokens.kind(*place), Some(TokenKind::Number)))
    }

    /// The time of the transaction, give or take what cannot leave the calendar.
    fn is_time(&self, expr: &Expr, steps: u8) -> bool {
        let Some(steps) = steps.checked_sub(1) else { return false };
        let called = |call: &Call| {
            let name = call.name.last().and_then(|place| self.tokens.name(*place));
            name.map_or("", |name| name.as_str()).to_owned()
        };
        let found = match expr.bare() {
            Expr::Call(call) if CLOCKS.contains(&called(call).as_str()) => {
                return call.parts.is_empty() && call.args.iter().all(|arg| self.is_number(arg));
            }
            Expr::Call(call) if called(call) == "date_trunc" => match call.args.as_slice() {
                [unit, time] => self.says(unit, is_unit) && self.is_time(time, steps),
                _ => false,
            },
            Expr::Sum(time, span) => self.says(span, is_short) && self.is_time(time, steps),
            Expr::Strict(parts) => match parts.as_slice() {
                // now()::date
                [time] => self.is_time(time, steps),
                [time, zone] => self.says(zone, is_zone) && self.is_time(time, steps),
                _ => false,
            },
            Expr::Constant(_)
            | Expr::Call(_)
            | Expr::Parts { .. }
            | Expr::Column(_)
            | Expr::Row(_)
            | Expr::And(_, _)
            | Expr::Equal(_, _)
            | Expr::Paren(_)
            | Expr::Field(_, _)
            | Expr::Query(_) => false,
        };
        if found {
            self.by_literal.set(true);
        }
        found
    }

    /// Whether a literal, perhaps with a cast, is one of some.
    fn says(&self, expr: &Expr, is: fn(&str) -> bool) -> bool {
        let place = match expr.bare() {
            Expr::Constant(place) => place,
            Expr::Parts { parts, calm: true } => match parts.as_slice() {
                [Expr::Constant(place)] => place,
                _ => return false,
            },
            _ => return false,
        };
        match self.tokens.kind(*place) {
            Some(TokenKind::Text(text)) => is(text),
            Some(TokenKind::Number) => is(self.tokens.source(*place)),
            _ => false,
        }
    }
}

/// Built-in functions that raise no error and have no effect, whatever they are given.
pub(super) const QUIET_FUNCTIONS: [&str; 11] = [
    "char_length",
    "coalesce",
    "dense_rank",
    "greatest",
    "least",
    "length",
    "lower",
    "nullif",
    "rank",
    "row_number",
    "upper",
];

/// Aggregates of this kind.
pub const AGGREGATES: [&str; 8] =
    ["avg", "bool_and", "bool_or", "count", "every", "max", "min", "sum"];

/// Built-in functions that are not called at all where one of their arguments is NULL; one that
/// gives rows gives none then. All functions of the name are such (`pg_proc.proisstrict`).
pub const STRICT_FUNCTIONS: &str = "\
    abs age array_length array_upper ascii bit_length btrim cardinality cbrt ceil ceiling chr \
    date date_bin date_part date_trunc decode degrees div encode exp extract family floor \
    generate_series host initcap isfinite json_array_elements json_array_elements_text \
    json_array_length json_each json_each_text json_extract_path json_extract_path_text \
    json_object_keys json_typeof jsonb_array_elements jsonb_array_elements_text \
    jsonb_array_length jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text \
    jsonb_object_keys jsonb_path_exists jsonb_path_query jsonb_typeof left ln log lpad ltrim \
    make_date make_timestamp masklen md5 mod network octet_length overlay phraseto_tsquery \
    plainto_tsquery position power regexp_match regexp_matches regexp_replace \
    regexp_split_to_array regexp_split_to_table repeat replace reverse right round rpad rtrim \
    sign split_part sqrt starts_with strpos substr substring timezone to_char to_date to_hex \
    to_number to_timestamp to_tsquery to_tsvector translate trunc unnest websearch_to_tsquery \
    width_bucket";

pub(super) fn is_strict(name: &str) -> bool {
    static STRICT: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| STRICT_FUNCTIONS.split_whitespace().collect());
    STRICT.contains(name)
}

/// Sums, casts and the like around the time of the transaction.
const MAX_TIME_STEPS: u8 = 4;

fn is_unit(text: &str) -> bool {
    const UNITS: [&str; 9] =
        ["second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade"];
    UNITS.contains(&text)
}

/// Any other name may be unknown to the server, which it finds out row by row.
fn is_zone(text: &str) -> bool {
    text.eq_ignore_ascii_case("utc")
}

/// A span of time of less than a thousand years: `7`, of days, or `7 days`.
fn is_short(text: &str) -> bool {
    const UNITS: [&str; 7] = ["second", "minute", "hour", "day", "week", "month", "year"];
    let (number, unit) = text.trim().split_once(' ').unwrap_or((text.trim(), "day"));
    let unit = unit.trim();
    let digits = if unit.starts_with("year") { 3 } else { 4 };
    number.len() <= digits
        && number.bytes().all(|b| b.is_ascii_digit())
        && UNITS.contains(&unit.strip_suffix('s').unwrap_or(unit))
}

/// Types that the grammar knows by another name than the catalog.
const TYPE_WORDS: [&str; 8] =
    ["bigint", "boolean", "decimal", "double", "int", "integer", "real", "smallint"];

pub(super) fn is_clock(name: &str) -> bool {
    CLOCKS.contains(&name)
}

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
