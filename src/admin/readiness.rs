//! What must hold before clients are sent to this proxy. Each part of the program says for itself
//! whether it holds; the admin port only asks.

use std::sync::atomic::{AtomicBool, Ordering};

/// One condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Rules and catalog are loaded and fit together.
    Rules,
    /// The server answered when it was last asked.
    Upstream,
    /// The last audit record could be written.
    Audit,
    /// The proxy takes clients, that is: it is not on its way down.
    Serving,
}

impl Condition {
    pub const ALL: [Condition; 4] =
        [Condition::Rules, Condition::Upstream, Condition::Audit, Condition::Serving];

    pub fn as_str(self) -> &'static str {
        match self {
            Condition::Rules => "rules",
            Condition::Upstream => "upstream",
            Condition::Audit => "audit",
            Condition::Serving => "serving",
        }
    }
}

/// Which conditions hold.
#[derive(Debug, Default)]
pub struct Readiness {
    rules: AtomicBool,
    upstream: AtomicBool,
    audit: AtomicBool,
    serving: AtomicBool,
}

impl Readiness {
    pub fn set(&self, condition: Condition, holds: bool) {
        self.flag(condition).store(holds, Ordering::Release);
    }

    pub fn holds(&self, condition: Condition) -> bool {
        self.flag(condition).load(Ordering::Acquire)
    }

    fn flag(&self, condition: Condition) -> &AtomicBool {
        match condition {
            Condition::Rules => &self.rules,
            Condition::Upstream => &self.upstream,
            Condition::Audit => &self.audit,
            Condition::Serving => &self.serving,
        }
    }
}
