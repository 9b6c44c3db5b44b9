//! The extended protocol: statements judged when they are parsed and, where what they were judged
//! under has changed, again when they are bound or executed.

use std::sync::Arc;

use super::client::{Message, Taken};
use super::due::{changed_result, stale};
use super::endings::unknown_stamp;
use super::judging::{declares_types, declares_users_types, judge_typed, users_type};
use super::opening::{Opened, opening};
use super::parameters::forward_bind;
use super::queue::{Entry, Hidden, Request, Undo};
use super::state::{Session, Turn, Wait};
use crate::judge::Verdict;
use crate::model::refusal::Refusal;
use crate::wire::frame::{put_cstring, put_message};
use crate::wire::frontend::{BindNames, Parse, Target, put_target};
use crate::wire::statements::{Portal, Prepared, Spelt, Work};
use crate::wire::world::World;

/// Texts one statement is kept prepared with, as a client changes between its purposes.
const VARIANTS: usize = 8;

/// Where a statement that is about to be bound stands.
enum Standing {
    /// Prepared upstream under this name.
    Prepared(Arc<[u8]>),
    /// Nobody is known to have prepared it.
    Unknown,
    Refused(Box<Refusal>),
    Later(Wait),
}

impl Session {
    pub(super) fn take_parse(
        &mut self,
        parse: &Parse<'_>,
        message: &Message<'_>,
        turn: &mut Turn,
        world: &dyn World,
    ) -> Taken {
        let text = match self.text_of(parse.text) {
            Ok(text) => text,
            Err(refusal) => return self.refuse(Request::Parse, *refusal, turn, world),
        };
        let exists = !parse.name.is_empty() && self.statements.find(parse.name).is_some();
        if let (false, Err(refusal)) = (exists, self.check_statement_limit()) {
            return self.refuse(Request::Parse, *refusal, turn, world);
        }
        if declares_users_types(parse.types) && !world.lets_declare_types() {
            return self.refuse(Request::Parse, users_type(), turn, world);
        }
        let (access, stamp) = self.access(world);
        let declared = declares_types(parse.types);
        let judgement = judge_typed((&access, &stamp), text, declared, world);
        if let Some(wait) = self.ask_for_catalog(&judgement) {
            return Taken::Later(wait);
        }
        let rewritten = match &judgement.verdict {
            Verdict::Refuse(refusal) => {
                let refusal = (**refusal).clone();
                return self.refuse_judged(Request::Parse, refusal, &judgement, (turn, world));
            }
            Verdict::Forward(rewritten) => rewritten,
        };
        if parse.name.is_empty() {
            self.close_variants(b"", turn);
        }
        if rewritten.text().as_bytes() == parse.text {
            turn.onward.forward(message.start..message.end);
        } else {
            turn.onward.own(|out| put_parse(out, parse.name, rewritten.text(), parse.types));
        }
        let work = Work::of(&judgement);
        let mut entry = Entry::new(Request::Parse);
        entry.work = Some(work.clone());
        // A name that is taken stays with what it has: the server refuses the new one.
        if !exists {
            let name: Arc<[u8]> = Arc::from(parse.name);
            let prepared = Prepared {
                text: Some(Arc::from(text)),
                types: Arc::from(parse.types),
                told: None,
                result: work.judged().and_then(|judged| judged.result.clone()),
                work,
                stamp,
                upstream: Arc::clone(&name),
                variants: Vec::new(),
                described: Vec::new(),
                describing: None,
            };
            let previous = self.statements.insert(parse.name, prepared);
            entry.undo = Some(Box::new(Undo::Statement {
                name: parse.name.into(),
                previous,
                fails_to_nothing: true,
            }));
        }
        self.queue.push(entry);
        Taken::Done
    }

    /// `values` is `None` where the parameters are still on their way.
    pub(super) fn take_bind(
        &mut self,
        names: &BindNames<'_>,
        values: Option<&[u8]>,
        message: &Message<'_>,
        (turn, world): (&mut Turn, &dyn World),
    ) -> Taken {
        self.client_rest_drops = true;
        if !names.portal.is_empty() && self.portals.find(names.portal).is_some() {
            // Whether the portal still lives is the server's to say, once it has said all.
            if self.queue.iter().any(|entry| entry.request != Request::CopyEnd) {
                self.flush(turn);
                return Taken::Later(Wait::Server);
            }
        }
        if let Err(refusal) = self.check_portal_limit() {
            return self.refuse(Request::Bind, *refusal, turn, world);
        }
        let upstream = match self.stand(names.statement, turn, world) {
            Standing::Prepared(upstream) => upstream,
            Standing::Unknown => {
                self.close_unknown(b'S', names.statement, turn);
                self.queue.push(Entry::new(Request::Bind));
                self.client_rest_drops = false;
                turn.onward.forward(message.start..message.end);
                return Taken::Done;
            }
            Standing::Later(wait) => return Taken::Later(wait),
            Standing::Refused(refusal) => {
                return self.refuse(Request::Bind, *refusal, turn, world);
            }
        };
        // INVARIANT: `stand` found it; without it nothing is forwarded.
        let Some(prepared) = self.statements.find(names.statement) else {
            return Taken::Later(Wait::Server);
        };
        let resolved = match self.resolve(prepared.work.effect(), values, world) {
            Ok(resolved) => resolved,
            Err(refusal) => return self.refuse(Request::Bind, *refusal, turn, world),
        };
        let mut entry = Entry::new(Request::Bind);
        entry.work = Some(prepared.work.clone());
        entry.undo = Some(Box::new(Undo::Portal(names.portal.into())));
        entry.portal = names.portal.into();
        let spelt = Spelt { name: names.statement.into(), upstream: Arc::clone(&upstream) };
        let mut portal = portal_of(prepared, spelt);
        portal.resolved = resolved.effect;
        portal.people = self.people_bound(prepared, values, world).map(Box::new);
        (portal.promised, portal.opened) =
            opening(self.reads_people(&prepared.work), names.portal, message.behind);
        let asks = portal.opened.is_asked();
        let replaced = self.portals.insert(names.portal, portal);
        self.end_records(replaced.and_then(|portal| portal.record), turn, "00000");
        if asks {
            self.capture(turn);
        }
        self.queue.push(entry);
        self.client_rest_drops = false;
        forward_bind(names, &upstream, (values, &resolved.handles), message, turn);
        Taken::Done
    }

    pub(super) fn take_describe(
        &mut self,
        target: Target<'_>,
        message: &Message<'_>,
        turn: &mut Turn,
    ) {
        let mut entry = Entry::new(Request::Describe);
        let segment = Some(self.queue.segment());
        let renamed = match target {
            Target::Portal(name) => {
                entry.portal = name.into();
                if let Some(portal) = self.portals.find_mut(name) {
                    portal.describing = segment;
                    entry.work = Some(portal.work.clone());
                }
                None
            }
            Target::Statement(name) => self.statements.find_mut(name).and_then(|prepared| {
                prepared.describing = segment;
                entry.work = Some(prepared.work.clone());
                let upstream = Arc::clone(&prepared.upstream);
                entry.statement = Some(Spelt { name: name.into(), upstream });
                (*prepared.upstream != *name).then(|| Arc::clone(&prepared.upstream))
            }),
        };
        let result = entry.work.as_ref().and_then(|work| self.result_of(work));
        entry.results.extend(result.map(|result| (0, result)));
        self.queue.push(entry);
        match renamed {
            None => turn.onward.forward(message.start..message.end),
            Some(name) => turn.onward.own(|out| put_target(out, b'D', Target::Statement(&name))),
        }
    }

    pub(super) fn take_close(
        &mut self,
        target: Target<'_>,
        message: &Message<'_>,
        turn: &mut Turn,
    ) {
        let mut entry = Entry::new(Request::Close);
        match target {
            Target::Portal(name) => {
                let closed = self.portals.remove(name);
                self.end_records(closed.and_then(|portal| portal.record), turn, "00000");
            }
            Target::Statement(name) => {
                self.close_variants(name, turn);
                let previous = self.statements.remove(name);
                entry.undo = previous.map(|previous| {
                    Box::new(Undo::Statement {
                        name: name.into(),
                        previous: Some(previous),
                        fails_to_nothing: false,
                    })
                });
            }
        }
        self.queue.push(entry);
        turn.onward.forward(message.start..message.end);
    }

    /// The server drops the unnamed statement at a simple query.
    pub(super) fn forget_unnamed(&mut self, turn: &mut Turn) {
        self.close_variants(b"", turn);
        self.statements.remove(b"");
    }

    /// Closes what was prepared for a statement under hidden names. Its first text is left; until
    /// it is judged again it stands for none.
    fn close_variants(&mut self, name: &[u8], turn: &mut Turn) {
        let Some(prepared) = self.statements.find_mut(name) else { return };
        if prepared.variants.is_empty() {
            return;
        }
        let first = prepared.variants.drain(1..).map(|(_, upstream)| upstream);
        let hidden: Vec<Arc<[u8]>> = first.collect();
        if let Some((_, first)) = prepared.variants.first() {
            prepared.upstream = Arc::clone(first);
        }
        prepared.stamp = unknown_stamp(&prepared.stamp);
        for upstream in hidden {
            self.queue.push(Entry::hidden(Request::Close, Hidden::Again));
            turn.onward.own(|out| put_target(out, b'C', Target::Statement(&upstream)));
        }
    }

    /// Makes sure that a statement is judged under what is in force, and prepared upstream as it
    /// was judged.
    fn stand(&mut self, name: &[u8], turn: &mut Turn, world: &dyn World) -> Standing {
        let (access, stamp) = self.access(world);
        let Some(prepared) = self.statements.find(name) else { return Standing::Unknown };
        if Arc::ptr_eq(&prepared.stamp, &stamp) || *prepared.stamp == *stamp {
            return Standing::Prepared(Arc::clone(&prepared.upstream));
        }
        let Some(text) = prepared.text.clone() else {
            let shown = String::from_utf8_lossy(name).into_owned();
            return Standing::Refused(Box::new(stale("prepared statement", &shown, "PREPARE")));
        };
        let declared = declares_types(&prepared.types);
        let judgement = judge_typed((&access, &stamp), &text, declared, world);
        if let Some(wait) = self.ask_for_catalog(&judgement) {
            return Standing::Later(wait);
        }
        let forwarded: Arc<str> = match &judgement.verdict {
            Verdict::Refuse(refusal) => return Standing::Refused(refusal.clone()),
            Verdict::Forward(rewritten) => Arc::from(rewritten.text()),
        };
        let Some(prepared) = self.statements.find_mut(name) else { return Standing::Unknown };
        let work = Work::of(&judgement);
        // A text that is the same is the server's to compare.
        let same = prepared.work.rewritten().is_some_and(|sent| sent.text() == &*forwarded);
        let now = work.judged().and_then(|judged| judged.result.as_deref());
        let changes =
            now.zip(prepared.result.as_deref()).is_some_and(|(n, before)| n.changes(before));
        if changes && !same {
            return Standing::Refused(Box::new(changed_result()));
        }
        if prepared.variants.is_empty()
            && let Some(first) = prepared.work.rewritten()
        {
            let first = (Arc::from(first.text()), Arc::clone(&prepared.upstream));
            prepared.variants.push(first);
        }
        let known = prepared.variants.iter().find(|(text, _)| *text == forwarded);
        let known = known.map(|(_, upstream)| Arc::clone(upstream));
        prepared.stamp = stamp;
        prepared.work = work;
        prepared.describing = None;
        let upstream = match known {
            Some(upstream) => upstream,
            None => self.prepare_again(name, &forwarded, turn),
        };
        if let Some(prepared) = self.statements.find_mut(name) {
            prepared.upstream = Arc::clone(&upstream);
        }
        Standing::Prepared(upstream)
    }

    /// Prepares another text for a statement, under a name the client does not know.
    fn prepare_again(&mut self, name: &[u8], text: &Arc<str>, turn: &mut Turn) -> Arc<[u8]> {
        self.hidden_names += 1;
        let hidden = format!("pgpurpose_again_{}", self.hidden_names);
        let upstream: Arc<[u8]> = Arc::from(hidden.into_bytes());
        let Some(prepared) = self.statements.find_mut(name) else { return upstream };
        prepared.variants.push((Arc::clone(text), Arc::clone(&upstream)));
        let work = prepared.work.clone();
        let types = Arc::clone(prepared.told.as_ref().unwrap_or(&prepared.types));
        // The oldest but the client's own makes room.
        let oldest = (prepared.variants.len() > VARIANTS).then(|| prepared.variants.remove(1).1);
        if let Some(oldest) = oldest {
            self.queue.push(Entry::hidden(Request::Close, Hidden::Again));
            turn.onward.own(|out| put_target(out, b'C', Target::Statement(&oldest)));
        }
        turn.onward.own(|out| put_parse(out, &upstream, text, &types));
        let mut entry = Entry::hidden(Request::Parse, Hidden::Again);
        entry.work = Some(work);
        entry.undo =
            Some(Box::new(Undo::Variant { name: name.into(), upstream: Arc::clone(&upstream) }));
        self.queue.push(entry);
        upstream
    }
}

fn portal_of(prepared: &Prepared, statement: Spelt) -> Portal {
    Portal {
        promised: false,
        opened: Opened::Unasked,
        executed: false,
        text: prepared.text.clone(),
        types_declared: declares_types(&prepared.types),
        work: prepared.work.clone(),
        stamp: Arc::clone(&prepared.stamp),
        resolved: None,
        statement: Some(statement),
        described: prepared.is_described(),
        describing: prepared.describing,
        people: None,
        record: None,
    }
}

fn put_parse(out: &mut Vec<u8>, name: &[u8], text: &str, types: &[u8]) {
    put_message(out, b'P', |out| {
        put_cstring(out, name);
        put_cstring(out, text.as_bytes());
        out.extend_from_slice(types);
    });
}
