//! What the proxy keeps in a database of its server, and the statement that puts it there.

use super::connect::{self, Fault};

/// The whole of it, in SQL. Running it again changes nothing.
pub const INSTALL_SQL: &str = include_str!("install.sql");

/// Installs it at `postgres://…`, from outside any runtime.
pub fn install_blocking(url: &str) -> Result<(), Fault> {
    let target = connect::address(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::Shape(e.to_string()))?;
    runtime.block_on(async {
        let client = connect::connect(&target).await?;
        // One text is one transaction.
        client.batch_execute(INSTALL_SQL).await.map_err(Fault::Query)
    })
}
