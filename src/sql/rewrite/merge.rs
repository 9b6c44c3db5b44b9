//! The target of MERGE: rows the purpose may not see are not found, by neither side.

use super::super::emit::{Edit, Piece};
use super::super::resolve::Target;
use super::super::tokens::TokenRange;
use super::super::tree::{Matched, Place};
use super::{Part, Rewrite, Rewriting};

impl Rewriting<'_> {
    /// A hidden row is not matched, as if it were not there; and NOT MATCHED BY SOURCE, which
    /// takes what ON has left, leaves it alone.
    pub(super) fn guard_merge(
        &self,
        part: &Part<'_>,
        target: &Target,
        (row, guard): (&str, &str),
        out: &mut Rewrite,
    ) {
        let Some((first, _)) = target.whens.first() else { return };
        let Some(on) = self.on_of_merge(target.keyword, *first) else { return };
        // CASE keeps the order: what the client asks is not asked of a row the guard drops.
        if self.is_fenced(part) {
            out.edits.push(Edit::insert(on + 1, format!("CASE WHEN {guard} THEN (")));
            let mut pieces = vec![Piece::Text(") ELSE FALSE END".to_owned())];
            for carried in self.carried(part, row).into_iter().filter(|c| !c.fenced) {
                pieces.push(Piece::Text("AND".to_owned()));
                pieces.extend(carried.pieces);
            }
            out.edits.push(Edit { range: TokenRange::new(*first, *first), pieces });
        } else {
            out.edits.push(Edit::insert(on + 1, "("));
            out.edits.push(Edit::insert(*first, format!(") AND ({guard})")));
        }
        for (when, matched) in &target.whens {
            if *matched == Matched::Target {
                self.guard_when(*when, guard, out);
            }
        }
    }

    /// `WHEN NOT MATCHED BY SOURCE [AND condition] THEN`
    fn guard_when(&self, when: Place, guard: &str, out: &mut Rewrite) {
        let and = when + 5;
        let Some(then) = self.then_of(and) else { return };
        if self.tokens.is_word(and, "and") {
            out.edits.push(Edit::insert(and + 1, format!("CASE WHEN {guard} THEN (")));
            out.edits.push(Edit::insert(then, ") ELSE FALSE END"));
        } else {
            out.edits.push(Edit::insert(then, format!("AND ({guard})")));
        }
    }

    /// The ON of MERGE: the last one before its first clause.
    fn on_of_merge(&self, keyword: Place, first: Place) -> Option<Place> {
        let mut found = None;
        let mut at = keyword;
        while let Some(on) = self.tokens.find_word(TokenRange::new(at, first), &["on"]) {
            found = Some(on);
            at = on + 1;
        }
        found
    }

    /// The THEN of a clause, not that of a CASE in its condition.
    fn then_of(&self, from: Place) -> Option<Place> {
        let mut at = from;
        let mut cases = 0;
        loop {
            let range = TokenRange::new(at, self.statement.end);
            let word = self.tokens.find_word(range, &["case", "end", "then"])?;
            match self.tokens.word(word) {
                Some("case") => cases += 1,
                Some("end") if cases > 0 => cases -= 1,
                Some("then") if cases == 0 => return Some(word),
                _ => {}
            }
            at = word + 1;
        }
    }
}
