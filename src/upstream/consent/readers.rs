//! Conditions on people run in the name of whoever reads their data: who could not run them.

use crate::upstream::connect::{self, Fault};

/// Pairs of a role and a relation that it may not read, of the roles that the server knows.
/// Relations are spelt as in SQL.
pub fn lacking_blocking(
    url: &str,
    roles: &[String],
    relations: &[String],
) -> Result<Vec<(String, String)>, Fault> {
    let target = connect::address(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::Shape(e.to_string()))?;
    runtime.block_on(async {
        let client = connect::connect(&target).await?;
        let rows = client.query(LACKING, &[&roles, &relations]).await.map_err(Fault::Query)?;
        let pair = |row: &tokio_postgres::Row| Ok((row.try_get(0)?, row.try_get(1)?));
        let pairs: Result<Vec<_>, tokio_postgres::Error> = rows.iter().map(pair).collect();
        pairs.map_err(Fault::Query)
    })
}

const LACKING: &str = "SELECT r.rolname::text, x.name \
    FROM pg_catalog.pg_roles r, pg_catalog.unnest($2::text[]) AS x (name), \
         LATERAL (SELECT c.oid, c.relnamespace FROM pg_catalog.pg_class c \
                   WHERE c.oid = pg_catalog.to_regclass(x.name)) AS c \
    WHERE r.rolname = ANY ($1::text[]) \
      AND NOT (pg_catalog.has_any_column_privilege(r.oid, c.oid, 'SELECT') \
               AND pg_catalog.has_schema_privilege(r.oid, c.relnamespace, 'USAGE')) \
    ORDER BY 1, 2";
