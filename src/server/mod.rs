//! The sockets: clients on one side, the server on the other, a `Session` between them.
//!
//! | file | owns |
//! |---|---|
//! | `gateway` | what every connection is given: upstream, snapshot, audit trail, limits |
//! | `listener` | accept, limits, graceful shutdown |
//! | `login` | from accept to an open session |
//! | `presentation` | the purpose token of a start-up packet |
//! | `cancel` | cancel keys |
//! | `connection` | one client, one connection to the server, one `Session` between them |
//! | `waits` | what a client's message waits for |
//! | `end` | how a connection ends |
//! | `leg` | one side of a connection |
//! | `quotas` | what roles have used for purposes, kept across restarts |
//! | `judging` | the world of a session: snapshot, judge, what was judged before |

mod cancel;
mod connection;
mod end;
mod gateway;
mod judging;
mod leg;
mod listener;
mod login;
mod presentation;
mod quotas;
mod waits;

pub use gateway::{
    BoxFuture, CatalogFault, CatalogSource, ConsentSource, Gateway, Limits, Observer, Rows,
    Shutdown, Silent, StatementEnd,
};
pub use judging::{Judging, Rules};
pub use listener::{serve, serve_with};
pub use quotas::Quotas;
