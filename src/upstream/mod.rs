//! The proxy's own conversations with the server.
//!
//! | file | owns |
//! |---|---|
//! | `connect` | one connection under the service login; `Fault` |
//! | `catalog` | the picture of names: its query and the probe for change |
//! | `watch` | the catalog kept up to date; whoever asks together is answered together |
//! | `decode`, `labels` | the answer of that query → `Catalog` |
//! | `consent` | the consent store: its SQL, its installation |
//! | `operator` | an operator's own session, past the proxy: erasing, exporting |
//! | `install` | what is kept in the database: `install.sql` |
//!
//! The service login needs no privilege but CONNECT: everything it reads is in `pg_catalog` and
//! open to PUBLIC in a stock server (`pg_class`, `pg_attribute`, `pg_type`, `pg_proc`, `pg_index`,
//! `pg_constraint`, `pg_inherits`, `pg_namespace`, `pg_attrdef`, `pg_rewrite`, `pg_operator`,
//! `pg_cast`, `pg_depend`, `pg_extension`, `pg_language`). Of tables it reads one,
//! `pgpurpose.derived`, where that is installed; no row of a user's table.

pub mod catalog;
pub mod connect;
pub mod consent;
mod decode;
pub mod install;
mod labels;
pub mod operator;
mod watch;

pub use connect::{Fault, ServiceLogin};
pub use watch::CatalogWatch;
