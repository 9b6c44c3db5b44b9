//! Columns that are seen only inside aggregates, over a number of people.
//!
//! The table is divided into cells of people who share the values of the dimensions, by the finest
//! level first. What lies in a cell of too few people goes together with the rest of its kind one
//! level up; what is not in a cell of the levels the statement tells apart is NULL. So is each
//! group of the client's made of whole cells, and none of them small.

use super::super::resolve::Refused;
use super::{Part, ROW, Rewriting, quoted, value};
use crate::catalog::Column;
use crate::model::limits::{Cells, Dimension};
use crate::model::ruling::{Action, Condition};
use crate::sql::{guard, mask};

impl Rewriting<'_> {
    /// The derived table of a site, in parentheses.
    pub(super) fn over_people(&self, part: &Part<'_>, cells: &Cells) -> Refused<String> {
        let all = part.site.whole || part.site.renamed;
        let columns: Vec<&Column> =
            part.relation.columns.iter().filter(|c| all || part.used.contains(&c.number)).collect();
        let mut table = self.with_dimensions(part, cells, &columns)?;
        let counted: Vec<i16> =
            columns.iter().filter(|c| is_counted(part, c)).map(|c| c.number).collect();
        for level in (cells.told..=cells.levels.len()).rev() {
            let group = Group { cells, level };
            table = group.ranked(&table, &counted);
            table = group.placed(&table, &counted);
        }
        let shown = columns.iter().map(|column| {
            let (number, name) = (column.number, quoted(&column.name));
            match is_counted(part, column) {
                true => format!(
                    "CASE WHEN {ROW}.l{number}_{} IS NOT NULL THEN {ROW}.c{number} ELSE {} END \
                     AS {name}",
                    cells.told,
                    mask::null(column)
                ),
                false => format!("{ROW}.c{number} AS {name}"),
            }
        });
        let shown: Vec<String> = shown.collect();
        Ok(format!("(SELECT {} FROM {table} AS {ROW})", shown.join(", ")))
    }

    /// The rows the purpose may see, under names of ours: columns `c`, dimensions `d`, the person
    /// `s`.
    fn with_dimensions(
        &self,
        part: &Part<'_>,
        cells: &Cells,
        columns: &[&Column],
    ) -> Refused<String> {
        let missing = || Box::new(self.unsupported("an aggregate over this table"));
        let subject = part.ruling.subject.as_ref().ok_or_else(missing)?;
        let facts = (self.people, self.catalog);
        let mut items: Vec<String> = Vec::new();
        for column in columns {
            let value = match is_counted(part, column) {
                true => self.counted(part, column),
                false => self.column(part, column, ROW),
            };
            items.push(format!("{value} AS c{}", column.number));
        }
        for (i, dimension) in cells.levels.iter().flatten().enumerate() {
            let value = self.dimension(part, dimension).ok_or_else(missing)?;
            items.push(format!("({value})::pg_catalog.text COLLATE pg_catalog.\"C\" AS d{i}"));
        }
        // A person who is not among the people is nobody.
        let steps = subject.steps.len() + usize::from(!subject.is_people);
        let id = match subject.is_people {
            true => &subject.column,
            false => self.people.id.as_ref().ok_or_else(missing)?,
        };
        let own = |row: &str| format!("{row}.{}", quoted(id));
        let person = guard::on_the_way(steps, subject, facts, (ROW, &own)).ok_or_else(missing)?;
        items.push(format!("{person} AS s"));
        let rows = self.row_guard(part, ROW).map_or(String::new(), |rows| format!(" WHERE {rows}"));
        let (items, table) = (items.join(", "), part.relation.name.to_quoted());
        Ok(format!("(SELECT {items} FROM {table} AS {ROW}{rows})"))
    }

    /// The value that is aggregated, of people of whom it may be.
    fn counted(&self, part: &Part<'_>, column: &Column) -> String {
        let raw = format!("{ROW}.{}", quoted(&column.name));
        let Some(ruling) = part.ruling.columns.get(&column.number) else { return raw };
        let told = ruling.before.iter().map(|before| Condition::SeenVersion(before.version));
        let asked: Vec<Condition> = ruling.conditions.iter().cloned().chain(told).collect();
        let (subject, facts) = (part.ruling.subject.as_ref(), (self.people, self.catalog));
        match guard::conjunction(&asked, subject, facts, ROW) {
            Some(guard) => format!("CASE WHEN {guard} THEN {raw} ELSE {} END", mask::null(column)),
            None => raw,
        }
    }

    /// A dimension of a row, as the purpose sees it.
    fn dimension(&self, part: &Part<'_>, dimension: &Dimension) -> Option<String> {
        let subject = part.ruling.subject.as_ref()?;
        let facts = (self.people, self.catalog);
        let relation = self.catalog.by_name(&dimension.table)?;
        let column = relation.column_number(dimension.column)?;
        let seen = |action| {
            let own = |row: &str| value(action, &format!("{row}.{}", quoted(&column.name)), column);
            guard::on_the_way(dimension.steps, subject, facts, (ROW, &own))
        };
        let newest = seen(dimension.action)?;
        let seen = |action| seen(action).unwrap_or_else(|| mask::null(column));
        let value = self.by_version(&dimension.before, Some(subject), ROW, (newest, &seen));
        let asked = guard::conjunction(&dimension.conditions, Some(subject), facts, ROW);
        Some(match asked {
            Some(guard) => format!("CASE WHEN {guard} THEN {value} END"),
            None => value,
        })
    }
}

fn is_counted(part: &Part<'_>, column: &Column) -> bool {
    part.ruling.columns.get(&column.number).is_some_and(|r| r.action == Action::Aggregate)
}

/// The cells of one level: people who share the dimensions of that many levels.
struct Group<'c> {
    cells: &'c Cells,
    level: usize,
}

impl Group<'_> {
    /// What a window is parted by: the dimensions, whether the row counts, and where it has been
    /// placed already.
    fn partition(&self, number: i16) -> String {
        let dimensions: usize = self.cells.levels.iter().take(self.level).map(Vec::len).sum();
        let mut by: Vec<String> = (0..dimensions).map(|i| format!("{ROW}.d{i}")).collect();
        by.push(format!("{ROW}.c{number} IS NULL OR {ROW}.s IS NULL"));
        if self.level < self.cells.levels.len() {
            by.push(format!("{ROW}.l{number}_{}", self.level + 1));
        }
        format!("PARTITION BY {}", by.join(", "))
    }

    /// Numbers the people of each cell.
    fn ranked(&self, table: &str, counted: &[i16]) -> String {
        let ranks = counted.iter().map(|number| {
            format!(
                "CASE WHEN {ROW}.c{number} IS NOT NULL AND {ROW}.s IS NOT NULL THEN \
                 pg_catalog.dense_rank() OVER ({} ORDER BY {ROW}.s) END AS r{number}_{}",
                self.partition(*number),
                self.level,
            )
        });
        let ranks: Vec<String> = ranks.collect();
        format!("(SELECT {ROW}.*, {} FROM {table} AS {ROW})", ranks.join(", "))
    }

    /// Places what is in a cell of enough people.
    fn placed(&self, table: &str, counted: &[i16]) -> String {
        let places = counted.iter().map(|number| {
            let level = self.level;
            let enough = format!(
                "CASE WHEN pg_catalog.max({ROW}.r{number}_{level}) OVER ({}) \
                 OPERATOR(pg_catalog.>=) {} THEN {level} END",
                self.partition(*number),
                self.cells.min_people,
            );
            match level < self.cells.levels.len() {
                true => {
                    let before = format!("{ROW}.l{number}_{}", level + 1);
                    format!("coalesce({before}, {enough}) AS l{number}_{level}")
                }
                false => format!("{enough} AS l{number}_{level}"),
            }
        });
        let places: Vec<String> = places.collect();
        format!("(SELECT {ROW}.*, {} FROM {table} AS {ROW})", places.join(", "))
    }
}
