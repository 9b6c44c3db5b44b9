//! One client's dialogue: message by message, in which state, with what effect.
//!
//! | file | owns |
//! |---|---|
//! | `state` | `Session`: who, under which variables, with what outstanding |
//! | `queue` | the requests whose replies are still to come |
//! | `ask` | questions of the proxy's own |
//! | `client` | messages of the client: which may pass, which are judged |
//! | `endings` | how requests end, and what that does to the session |
//! | `describe` | row descriptions: held against what was judged, completed |
//! | `extended` | `Parse`, `Bind`, `Describe`, `Close` |
//! | `execute` | `Execute` |
//! | `judging` | `Query`: judged and forwarded; records |
//! | `parameters`, `tokens` | what is bound; the purpose tokens behind the server's handles |
//! | `due` | what a statement needs before it may be forwarded |
//! | `people` | whose rows a statement touches, by its parameters |
//! | `refusing` | refusing a message |
//! | `server` | messages of the server: matched with what they answer |
//! | `snapshots`, `opening` | readers by older snapshots, and consent withdrawn since |
//! | `settle` | waiting until the session's state is known, asking the server for it |

mod ask;
mod client;
mod describe;
mod due;
mod endings;
mod execute;
mod extended;
mod judging;
mod opening;
mod parameters;
mod people;
mod queue;
mod refusing;
mod server;
mod settle;
mod snapshots;
mod state;
mod tokens;

pub use ask::Rows;
pub use opening::Opened;
pub use snapshots::{ConsentQuestion, Narrowed, Seen, UNWATCHED_US};
pub use state::{Limits, Opening, Progress, Session, Turn, Wait};
pub use tokens::check_token;
