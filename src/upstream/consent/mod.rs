//! The consent store: a small schema in the application's own database.
//!
//! The SQL is to be read before it is run (`pgpurpose consent install --print`), so it lies here
//! as files: `001_choices.sql` and on, run once each; `state.sql`, `changes.sql`,
//! `functions.sql` and `grants.sql`, put in place whole at every installation.
//!
//! | file | owns |
//! |---|---|
//! | `install` | the schema, its migrations, who may use it |
//! | `watch` | whether consent was withdrawn that a snapshot does not show |

mod install;
mod watch;

pub use install::{
    Installation, Installed, SUBJECT_TYPE, WRITERS, Watched, install_blocking, script,
};
pub use watch::{Change, ConsentWatch};
