//! Derived tables for sites that are read; groupings.

use std::collections::BTreeSet;

use super::super::emit::{Edit, Piece};
use super::super::resolve::{Grouping, Refused, system_column_name};
use super::super::tokens::{AFTER_GROUPING, TokenRange};
use super::{Part, ROW, Rewrite, Rewriting, quoted};
use crate::model::usage::{SiteColumn, SiteId};

impl Rewriting<'_> {
    /// COPY table TO: a query in place of the table and its list of columns.
    pub fn copy_out(&self, columns: &[i16]) -> Refused<Rewrite> {
        let mut out = Rewrite::default();
        let Some(site) = self.resolution.sites.first() else { return Ok(out) };
        let part = self.part(SiteId(0), site)?;
        match part.restricted() {
            true => out.restricted.insert(part.id),
            false if self.is_displayed(&part) => out.displayed.insert(part.id),
            false => return Ok(out),
        };
        let names = columns.iter().filter_map(|number| part.relation.column_number(*number));
        let names: Vec<String> = names.map(|column| quoted(&column.name)).collect();
        self.derive(&part, &mut out)?;
        if let Some(edit) = out.edits.last_mut() {
            edit.pieces.insert(0, Piece::Text(format!("(SELECT {} FROM", names.join(", "))));
            edit.pieces.push(Piece::Text(")".to_owned()));
        }
        Ok(out)
    }

    /// Puts a derived table in place of a site.
    pub(super) fn derive(&self, part: &Part<'_>, out: &mut Rewrite) -> Refused<()> {
        let site = part.site;
        if let Some(cells) = &part.ruling.cells {
            let table = self.over_people(part, cells)?;
            out.edits.push(Edit::replace(site.range, format!("{table}{}", alias_of(part))));
            self.drop_schemas(part, out);
            return Ok(());
        }
        let mut pieces = vec![Piece::Text(format!(
            "(SELECT {} FROM {}{} AS {ROW}",
            self.shown(part)?,
            if site.only { "ONLY " } else { "" },
            part.relation.name.to_quoted(),
        ))];
        if site.sampled {
            let sample = self.sample(part)?;
            pieces.extend((sample.start..sample.end).map(Piece::Token));
            out.edits.push(Edit::replace(sample, ""));
        }
        let mut conjuncts: Vec<Vec<Piece>> = Vec::new();
        let mut ahead: Vec<TokenRange> = Vec::new();
        conjuncts.extend(self.row_guard(part, ROW).map(|guard| vec![Piece::Text(guard)]));
        let rows = self.displayed_rows(part, ROW);
        let mut fenced = self.is_fenced(part) || rows.is_some();
        conjuncts.extend(rows.map(|rows| vec![Piece::Text(rows)]));
        // What is compared above is what is shown: nothing of it is asked of the hidden value.
        let carried = match out.displayed.contains(&part.id) {
            true => Vec::new(),
            false => self.carried(part, ROW),
        };
        for carried in carried {
            if carried.moved {
                out.edits.push(Edit::replace(carried.range, "TRUE"));
            }
            fenced |= carried.fenced;
            ahead.extend(carried.ahead);
            conjuncts.push(carried.pieces);
        }
        for (i, conjunct) in conjuncts.into_iter().enumerate() {
            pieces.push(Piece::Text(if i == 0 { "WHERE" } else { "AND" }.to_owned()));
            pieces.extend(conjunct);
        }
        // A sub-select with OFFSET is not pulled up: nothing above it sees a row it drops. What
        // OFFSET is made of is worked out before the first row is fetched.
        if !ahead.is_empty() {
            pieces.push(Piece::Text("OFFSET 0 OPERATOR(pg_catalog.*) pg_catalog.num_nulls".into()));
            for (i, range) in ahead.iter().enumerate() {
                pieces.push(Piece::Text(if i == 0 { "(" } else { "," }.to_owned()));
                pieces.extend((range.start..range.end).map(Piece::Token));
            }
            pieces.push(Piece::Text(")".to_owned()));
        } else if fenced {
            pieces.push(Piece::Text("OFFSET 0".to_owned()));
        }
        pieces.push(Piece::Text(format!("){}", alias_of(part))));
        out.edits.push(Edit { range: site.range, pieces });
        self.drop_schemas(part, out);
        self.type_rows(part, out);
        Ok(())
    }

    /// The columns a derived table shows, in the relation's own order.
    fn shown(&self, part: &Part<'_>) -> Refused<String> {
        let all = part.site.whole || part.site.renamed;
        let system: BTreeSet<i16> = part.used.iter().copied().filter(|n| *n < 0).collect();
        if part.site.whole && !system.is_empty() {
            return Err(Box::new(self.unsupported("a system column beside a whole row")));
        }
        let columns = part.relation.columns.iter().filter(|c| all || part.used.contains(&c.number));
        let mut shown: Vec<String> = columns
            .map(|column| {
                let name = quoted(&column.name);
                format!("{} AS {name}", self.column(part, column, ROW))
            })
            .collect();
        shown.extend(system.into_iter().filter_map(|number| self.system(part, number)));
        Ok(shown.join(", "))
    }

    /// A system column; where a row that is dropped could be told by it, it is NULL there.
    fn system(&self, part: &Part<'_>, number: i16) -> Option<String> {
        let name = system_column_name(number)?;
        let raw = format!("{ROW}.{name}");
        let told = self.is_noisy(part, number, true);
        let shown = match self.row_guard(part, ROW).filter(|_| told) {
            Some(guard) => {
                let kind = match name {
                    "ctid" => "tid",
                    "tableoid" => "oid",
                    "cmin" | "cmax" => "cid",
                    _ => "xid",
                };
                format!("CASE WHEN {guard} THEN {raw} ELSE NULL::pg_catalog.{kind} END")
            }
            None => raw,
        };
        Some(format!("{shown} AS {name}"))
    }

    /// `schema.table.column` and `schema.table.*`: the derived table has no schema.
    fn drop_schemas(&self, part: &Part<'_>, out: &mut Rewrite) {
        let moved: Vec<TokenRange> = out.edits.iter().map(|edit| edit.range).collect();
        for reference in self.resolution.refs.iter().filter(|r| r.column.site == part.id) {
            if let [schema, table, _] = reference.path.as_slice()
                && !moved.iter().any(|range| range.contains(*schema))
            {
                out.edits.push(Edit::replace(TokenRange::new(*schema, *table), ""));
            }
        }
        for star in self.resolution.stars.iter().filter(|s| s.site == part.id) {
            if star.range.end - star.range.start == 5 {
                let schema = TokenRange::new(star.range.start, star.range.start + 2);
                out.edits.push(Edit::replace(schema, ""));
            }
        }
    }

    /// GROUP BY of a primary key lets other columns of the table stand bare in the select list;
    /// a derived table has no key. They depend on it all the same: they are grouped by as well.
    pub(super) fn extend_groupings(&self, out: &mut Rewrite) {
        for grouping in &self.resolution.groupings {
            let mut added: BTreeSet<String> = BTreeSet::new();
            for id in out.restricted.union(&out.displayed) {
                let Some(site) = self.resolution.sites.get(id.0) else { continue };
                let Some(relation) = self.catalog.relation(site.relation) else { continue };
                let at = |number: i16| SiteColumn { site: *id, number };
                let key = &relation.primary_key;
                if key.is_empty() || !key.iter().all(|n| grouping.columns.contains(&at(*n))) {
                    continue;
                }
                let used = self.resolution.refs.iter().filter(|r| {
                    r.level == grouping.level
                        && r.column.site == *id
                        && !grouping.columns.contains(&r.column)
                });
                added
                    .extend(used.filter_map(|r| relation.column_number(r.column.number)).map(
                        |column| format!(", {}.{}", quoted(&site.name), quoted(&column.name)),
                    ));
            }
            if let (Some(end), false) = (self.end_of_grouping(grouping), added.is_empty()) {
                let text = added.into_iter().collect::<String>();
                out.edits.push(Edit::insert(end, text));
            }
        }
    }

    fn end_of_grouping(&self, grouping: &Grouping) -> Option<usize> {
        let end = self.tokens.end_of_level(grouping.keyword, self.statement.end);
        let mut at = grouping.keyword;
        loop {
            let group = self.tokens.find_word(TokenRange::new(at, end), &["group"])?;
            at = group + 1;
            if self.tokens.is_word(at, "by") {
                break;
            }
        }
        Some(self.tokens.find_word(TokenRange::new(at, end), &AFTER_GROUPING).unwrap_or(end))
    }
}

/// The name a derived table has where the client gave it none.
fn alias_of(part: &Part<'_>) -> String {
    if part.site.aliased { String::new() } else { format!(" AS {}", quoted(&part.site.name)) }
}
