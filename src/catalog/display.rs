//! How relations of the server's own catalog are shown where they hold more than their reader may
//! know: samples of values, texts of other sessions, counts of rows, secrets.
//!
//! Monitoring, drivers and `psql` read them all the time, so they are not closed: a cell that
//! tells too much is NULL, or what PostgreSQL itself shows to the unprivileged, and a row about
//! governed data is not there. Reviewed against PostgreSQL 14 to 18.

use super::relations::Relation;
use crate::model::names::QualifiedName;

/// What a cell of a system relation may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    AsIs,
    Null,
    /// What the server shows of statements of others.
    Withheld,
    /// A count that is shown for relations open to everybody; the column names the relation.
    OfOpen(&'static str),
    /// As `OfOpen` by `oid`; else -1, which the server has for "not known".
    Estimate,
    /// Shown for the session that asks.
    OfOwn,
}

/// Which rows of a system relation are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    All,
    /// Of the session that asks.
    Own,
    /// About relations open to everybody, found by `schemaname` and `tablename`.
    OpenByName,
    /// By the column that holds the relation's number.
    OpenById(&'static str),
    /// By the statistics object in `stxoid`.
    OpenByStatistics,
}

/// How one system relation is shown.
#[derive(Clone, Copy, Debug)]
pub struct Display {
    pub rows: Rows,
    cells: fn(&str) -> Cell,
}

impl Display {
    pub fn cell(&self, column: &str) -> Cell {
        (self.cells)(column)
    }

    /// Whether a read of these columns needs anything to be put in.
    pub fn limits<'c>(&self, mut columns: impl Iterator<Item = &'c str>) -> bool {
        self.rows != Rows::All || columns.any(|column| self.cell(column) != Cell::AsIs)
    }
}

/// How a relation is shown. `None`: as it is.
pub fn display(relation: &Relation) -> Option<Display> {
    let by_relation = relation.columns.iter().any(|column| column.name.as_str() == "relid");
    let shown = by_name(&relation.name)?;
    // A view of statistics that is not by table counts over all of them.
    let known = !is_table_statistics(relation.name.name.as_str()) || by_relation;
    Some(if known { shown } else { Display { rows: Rows::All, cells: |_| Cell::AsIs } })
}

/// Whether a relation of this name is shown with less than it holds.
pub fn is_displayed(name: &QualifiedName) -> bool {
    by_name(name).is_some()
}

fn by_name(name: &QualifiedName) -> Option<Display> {
    let all = |cells| Some(Display { rows: Rows::All, cells });
    let rows = |rows| Some(Display { rows, cells: |_| Cell::AsIs });
    let relation = name.name.as_str();
    if relation == "pg_stat_statements" {
        return all(statements);
    }
    match (name.schema.as_str(), relation) {
        ("information_schema", "user_mapping_options") => all(|column| nulls(column, "option_v")),
        ("information_schema", "_pg_user_mappings") => all(|column| nulls(column, "umoptions")),
        ("pg_catalog", "pg_class") => all(|column| match column {
            "reltuples" => Cell::Estimate,
            _ => Cell::AsIs,
        }),
        ("pg_catalog", "pg_stats" | "pg_stats_ext" | "pg_stats_ext_exprs") => {
            rows(Rows::OpenByName)
        }
        ("pg_catalog", "pg_statistic") => rows(Rows::OpenById("starelid")),
        ("pg_catalog", "pg_statistic_ext_data") => rows(Rows::OpenByStatistics),
        ("pg_catalog", "pg_stat_activity") => all(activity),
        ("pg_catalog", "pg_stat_ssl" | "pg_stat_gssapi") => rows(Rows::Own),
        ("pg_catalog", "pg_stat_replication") => all(|column| nulls(column, "client_")),
        ("pg_catalog", "pg_stat_database") => all(database),
        ("pg_catalog", "pg_stat_user_functions" | "pg_stat_xact_user_functions") => {
            all(|column| match column {
                // A function may be called once a row.
                "calls" | "total_time" | "self_time" => Cell::Null,
                _ => Cell::AsIs,
            })
        }
        ("pg_catalog", "pg_locks") => all(|column| match column {
            // Advisory locks have their keys there, others the places of rows.
            "classid" | "objid" | "objsubid" | "page" | "tuple" => Cell::OfOwn,
            _ => Cell::AsIs,
        }),
        ("pg_catalog", "pg_prepared_statements" | "pg_cursors") => all(|column| match column {
            "statement" => Cell::Withheld,
            _ => Cell::AsIs,
        }),
        ("pg_catalog", "pg_authid") => all(|column| nulls(column, "rolpassword")),
        ("pg_catalog", "pg_shadow") => all(|column| nulls(column, "passwd")),
        ("pg_catalog", "pg_user_mapping" | "pg_user_mappings") => {
            all(|column| nulls(column, "umoptions"))
        }
        ("pg_catalog", "pg_subscription") => all(|column| nulls(column, "subconninfo")),
        ("pg_catalog", _) if is_table_statistics(relation) => all(by_table),
        _ => None,
    }
}

/// Cumulative statistics with one row a table or index, and progress reports about one.
fn is_table_statistics(relation: &str) -> bool {
    let by_table = ["_tables", "_indexes", "_sequences"];
    relation.starts_with("pg_stat_progress_")
        || (relation.starts_with("pg_stat") && by_table.iter().any(|end| relation.ends_with(end)))
}

/// Names and times; every other column of such a view counts rows or blocks.
fn by_table(column: &str) -> Cell {
    const NAMES: [&str; 10] = [
        "relid",
        "indexrelid",
        "schemaname",
        "relname",
        "indexrelname",
        "pid",
        "datid",
        "datname",
        "phase",
        "command",
    ];
    let is_time = column.starts_with("last_");
    if NAMES.contains(&column) || is_time { Cell::AsIs } else { Cell::OfOpen("relid") }
}

fn activity(column: &str) -> Cell {
    match column {
        "query" => Cell::Withheld,
        "client_addr" | "client_hostname" | "client_port" | "backend_xid" | "backend_xmin"
        | "query_id" => Cell::OfOwn,
        _ => Cell::AsIs,
    }
}

fn database(column: &str) -> Cell {
    let counts = ["tup_", "blks_", "temp_"].iter().any(|start| column.starts_with(start));
    if counts { Cell::Null } else { Cell::AsIs }
}

/// How often and how long, not what and how many rows.
fn statements(column: &str) -> Cell {
    let shown = matches!(column, "userid" | "dbid" | "toplevel" | "queryid" | "plans" | "calls")
        || column.ends_with("_since");
    match column {
        "query" => Cell::Withheld,
        _ if shown || column.ends_with("_time") => Cell::AsIs,
        _ => Cell::Null,
    }
}

fn nulls(column: &str, start: &str) -> Cell {
    if column.starts_with(start) { Cell::Null } else { Cell::AsIs }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(relation: &str, column: &str) -> Option<Cell> {
        Some(by_name(&QualifiedName::new("pg_catalog", relation))?.cell(column))
    }

    #[test]
    fn what_tells_too_much_is_withheld_and_the_rest_is_not() {
        assert_eq!(cell("pg_class", "relname"), Some(Cell::AsIs));
        assert_eq!(cell("pg_class", "reltuples"), Some(Cell::Estimate));
        assert_eq!(cell("pg_stat_user_tables", "n_live_tup"), Some(Cell::OfOpen("relid")));
        assert_eq!(cell("pg_stat_user_tables", "last_vacuum"), Some(Cell::AsIs));
        assert_eq!(cell("pg_statio_all_indexes", "idx_blks_hit"), Some(Cell::OfOpen("relid")));
        assert_eq!(cell("pg_stat_activity", "state"), Some(Cell::AsIs));
        assert_eq!(cell("pg_stat_activity", "query"), Some(Cell::Withheld));
        assert_eq!(cell("pg_stat_statements", "rows"), Some(Cell::Null));
        assert_eq!(cell("pg_stat_statements", "total_exec_time"), Some(Cell::AsIs));
        assert_eq!(cell("pg_attribute", "attname"), None);
        assert_eq!(cell("pg_stat_io", "reads"), None);
    }
}
