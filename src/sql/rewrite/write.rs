//! Targets of INSERT, UPDATE and DELETE.

use super::super::emit::{Edit, Piece};
use super::super::resolve::{ColumnRef, Probe, Refused, StarRef, Target};
use super::super::tokens::TokenRange;
use super::{Part, Rewrite, Rewriting, quoted};
use crate::model::usage::SiteAccess;

impl Rewriting<'_> {
    /// Guards a target: rows the purpose may not see are out of reach, columns show what it may.
    pub(super) fn guard_target(&self, part: &Part<'_>, out: &mut Rewrite) -> Refused<()> {
        if part.site.row_value {
            return Err(Box::new(self.unsupported("a whole row of masked or filtered data here")));
        }
        let row = quoted(&part.site.name);
        let own = |p: &&Probe| p.column.site == part.id && part.opened(p.column.number);
        let opened: Vec<&Probe> = self.resolution.probes.iter().filter(own).collect();
        for probe in &opened {
            out.edits.extend(self.guarded_look_up(part, probe, &row));
        }
        for reference in self.resolution.refs.iter().filter(|r| r.column.site == part.id) {
            let first = reference.path.first().copied().unwrap_or_default();
            if !opened.iter().any(|probe| probe.range.contains(first)) {
                out.edits.extend(self.guarded_reference(part, reference, &row));
            }
        }
        for star in self.resolution.stars.iter().filter(|s| s.site == part.id) {
            out.edits.push(self.spelt_star(part, star, &row)?);
        }
        let target = self.resolution.targets.iter().find(|t| t.site == part.id);
        if let Some(cursor) = target.and_then(|t| t.cursor).filter(|_| !part.rows.is_empty()) {
            let refusal = self.unsupported("WHERE CURRENT OF over rows that may be hidden");
            let refusal = refusal
                .detail("No condition can stand beside it that leaves their rows alone.")
                .hint("Name the row by its key.");
            return Err(Box::new(refusal.at(self.tokens.position(cursor))));
        }
        self.guard_new_rows(part, target, out)?;
        if let (Some(target), Some(guard)) = (target, self.row_guard(part, &row)) {
            self.guard_rows(part, target, (&row, &guard), out);
        }
        Ok(())
    }

    /// A look-up of a person who may have refused it: nobody is found by it then.
    fn guarded_look_up(&self, part: &Part<'_>, probe: &Probe, row: &str) -> Option<Edit> {
        let column = part.relation.column_number(probe.column.number)?;
        let guard = self.value_guard(part, column, row)?;
        let name = quoted(&column.name);
        let when = format!("CASE WHEN {guard} THEN {row}.{name} OPERATOR(pg_catalog.=)");
        let mut pieces = vec![Piece::Text(when)];
        pieces.extend((probe.value.start..probe.value.end).map(Piece::Token));
        pieces.push(Piece::Text("ELSE FALSE END".to_owned()));
        Some(Edit { range: probe.range, pieces })
    }

    fn guarded_reference(&self, part: &Part<'_>, reference: &ColumnRef, row: &str) -> Option<Edit> {
        let column = part.relation.column_number(reference.column.number)?;
        let shown = self.column(part, column, row);
        let (first, last) = (reference.path.first()?, reference.path.last()?);
        if shown == format!("{row}.{}", quoted(&column.name)) {
            return None;
        }
        let name = if reference.bare_item {
            format!(" AS {}", quoted(&column.name))
        } else {
            String::new()
        };
        Some(Edit::replace(TokenRange::new(*first, *last + 1), format!("({shown}){name}")))
    }

    /// `*` of RETURNING, column by column.
    fn spelt_star(&self, part: &Part<'_>, star: &StarRef, row: &str) -> Refused<Edit> {
        let shared = self.resolution.stars.iter().filter(|s| s.range == star.range).count();
        if shared > 1 {
            return Err(Box::new(self.unsupported("RETURNING * of several tables, one masked,")));
        }
        let columns: Vec<String> = part
            .relation
            .columns
            .iter()
            .map(|column| {
                let shown = self.column(part, column, row);
                format!("({shown}) AS {}", quoted(&column.name))
            })
            .collect();
        Ok(Edit::replace(star.range, columns.join(", ")))
    }

    /// Adds the row guard to the WHERE of the statement, or of ON CONFLICT DO UPDATE.
    fn guard_rows(
        &self,
        part: &Part<'_>,
        target: &Target,
        (row, guard): (&str, &str),
        out: &mut Rewrite,
    ) {
        let end = self.tokens.end_of_level(target.keyword, self.statement.end);
        let access = self.resolution.uses.sites.get(part.id.0).map(|u| u.access);
        let from = match access {
            Some(SiteAccess::Insert) if target.upsert => {
                let level = TokenRange::new(target.keyword, end);
                self.tokens.find_word(level, &["do"]).unwrap_or(end)
            }
            Some(SiteAccess::Insert) => return,
            Some(SiteAccess::Merge) => return self.guard_merge(part, target, (row, guard), out),
            Some(SiteAccess::Read | SiteAccess::Update | SiteAccess::Delete) | None => {
                target.keyword
            }
        };
        let level = TokenRange::new(from + 1, end);
        let stop = self.tokens.find_word(level, &["returning"]).unwrap_or(end);
        match self.tokens.find_word(TokenRange::new(from + 1, stop), &["where"]) {
            // CASE keeps the order: what the client asks is not asked of a row the guard drops.
            Some(filter) if self.is_fenced(part) => {
                out.edits.push(Edit::insert(filter + 1, format!("CASE WHEN {guard} THEN (")));
                let mut pieces = vec![Piece::Text(") ELSE FALSE END".to_owned())];
                for carried in self.carried(part, row).into_iter() {
                    if carried.fenced || !carried.ahead.is_empty() {
                        continue;
                    }
                    pieces.push(Piece::Text("AND".to_owned()));
                    pieces.extend(carried.pieces);
                }
                out.edits.push(Edit { range: TokenRange::new(stop, stop), pieces });
            }
            Some(filter) => {
                out.edits.push(Edit::insert(filter + 1, "("));
                out.edits.push(Edit::insert(stop, format!(") AND ({guard})")));
            }
            None => out.edits.push(Edit::insert(stop, format!("WHERE {guard}"))),
        }
    }
}
