//! The consent store: a small schema in the application's own database.
//!
//! The SQL is to be read before it is run (`pgpurpose consent install --print`), so it lies here
//! as files: `001_choices.sql` and on, run once each; `state.sql`, `functions.sql` and
//! `grants.sql`, put in place whole at every installation.
//!
//! | file | owns |
//! |---|---|
//! | `install` | the schema, its migrations, who may use it |

mod install;

pub use install::{Installation, Installed, SUBJECT_TYPE, WRITERS, install_blocking, script};
