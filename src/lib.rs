//! pgpurpose: a PostgreSQL proxy that enforces purpose-based access to personal data.
//!
//! # The way of a query
//!
//! ```text
//!  client bytes                                             rules/*.yaml     server catalog
//!      │  server/connection   sockets                           │ policy/check    │ upstream
//!      ▼                                                        ▼                 ▼
//!  wire/frame     tag + length, body untouched               Ruleset ────────► Catalog
//!      ▼                                                        └── snapshot ─────┘
//!  wire/session   which message, in which state                  Arc<Snapshot>
//!      │  'Q' / 'P' text            role + purpose = Access            │
//!      ▼                                                               ▼
//!  ┌─ judge ── pure, synchronous ───────────────────────────────────────────────────────┐
//!  │  text ─lexer─► tokens ─parse─► tree ─resolve─► Uses ─decide─► Decision             │
//!  │       ─rewrite─► edits ─emit─► text ─verify─► Rewritten, or a Refusal on the way   │
//!  └────────────────┬───────────────────────────────────────────┬───────────────────────┘
//!                   ▼                                           ▼
//!          audit: the decision is written           wire/refuse: a marked word that the
//!          while the server works; rows wait        server answers with a syntax error,
//!                   │                               which becomes the Refusal
//!                   └───────────────► PostgreSQL ◄──────────────┘
//!      rows, unread, as byte ranges ◄──────┤
//!                                          └─► audit: outcome
//! ```
//!
//! Five files tell the story: this one, `server/connection`, `wire/session`, `judge/data`,
//! `policy/decide`.
//!
//! # Ideas
//!
//! 1. **Judging is one pure function**, [`judge::judge`]: no clock, socket, log or lock inside.
//! 2. **A [`snapshot::Snapshot`] is Catalog × Ruleset**, frozen and classified ahead, replaced
//!    whole. What was judged under one stamp is never used under another.
//! 3. **Substitute at the source.** A governed relation in the text becomes a derived table that
//!    shows only what is allowed; everything above it can see nothing else. Where everything asked
//!    for is open, the relation stays what it is.
//! 4. **Guard the value, then the row.** A row filter alone leaks to cheap functions and error
//!    texts: a column that is touched by more than quiet comparisons is wrapped as well.
//! 5. **The strictest rule wins; no rule is a block.** No purpose is a purpose nobody wrote rules
//!    for.
//! 6. **A refusal travels upstream as a marked syntax error**: the server keeps transaction state
//!    and the order of replies, we translate that one reply.
//! 7. **The product is judged again.** What is forwarded is spelt from the client's own tokens
//!    with our pieces between them, accounted for name by name, and parsed once more.
//!
//! # Floors
//!
//! A module imports lower floors and its own directory; `tests/architecture.rs` keeps it so.
//! Floors 0 to 3 are pure and synchronous.
//!
//! | floor | modules |
//! |--:|---|
//! | 0 | `model` |
//! | 1 | `catalog`; `policy`, `sql` and `token`, which do not know each other |
//! | 2 | `snapshot`, `judge` |
//! | 3 | `wire`, `subject` |
//! | 4 | `telemetry`, `config` |
//! | 5 | `upstream`, `audit`, `admin`, `server` |
//! | 6 | `cli`, `main` |

#![forbid(unsafe_code)]

pub mod admin;
pub mod audit;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod judge;
pub mod model;
pub mod policy;
pub mod server;
pub mod snapshot;
pub mod sql;
pub mod subject;
pub mod telemetry;
pub mod token;
pub mod upstream;
pub mod wire;
