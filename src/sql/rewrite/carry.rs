//! Comparisons of the client's that are asked inside a derived table, so that an index still helps.
//!
//! What stands there compares the value as it is in the table. Nothing that could raise an error,
//! or act, may then come to see which rows it left: where the statement has something of that
//! kind, the guard of the value goes along and the derived table is fenced.

use super::super::emit::Piece;
use super::super::resolve::{Conjunct, Probe};
use super::super::tokens::TokenRange;
use super::{Part, Rewriting, is_quiet_type, quoted};
use crate::catalog::Column;
use crate::model::ruling::ColumnRuling;
use crate::sql::guard;
use crate::sql::resolve::Sites;

/// A comparison that goes along.
pub(super) struct Carried {
    /// Where the client wrote it.
    pub range: TokenRange,
    pub pieces: Vec<Piece>,
    /// Nothing of it is left where it was.
    pub moved: bool,
    /// Only rows that it leaves may be seen from outside.
    pub fenced: bool,
    /// Must be worked out before any row is looked at.
    pub ahead: Vec<TokenRange>,
}

impl Rewriting<'_> {
    /// The comparisons of a site's columns that may be asked of its rows, known as `row`.
    pub(super) fn carried(&self, part: &Part<'_>, row: &str) -> Vec<Carried> {
        let resolution = self.resolution;
        let probes = resolution.probes.iter().filter(|probe| probe.column.site == part.id);
        let conjuncts = resolution.conjuncts.iter().filter(|c| c.column.site == part.id);
        let probes = probes.filter_map(|probe| self.probe(part, probe, row));
        probes.chain(conjuncts.filter_map(|c| self.conjunct(part, c, row))).collect()
    }

    /// `column = constant`: moved if only the purpose's `lookup` lets it see the real value.
    fn probe(&self, part: &Part<'_>, probe: &Probe, row: &str) -> Option<Carried> {
        let column = part.relation.column_number(probe.column.number)?;
        let compared = format!("{row}.{} OPERATOR(pg_catalog.=)", quoted(&column.name));
        let mut pieces = vec![Piece::Text(compared)];
        pieces.extend((probe.value.start..probe.value.end).map(Piece::Token));
        let guard = self.value_guard(part, column, row);
        if part.opened(column.number) {
            let fenced = guard.is_some() && self.is_restless();
            pieces.extend(guard.map(|guard| Piece::Text(format!("AND {guard}"))));
            let ahead = Vec::new();
            return Some(Carried { range: probe.range, pieces, moved: true, fenced, ahead });
        }
        self.copied(part, column, guard.filter(|_| self.is_restless()), (probe.range, pieces))
    }

    /// A comparison with something settled. It must be false for a value that is not shown.
    fn conjunct(&self, part: &Part<'_>, conjunct: &Conjunct, row: &str) -> Option<Carried> {
        let Conjunct { column, path, range, ahead } = conjunct;
        let column = part.relation.column_number(column.number)?;
        let guarded = self.value_guard(part, column, row).is_some();
        if guarded && (self.is_restless() || self.accepts_null(*range)) {
            return None;
        }
        let mut pieces = vec![Piece::Text(format!("({row}.{}", quoted(&column.name)))];
        pieces.extend((path.end..range.end).map(Piece::Token));
        pieces.push(Piece::Text(")".to_owned()));
        let carried = self.copied(part, column, None, (*range, pieces))?;
        let moved = self.is_fenced(part) && !guarded;
        Some(Carried { moved, ahead: ahead.clone(), ..carried })
    }

    /// A comparison that stays where it is as well, if it is of use inside.
    fn copied(
        &self,
        part: &Part<'_>,
        column: &Column,
        guard: Option<String>,
        (range, mut pieces): (TokenRange, Vec<Piece>),
    ) -> Option<Carried> {
        let ruling = part.ruling.columns.get(&column.number);
        let raw_when_seen = ruling.is_none_or(ColumnRuling::shows_value);
        let wrapped = self.is_fenced(part)
            || self.is_noisy(part, column.number, is_quiet_type(column))
            || ruling.is_some_and(|ruling| !ruling.conditions.is_empty());
        let fenced = guard.is_some();
        pieces.extend(guard.map(|guard| Piece::Text(format!("AND {guard}"))));
        (raw_when_seen && wrapped && is_quiet_type(column)).then_some(Carried {
            range,
            pieces,
            moved: false,
            fenced,
            ahead: Vec::new(),
        })
    }

    /// The conditions under which the value of a row that is there is shown.
    pub(super) fn value_guard(
        &self,
        part: &Part<'_>,
        column: &Column,
        row: &str,
    ) -> Option<String> {
        let ruling: &ColumnRuling = part.ruling.columns.get(&column.number)?;
        let subject = part.ruling.subject.as_ref();
        guard::conjunction(&ruling.conditions, subject, (self.people, self.catalog), row)
    }

    /// Whether anything in the statement could tell which rows came so far.
    fn is_restless(&self) -> bool {
        self.users_code || self.resolution.unheard != Sites::ALL
    }

    fn accepts_null(&self, range: TokenRange) -> bool {
        const WORDS: [&str; 3] = ["is", "isnull", "notnull"];
        self.tokens.find_word(range, &WORDS).is_some()
    }
}
