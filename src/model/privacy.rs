//! The privacy terms of the rule language (W3C Data Privacy Vocabulary, GDPR Art. 6).

use std::fmt;
use std::sync::Arc;

use super::names::Name;

/// Why data is used: a dotted path in the tree of purposes (`protect.fraud`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Purpose(Arc<str>);

impl Purpose {
    pub fn new(path: &str) -> Purpose {
        Purpose(Arc::from(path))
    }

    /// No purpose was declared. Nobody can write rules for it, so it opens nothing.
    pub fn undeclared() -> Purpose {
        Purpose(Arc::from(""))
    }

    pub fn is_undeclared(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The purpose itself and every purpose above it, nearest first.
    pub fn lineage(&self) -> impl Iterator<Item = &str> {
        dotted_lineage(&self.0)
    }
}

/// A kind of personal data: a dotted path (`basic.email`).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DataCategory(Arc<str>);

impl DataCategory {
    pub fn new(path: &str) -> DataCategory {
        DataCategory(Arc::from(path))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The category itself and every category above it, nearest first.
    pub fn lineage(&self) -> impl Iterator<Item = &str> {
        dotted_lineage(&self.0)
    }
}

fn dotted_lineage(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors((!path.is_empty()).then_some(path), |p| p.rfind('.').map(|dot| &p[..dot]))
}

macro_rules! dotted_text {
    ($type:ty) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }
    };
}
dotted_text!(Purpose);
dotted_text!(DataCategory);

/// GDPR Art. 6(1), points a to f.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LawfulBasis {
    Consent,
    Contract,
    LegalObligation,
    VitalInterests,
    PublicTask,
    LegitimateInterests,
}

/// Which agreement of the person a purpose needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Consent {
    /// None: the purpose does not rest on agreement.
    None,
    /// Yes until refused.
    Implied,
    /// No until agreed.
    Explicit,
}

/// Who counts as a minor, by a column of the table of people that holds their birth date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeLimit {
    pub birth_date: Name,
    /// The birthday on which a person comes of age.
    pub years: u32,
    /// A birth date that is missing, or cannot be, counts as that of an adult.
    pub unknown_is_adult: bool,
}

impl AgeLimit {
    /// Nobody is older, in years: an earlier birth date is a mistake, or stands for none.
    pub const YEARS_MAX: u32 = 130;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lineage_goes_up() {
        let purpose = Purpose::new("a.b.c");
        assert_eq!(purpose.lineage().collect::<Vec<_>>(), ["a.b.c", "a.b", "a"]);
        assert_eq!(Purpose::undeclared().lineage().count(), 0);
    }
}
