//! Who is there and what of them, as the page on the language tells it: one person, one record
//! after the other, nothing prepared.

use super::people::{Born, Person, Record, Time};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub kind: &'static str,
    pub purpose: &'static str,
    /// Service of the role. `None`: outside.
    pub role_service: Option<&'static str>,
    pub recipient: Option<&'static str>,
    pub overrides: bool,
    /// Data of another service needs the person's consent.
    pub crosses: bool,
}

/// A table: its service, and the categories of each personal column.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    pub service: &'static str,
    pub columns: &'static [(&'static str, &'static [&'static str])],
}

/// What is left of a row: `None`: it is not there. Else which personal columns show a value.
pub fn row(person: &Person, asked: &Question, table: &Table) -> Option<Vec<bool>> {
    let own = Need {
        kind: asked.kind,
        purpose: asked.purpose,
        exactly: asked.purpose.starts_with("other."),
    };
    let mut needs = vec![own];
    let pair;
    if asked.crosses && asked.role_service.is_some_and(|service| service != table.service) {
        pair = format!("cross_service.{}", asked.role_service.unwrap());
        needs.push(Need { kind: "explicit", purpose: &pair, exactly: false });
    }
    let view = View { person, asked, table };
    let mut shown = vec![true; table.columns.len()];
    for need in &needs {
        if !view.row_is_there(need) {
            return None;
        }
        for (at, (_, categories)) in table.columns.iter().enumerate() {
            shown[at] &= categories.iter().all(|category| view.cell_is_shown(need, category));
        }
    }
    Some(shown)
}

struct Need<'n> {
    kind: &'static str,
    purpose: &'n str,
    /// Consent counts under this very name only.
    exactly: bool,
}

struct View<'v> {
    person: &'v Person,
    asked: &'v Question,
    table: &'v Table,
}

/// Whether a name is another one, or below it.
fn below(name: &str, above: &str) -> bool {
    name == above || name.starts_with(&format!("{above}."))
}

impl View<'_> {
    fn row_is_there(&self, need: &Need<'_>) -> bool {
        if need.kind == "none" || (need.kind == "implied" && self.asked.overrides) {
            return true;
        }
        let refused = self.no(need, &|category| category.is_none(), &|category| category.is_none());
        let gave = || {
            self.yes(need, &|category| {
                category.is_none_or(|given| {
                    let mut held = self.table.columns.iter().flat_map(|(_, of)| *of);
                    held.any(|of| below(of, given))
                })
            })
        };
        !refused && (need.kind == "implied" || gave())
    }

    fn cell_is_shown(&self, need: &Need<'_>, of: &str) -> bool {
        if need.kind != "explicit" && self.asked.overrides {
            return true;
        }
        let gives = |category: Option<&str>| category.is_none_or(|given| below(of, given));
        let refused = self.no(
            need,
            &|category| category.is_some_and(|no| below(of, no) || below(no, of)),
            &gives,
        );
        !refused && (need.kind != "explicit" || self.yes(need, &gives))
    }

    /// Whether a record refuses, of those that `about` picks by their category.
    fn no(
        &self,
        need: &Need<'_>,
        about: &dyn Fn(Option<&str>) -> bool,
        gives: &dyn Fn(Option<&str>) -> bool,
    ) -> bool {
        self.person.records.iter().any(|record| {
            let purpose = match record.purpose {
                None => true,
                Some(of) => need.kind != "none" && below(need.purpose, of),
            };
            let recipient = record.recipient.is_none() || record.recipient == self.asked.recipient;
            if !purpose || !recipient || !self.is_of_service(record) || !about(record.category) {
                return false;
            }
            if record.guardian == Some(true) && !self.is_minor() {
                return false;
            }
            if record.choice != Some("given") {
                return true;
            }
            // A yes at another time: a no where no record is needed, unless another yes stands.
            need.kind != "explicit" && !in_time(record) && !self.renewed(need, gives)
        })
    }

    fn renewed(&self, need: &Need<'_>, gives: &dyn Fn(Option<&str>) -> bool) -> bool {
        self.person.records.iter().any(|record| {
            let purpose = match record.purpose {
                None => true,
                Some(of) => need.kind != "none" && below(need.purpose, of),
            };
            purpose && self.stands(record) && gives(record.category)
        })
    }

    fn yes(&self, need: &Need<'_>, gives: &dyn Fn(Option<&str>) -> bool) -> bool {
        self.person.records.iter().any(|record| {
            let named = record.purpose.is_some_and(|of| match need.exactly {
                true => of == need.purpose,
                false => below(need.purpose, of),
            });
            named && self.stands(record) && gives(record.category)
        })
    }

    /// A yes for this service and recipient, now.
    fn stands(&self, record: &Record) -> bool {
        record.choice == Some("given")
            && in_time(record)
            && (record.guardian != Some(true) || self.is_minor())
            && self.is_of_service(record)
            && record.recipient == self.asked.recipient
    }

    fn is_of_service(&self, record: &Record) -> bool {
        record.service.is_none_or(|service| service == self.table.service)
    }

    fn is_minor(&self) -> bool {
        !matches!(self.person.born, Born::Adult | Born::TodayOfAge)
    }
}

fn in_time(record: &Record) -> bool {
    matches!(record.since, None | Some(Time::Past | Time::Never))
        && matches!(record.until, None | Some(Time::Future | Time::Always))
}
