//! Who is a minor, by a birth date, as SQL over the row of a person.
//!
//! The two ends of the birth dates of adults are worked out from the clock, in the policy's time
//! zone; the column is only compared with them. So no value of it can raise an error, no session
//! setting has a say, and an index on it can be used. Whoever is born on 29 February comes of age
//! on 1 March.

use super::tokens::spell_text;
use crate::catalog::Relation;
use crate::model::privacy::AgeLimit;
use crate::model::ruling::Fragment;

/// A condition that is FALSE for adults alone. NULL, where a birth date is missing.
pub fn minor(limit: &AgeLimit, row: &Relation, zone: &str) -> Result<Fragment, String> {
    let Some(column) = row.column(&limit.birth_date) else {
        return Err(format!("table {} has no column \"{}\"", row.name, limit.birth_date));
    };
    let zone = spell_text(zone);
    // The first moment of the day after somebody who is so old today was born.
    let day_after = |years: u32| {
        let date = format!(
            "((pg_catalog.timezone({zone}, pg_catalog.statement_timestamp()))::pg_catalog.date \
             OPERATOR(pg_catalog.-) '{years} years'::pg_catalog.\"interval\")::pg_catalog.date \
             OPERATOR(pg_catalog.+) 1"
        );
        match column.base_type.as_str() {
            "date" => Ok(format!("({date})")),
            "timestamp" => Ok(format!("({date})::pg_catalog.\"timestamp\"")),
            "timestamptz" => {
                Ok(format!("pg_catalog.timezone({zone}, ({date})::pg_catalog.\"timestamp\")"))
            }
            other => Err(format!("column \"{}\" is no date but {other}", column.name)),
        }
    };
    let born = format!("{}.{}", Fragment::ALIAS, column.name.to_quoted());
    let (before, from) = (day_after(limit.years)?, day_after(AgeLimit::YEARS_MAX)?);
    Ok(Fragment::from_template(if limit.unknown_is_adult {
        format!(
            "COALESCE({born} OPERATOR(pg_catalog.>=) {before} \
             AND {born} OPERATOR(pg_catalog.<) 'infinity'::{}, FALSE)",
            column.type_sql
        )
    } else {
        format!(
            "NOT ({born} OPERATOR(pg_catalog.<) {before} \
             AND {born} OPERATOR(pg_catalog.>=) {from})"
        )
    }))
}
