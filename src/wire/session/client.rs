//! Messages of the client: which may pass, which are judged, which are swallowed.

use super::queue::{Entry, Hidden, Pending, Request};
use super::state::{Encoding, Progress, Session, Turn, Wait};
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::frame::{Broken, HEADER_BYTES, Header, put_message};
use crate::wire::frontend::{self, BindNames, BindParameters, Parse, Tag, Target};
use crate::wire::world::World;

/// The longest `Bind` that is taken as a whole, in bytes; of longer ones only the names are.
const BIND_BYTES: usize = 64 << 10;

/// A whole message of the client, and where it stands in the input.
pub(super) struct Message<'a> {
    pub start: usize,
    pub end: usize,
    /// Its length, including what has not come yet.
    pub total: usize,
    pub body: &'a [u8],
    /// What has come behind it.
    pub behind: &'a [u8],
}

/// What became of one message.
pub(super) enum Taken {
    Done,
    /// It stays in the input.
    Later(Wait),
}

impl Session {
    /// Takes what the client sent. An error ends the connection.
    pub fn on_client(
        &mut self,
        input: &[u8],
        turn: &mut Turn,
        world: &dyn World,
    ) -> Result<Progress, Box<Refusal>> {
        let mut at = 0;
        loop {
            if self.client_rest > 0 {
                let take = self.client_rest.min(input.len() - at);
                if !self.client_rest_drops {
                    turn.onward.forward(at..at + take);
                }
                self.client_rest -= take;
                at += take;
            }
            let rest = input.get(at..).unwrap_or_default();
            let Some(header) = Header::read(rest).map_err(Broken::to_refusal)? else {
                return Ok(Progress { consumed: at, wait: Wait::Input });
            };
            let tag = Tag::read(header.tag).map_err(Broken::to_refusal)?;
            if header.body > tag.body_limit() {
                return Err(Box::new(Broken("message is too long").to_refusal()));
            }
            if self.queue.is_full() {
                return Ok(Progress { consumed: at, wait: Wait::Server });
            }
            self.skipping &= !matches!(tag, Tag::Sync);
            let in_vain = std::mem::take(&mut self.waits_in_vain);
            self.skipping |= in_vain && tag != Tag::Query;
            let held = if in_vain { None } else { self.hold(tag, turn, world) };
            let taken = match held {
                Some(wait) => Taken::Later(wait),
                None if in_vain && tag == Tag::Query => self.take_answered(turn),
                // The server ignores everything up to the next Sync; it need not even be sent.
                None if self.skipping && tag != Tag::Terminate => {
                    self.client_rest_drops = true;
                    Taken::Done
                }
                None => self.take(tag, header, (at, rest), (turn, world))?,
            };
            match taken {
                Taken::Later(wait) => return Ok(Progress { consumed: at, wait }),
                Taken::Done => {
                    self.refreshed = false;
                    self.snapshots.forget_answer();
                    at += header.total().min(rest.len());
                    self.client_rest = header.total().saturating_sub(rest.len());
                    if tag == Tag::Terminate {
                        return Ok(Progress { consumed: at, wait: Wait::Terminate });
                    }
                }
            }
        }
    }

    /// A query that has been answered by an error: the server is only to say that it is ready.
    fn take_answered(&mut self, turn: &mut Turn) -> Taken {
        self.client_rest_drops = true;
        self.forget_unnamed(turn);
        self.portals.remove(b"");
        self.queue.push(Entry::hidden(Request::Query, Hidden::Answered));
        self.speculative = None;
        turn.onward.own(|out| put_message(out, b'Q', |out| out.push(0)));
        Taken::Done
    }

    /// Whether this message must wait until more is known.
    fn hold(&mut self, tag: Tag, turn: &mut Turn, world: &dyn World) -> Option<Wait> {
        let judged = matches!(tag, Tag::Query | Tag::Parse | Tag::Bind | Tag::Execute);
        if !judged || self.skipping {
            return None;
        }
        self.note_idle(turn);
        self.settle(turn, world)
    }

    fn take(
        &mut self,
        tag: Tag,
        header: Header,
        (at, rest): (usize, &[u8]),
        (turn, world): (&mut Turn, &dyn World),
    ) -> Result<Taken, Box<Refusal>> {
        self.client_rest_drops = false;
        let end = at + header.total().min(rest.len());
        if matches!(tag, Tag::CopyData) {
            turn.onward.forward(at..end);
            return Ok(Taken::Done);
        }
        if matches!(tag, Tag::Query | Tag::Parse) && header.body > self.limits.statement_bytes {
            return Ok(self.refuse_long(tag, turn, world));
        }
        let whole = rest.get(HEADER_BYTES..header.total());
        let Some(body) = whole else {
            return match tag {
                Tag::Bind if rest.len() > BIND_BYTES => {
                    self.take_front_of_bind((at, header.total()), rest, turn, world)
                }
                Tag::FunctionCall => Ok(self.refuse_function_call(turn, world)),
                _ => Ok(Taken::Later(Wait::Input)),
            };
        };
        let behind = rest.get(header.total()..).unwrap_or_default();
        let message = Message { start: at, end, total: header.total(), body, behind };
        self.take_whole(tag, &message, turn, world)
    }

    fn take_whole(
        &mut self,
        tag: Tag,
        message: &Message<'_>,
        turn: &mut Turn,
        world: &dyn World,
    ) -> Result<Taken, Box<Refusal>> {
        let broken = |broken: Broken| Box::new(broken.to_refusal());
        let body = message.body;
        match tag {
            Tag::Query => {
                let text = frontend::query(body).map_err(broken)?;
                return Ok(self.take_query(text, message, turn, world));
            }
            Tag::Parse => {
                let parse = Parse::read(body).map_err(broken)?;
                return Ok(self.take_parse(&parse, message, turn, world));
            }
            Tag::Bind => {
                let names = BindNames::read(body).map_err(broken)?;
                let values = body.get(names.bytes..).unwrap_or_default();
                BindParameters::check(values).map_err(broken)?;
                return Ok(self.take_bind(&names, Some(values), message, (turn, world)));
            }
            Tag::Execute => {
                let (portal, _) = frontend::execute(body).map_err(broken)?;
                return Ok(self.take_execute(portal, message, turn, world));
            }
            Tag::Describe => {
                let target = Target::read(body).map_err(broken)?;
                self.take_describe(target, message, turn);
            }
            Tag::Close => {
                let target = Target::read(body).map_err(broken)?;
                self.take_close(target, message, turn);
            }
            Tag::FunctionCall => return Ok(self.refuse_function_call(turn, world)),
            Tag::Flush => {
                frontend::empty(body).map_err(broken)?;
                self.queue.unflushed = false;
                turn.onward.forward(message.start..message.end);
            }
            Tag::Sync => {
                frontend::empty(body).map_err(broken)?;
                // The server ignores a Sync while it reads COPY data.
                if !self.copying {
                    self.queue.push(Entry::new(Request::Sync));
                    self.speculative = None;
                    turn.onward.forward(message.start..message.end);
                }
            }
            Tag::CopyDone | Tag::CopyFail => {
                if self.copying {
                    self.copying = false;
                } else {
                    self.queue.push(Entry::new(Request::CopyEnd));
                }
                turn.onward.forward(message.start..message.end);
            }
            Tag::Terminate => turn.onward.forward(message.start..message.end),
            Tag::CopyData => {}
        }
        Ok(Taken::Done)
    }

    /// A `Bind` longer than is kept: its names are at hand, the parameters stream past.
    fn take_front_of_bind(
        &mut self,
        (start, total): (usize, usize),
        rest: &[u8],
        turn: &mut Turn,
        world: &dyn World,
    ) -> Result<Taken, Box<Refusal>> {
        let body = rest.get(HEADER_BYTES..).unwrap_or_default();
        let names = BindNames::read(body).map_err(|_| Broken("names of a Bind are too long"));
        let names = names.map_err(Broken::to_refusal)?;
        let message = Message { start, end: start + rest.len(), total, body, behind: &[] };
        Ok(self.take_bind(&names, None, &message, (turn, world)))
    }

    fn refuse_long(&mut self, tag: Tag, turn: &mut Turn, world: &dyn World) -> Taken {
        let limit = self.limits.statement_bytes;
        let refusal = Refusal::new(
            Reason::Limit,
            SqlState::PROGRAM_LIMIT_EXCEEDED,
            format!("statement is longer than {limit} bytes"),
        );
        self.client_rest_drops = true;
        let request = if tag == Tag::Query { Request::Query } else { Request::Parse };
        self.refuse(request, refusal, turn, world);
        Taken::Done
    }

    /// A function called by its id reads and writes what no text shows.
    fn refuse_function_call(&mut self, turn: &mut Turn, world: &dyn World) -> Taken {
        let refusal = Refusal::new(
            Reason::Unsupported,
            SqlState::FEATURE_NOT_SUPPORTED,
            "function calls of the fast path are not allowed through pgpurpose",
        )
        .hint("Call the function in a SELECT.");
        self.client_rest_drops = true;
        self.refuse(Request::Query, refusal, turn, world);
        Taken::Done
    }

    /// A client's text, as far as it can be understood.
    pub(super) fn text_of<'a>(&self, bytes: &'a [u8]) -> Result<&'a str, Box<Refusal>> {
        match (self.encoding, std::str::from_utf8(bytes)) {
            (Encoding::Utf8, Ok(text)) => Ok(text),
            (Encoding::Utf8, Err(_)) => Err(Box::new(Refusal::new(
                Reason::Unparsable,
                SqlState::CHARACTER_NOT_IN_REPERTOIRE,
                "invalid byte sequence for encoding \"UTF8\"",
            ))),
            (Encoding::Other, Ok(text)) if text.is_ascii() => Ok(text),
            (Encoding::Other, _) => {
                let encoding = &self.client_encoding;
                let message =
                    format!("statements in encoding \"{encoding}\" may only hold ASCII characters");
                let refusal =
                    Refusal::new(Reason::Unsupported, SqlState::FEATURE_NOT_SUPPORTED, message);
                Err(Box::new(
                    refusal
                        .hint("Use client_encoding UTF8, or bind other characters as parameters."),
                ))
            }
        }
    }

    /// Whether an effect makes what follows wait.
    pub(super) fn pending_of(effect: Option<&crate::model::access::SessionEffect>) -> Pending {
        effect.map_or(Pending::Nothing, super::settle::pending)
    }
}
