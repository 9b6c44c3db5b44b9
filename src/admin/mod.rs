//! The admin port: is it alive, is it ready, what does it count.
//!
//! | file | owns |
//! |---|---|
//! | `http` | the routes, over plain HTTP |
//! | `readiness` | what must hold before clients are sent here |
//!
//! Nobody logs in here and nothing here tells about a person, but it tells how busy whom is:
//! it belongs on the loopback interface or a private network.

mod http;
mod readiness;

pub use http::{Admin, serve};
pub use readiness::{Condition, Readiness};
