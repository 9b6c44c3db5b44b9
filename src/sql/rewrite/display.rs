//! The server's own relations, shown with less than they hold: cells and rows as SQL.

use super::super::mask;
use super::{Part, Rewriting, quoted};
use crate::catalog::Column;
use crate::catalog::display::{Cell, Rows, display};

impl Rewriting<'_> {
    /// Whether a relation of the server shows something here that is not for everybody.
    pub(super) fn is_displayed(&self, part: &Part<'_>) -> bool {
        let names = part.used.iter().filter_map(|number| part.relation.column_number(*number));
        let names = names.map(|column| column.name.as_str());
        display(part.relation).is_some_and(|display| display.limits(names))
    }

    /// A cell of such a relation; `None`: it is no such relation, or shown as it is.
    pub(super) fn displayed(&self, part: &Part<'_>, column: &Column, row: &str) -> Option<String> {
        let raw = format!("{row}.{}", quoted(&column.name));
        let when = |condition: String, other: String| {
            Some(format!("CASE WHEN {condition} THEN {raw} ELSE {other} END"))
        };
        match display(part.relation)?.cell(column.name.as_str()) {
            Cell::AsIs => None,
            Cell::Null => Some(mask::null(column)),
            Cell::Withheld => Some(format!("'<insufficient privilege>'::{}", column.type_sql)),
            Cell::OfOpen(relation) => {
                when(self.is_open(&format!("{row}.\"{relation}\"")), mask::null(column))
            }
            Cell::Estimate => {
                let unknown = format!("'-1'::{}", column.type_sql);
                when(self.is_open(&format!("{row}.\"oid\"")), unknown)
            }
            Cell::OfOwn => when(is_own(row), mask::null(column)),
        }
    }

    /// Which rows of such a relation are there.
    pub(super) fn displayed_rows(&self, part: &Part<'_>, row: &str) -> Option<String> {
        let named = |schema: &str, table: &str| {
            format!(
                "EXISTS (SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n \
                 ON n.oid OPERATOR(pg_catalog.=) c.relnamespace \
                 WHERE n.nspname OPERATOR(pg_catalog.=) {row}.{schema} \
                 AND c.relname OPERATOR(pg_catalog.=) {row}.{table} AND {})",
                self.is_open("c.oid")
            )
        };
        match display(part.relation)?.rows {
            Rows::All => None,
            Rows::Own => Some(is_own(row)),
            Rows::OpenByName => Some(named("schemaname", "tablename")),
            Rows::OpenById(column) => Some(self.is_open(&format!("{row}.{column}"))),
            Rows::OpenByStatistics => Some(format!(
                "EXISTS (SELECT 1 FROM pg_catalog.pg_statistic_ext AS e \
                 WHERE e.oid OPERATOR(pg_catalog.=) {row}.stxoid AND {})",
                self.is_open("e.stxrelid")
            )),
        }
    }

    /// Whether the relation of a number is the server's own, or open to everybody by the rules.
    fn is_open(&self, number: &str) -> String {
        format!(
            "({number} OPERATOR(pg_catalog.<) '{FIRST_USER_OID}'::pg_catalog.oid \
             OR {number} OPERATOR(pg_catalog.=) ANY ('{}'::pg_catalog.oid[]))",
            self.open
        )
    }
}

fn is_own(row: &str) -> String {
    format!("{row}.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()")
}

/// The first object number that is not the server's own (`FirstNormalObjectId`).
const FIRST_USER_OID: u32 = 16_384;
