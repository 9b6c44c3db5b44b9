//! PostgreSQL's wire protocol, without sockets.
//!
//! | file | owns |
//! |---|---|
//! | `frame` | tag and length; bounds-checked reading of a body, to its end |
//! | `frontend` | views of the messages a client sends |
//! | `backend` | views of the messages the server sends |
//! | `retell` | how far errors and notices of the server are told |
//! | `startup`, `options` | the packets before login |
//! | `output` | what leaves: ranges of the input, bytes of our own between them |

pub mod backend;
pub mod frame;
pub mod frontend;
pub mod login;
mod options;
pub mod output;
pub mod probe;
pub mod records;
pub mod refuse;
pub mod retell;
pub mod session;
pub mod startup;
pub mod statements;
pub mod variables;
pub mod world;
