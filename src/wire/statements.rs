//! Prepared statements and portals of one client, each with the stamp it was judged under.
//!
//! SQL-level `PREPARE` and `DECLARE` share the names of the protocol's statements and portals, as
//! they do in the server, so there is one map of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::records::Open;
use super::retell::Telling;
use super::session::Opened;
use crate::judge::{Judged, Judgement, ResultColumns, Verdict};
use crate::model::access::{SessionEffect, Stamp};
use crate::model::names::MAX_IDENTIFIER_BYTES;
use crate::model::record::PeoplePart;
use crate::sql::Rewritten;

/// Things by the name a client gave them; the empty name has a place of its own.
#[derive(Debug)]
pub struct Named<T> {
    unnamed: Option<T>,
    named: BTreeMap<Box<[u8]>, T>,
}

impl<T> Default for Named<T> {
    fn default() -> Named<T> {
        Named { unnamed: None, named: BTreeMap::new() }
    }
}

impl<T> Named<T> {
    pub fn find(&self, name: &[u8]) -> Option<&T> {
        match name {
            b"" => self.unnamed.as_ref(),
            name => self.named.get(key(name)),
        }
    }

    pub fn find_mut(&mut self, name: &[u8]) -> Option<&mut T> {
        match name {
            b"" => self.unnamed.as_mut(),
            name => self.named.get_mut(key(name)),
        }
    }

    pub fn insert(&mut self, name: &[u8], thing: T) -> Option<T> {
        match name {
            b"" => self.unnamed.replace(thing),
            name => self.named.insert(key(name).into(), thing),
        }
    }

    pub fn remove(&mut self, name: &[u8]) -> Option<T> {
        match name {
            b"" => self.unnamed.take(),
            name => self.named.remove(key(name)),
        }
    }

    pub fn len(&self) -> usize {
        self.named.len() + usize::from(self.unnamed.is_some())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Keeps what `keep` says; gives what is dropped.
    pub fn take_unless(&mut self, mut keep: impl FnMut(&T) -> bool) -> Vec<T> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut taken: Vec<T> = self.unnamed.take_if(|thing| !keep(thing)).into_iter().collect();
        let names: Vec<Box<[u8]>> =
            self.named.iter().filter(|(_, thing)| !keep(thing)).map(|(n, _)| n.clone()).collect();
        taken.extend(names.iter().filter_map(|name| self.named.remove(name)));
        taken
    }
}

/// The server keeps this much of a name.
fn key(name: &[u8]) -> &[u8] {
    name.get(..MAX_IDENTIFIER_BYTES).unwrap_or(name)
}

/// A judged text, or one statement of it.
#[derive(Clone, Debug)]
pub struct Work {
    pub judgement: Arc<Judgement>,
    /// Which of its statements.
    pub index: usize,
    /// What that statement has prepared or declared, not the statement itself.
    pub inner: bool,
}

impl Work {
    /// The first statement of a text.
    pub fn of(judgement: &Arc<Judgement>) -> Work {
        Work { judgement: Arc::clone(judgement), index: 0, inner: false }
    }

    pub fn judged(&self) -> Option<&Judged> {
        self.judgement.statements.get(self.index)
    }

    /// What carrying it out does to the session.
    pub fn effect(&self) -> Option<&SessionEffect> {
        if self.inner {
            return None;
        }
        self.judged().and_then(|judged| judged.effect.as_ref())
    }

    /// The statement of ours that runs behind the last one of the text.
    pub fn after(&self) -> Option<&Arc<str>> {
        self.judgement.statements.last().and_then(|judged| judged.after.as_ref())
    }

    /// Every statement of the client's has been carried out; what is at hand is ours.
    pub fn is_at_ours(&self) -> bool {
        self.index >= self.judgement.statements.len() && self.after().is_some()
    }

    /// How far the server's errors and notices about it may be told.
    pub fn telling(&self) -> Telling {
        self.judgement.statements.iter().map(Telling::of).max().unwrap_or_default()
    }

    /// Both are the same statement under the same judgement.
    pub fn is_same(&self, other: &Work) -> bool {
        Arc::ptr_eq(&self.judgement, &other.judgement) && self.index == other.index
    }

    /// What was forwarded; `None` if it was refused.
    pub fn rewritten(&self) -> Option<&Rewritten> {
        match &self.judgement.verdict {
            Verdict::Forward(rewritten) => Some(rewritten),
            Verdict::Refuse(_) => None,
        }
    }
}

/// A prepared statement.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The client's text; `None` for SQL-level `PREPARE`, which cannot be judged again.
    pub text: Option<Arc<str>>,
    /// Parameter types of its `Parse`, as they stood in the message.
    pub types: Arc<[u8]>,
    /// Parameter types the client has been told, in the same form: they stay.
    pub told: Option<Arc<[u8]>>,
    /// What its result was when it was parsed.
    pub result: Option<Arc<ResultColumns>>,
    pub work: Work,
    pub stamp: Arc<Stamp>,
    /// The name under which the text of `work` is prepared upstream.
    pub upstream: Arc<[u8]>,
    /// Every text prepared upstream for it, with its name. Empty: only the first.
    pub variants: Vec<(Arc<str>, Arc<[u8]>)>,
    /// Names upstream and judgements whose row descriptions have been seen, oldest first.
    pub described: Vec<(Arc<[u8]>, Arc<Judgement>)>,
    /// The stretch in which a description was last asked for, of what is prepared now.
    pub describing: Option<u64>,
}

/// A client's name of a statement, and what it is called upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelt {
    pub name: Box<[u8]>,
    pub upstream: Arc<[u8]>,
}

/// Row descriptions one statement is known to have had.
pub const CHECKED: usize = 8;

impl Prepared {
    /// The row description of what is prepared now has been seen.
    pub fn is_described(&self) -> bool {
        self.described.iter().any(|(upstream, judgement)| {
            *upstream == self.upstream && Arc::ptr_eq(judgement, &self.work.judgement)
        })
    }
}

/// An open portal or cursor.
#[derive(Debug)]
pub struct Portal {
    /// The client's text; `None` for a cursor of SQL-level `DECLARE`.
    pub text: Option<Arc<str>>,
    /// Its `Parse` says which types some parameters have.
    pub types_declared: bool,
    pub work: Work,
    pub stamp: Arc<Stamp>,
    /// The effect with its parameters filled in, where it has some.
    pub resolved: Option<Box<SessionEffect>>,
    /// The statement it was made of, with its name upstream; none for a cursor.
    pub statement: Option<Spelt>,
    /// Its first `Execute` was there when it was bound.
    pub promised: bool,
    /// By which snapshot it is read.
    pub opened: Opened,
    /// Rows have been asked for.
    pub executed: bool,
    /// Its row description has been seen, or was asked for in this stretch.
    pub described: bool,
    pub describing: Option<u64>,
    /// Whose rows it touches, where its parameters say so.
    pub people: Option<Box<PeoplePart>>,
    /// The record of a portal that has given rows and may give more.
    pub record: Option<Open>,
}

impl Portal {
    /// Rows asked for now belong to a statement that began before.
    pub fn is_late(&self) -> bool {
        self.executed || !self.promised
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_as_the_server_cuts_them() {
        let mut named = Named::default();
        let long = [b'x'; 70];
        named.insert(&long, 1);
        assert_eq!(named.find(&long[..63]), Some(&1));
        assert_eq!(named.find(&long[..62]), None);
        named.insert(b"", 2);
        assert_eq!((named.len(), named.find(b"")), (2, Some(&2)));
        assert_eq!(named.take_unless(|n| *n == 1), [2]);
        assert_eq!(named.len(), 1);
    }
}
