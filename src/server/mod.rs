//! The sockets: clients on one side, the server on the other, a `Session` between them.
//!
//! | file | owns |
//! |---|---|
//! | `gateway` | what every connection shares: upstream, snapshot, audit trail, limits, counters |
//! | `listener` | accept, limits, graceful shutdown |

mod gateway;
mod listener;

pub use gateway::{
    BoxFuture, CatalogFault, CatalogSource, Gateway, Limits, Observer, Rows, Shutdown, Silent,
    StatementEnd,
};
pub use listener::serve;
