//! The consent store: a small schema in the application's own database.
//!
//! The SQL is to be read before it is run (`pgpurpose consent install --print`), so it lies here
//! as files: `001_choices.sql` and on, run once each; `state.sql`, `changes.sql`,
//! `functions.sql` and `grants.sql`, put in place whole at every installation.
//!
//! | file | owns |
//! |---|---|
//! | `install` | the schema, its migrations, who may use it |
//! | `people` | what the command line says and asks |
//! | `readers` | who may not read what conditions on people read |
//! | `watch` | whether consent was withdrawn that a snapshot does not show |

mod install;
mod people;
mod readers;
mod watch;

pub use install::{
    Installation, Installed, SUBJECT_TYPE, WRITERS, Watched, install_blocking, script,
};
pub use people::{Saying, Table, say_blocking, told_blocking};
pub use readers::lacking_blocking;
pub use watch::{Change, ConsentWatch};
