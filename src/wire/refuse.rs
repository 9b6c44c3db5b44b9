//! A refusal on the wire: the marked word that goes upstream in place of a statement, and the
//! ErrorResponse that goes to the client in place of the server's answer to it.
//!
//! The server itself fails on the mark, so transaction state, skipping to the next Sync and the
//! order of replies are its own; only the fields of that one error are ours.

use bytes::BytesMut;
use pgwire::error::ErrorInfo;
use pgwire::messages::Message;
use pgwire::messages::response::ErrorResponse;

use super::backend::Fields;
use crate::model::refusal::Refusal;

/// How serious an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    /// The connection ends with it.
    Fatal,
}

/// A refusal under way: its id makes the mark unique.
#[derive(Clone, Debug)]
pub struct Marked {
    pub id: String,
    pub refusal: Refusal,
    /// Ruleset hash and catalog epoch it was decided under.
    pub stamp: String,
}

impl Marked {
    /// The word that goes upstream. Not a statement of any kind in PostgreSQL's grammar.
    pub fn mark(&self) -> String {
        format!("pgpurpose_refused_{}", self.id)
    }

    /// The server's error is its answer to the mark, not one of another cause.
    pub fn is_answer(&self, error: &Fields<'_>) -> bool {
        let message = error.field(b'M').unwrap_or_default();
        let mark = self.mark();
        error.sqlstate() == b"42601"
            && message.windows(mark.len()).any(|window| window == mark.as_bytes())
    }

    /// The client's ErrorResponse.
    pub fn put(&self, out: &mut Vec<u8>) {
        let mut info = fields(&self.refusal, Severity::Error);
        info.where_context = Some(format!("pgpurpose decision {}, rules {}", self.id, self.stamp));
        put_info(out, info);
    }
}

/// Appends the ErrorResponse of a refusal that does not go through the server.
pub fn put_refusal(out: &mut Vec<u8>, refusal: &Refusal, severity: Severity) {
    put_info(out, fields(refusal, severity));
}

fn fields(refusal: &Refusal, severity: Severity) -> ErrorInfo {
    let severity = match severity {
        Severity::Error => "ERROR",
        Severity::Fatal => "FATAL",
    };
    let mut info =
        ErrorInfo::new(severity.to_owned(), refusal.sqlstate.0.to_owned(), refusal.message.clone());
    info.severity_nonlocalized = Some(severity.to_owned());
    info.detail.clone_from(&refusal.detail);
    info.hint.clone_from(&refusal.hint);
    info.position = refusal.position.map(|p| p.to_string());
    info.schema.clone_from(&refusal.schema);
    info.table.clone_from(&refusal.table);
    info.column.clone_from(&refusal.column);
    info.constraint.clone_from(&refusal.constraint);
    info
}

fn put_info(out: &mut Vec<u8>, info: ErrorInfo) {
    let mut encoded = BytesMut::new();
    // INVARIANT: an ErrorResponse only fails to encode above 2 GiB; texts of a refusal are short.
    if ErrorResponse::from(info).encode(&mut encoded).is_ok() {
        out.extend_from_slice(&encoded);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::refusal::{Reason, SqlState};

    #[test]
    fn only_the_servers_answer_to_this_very_mark_is_replaced() {
        let refusal = Refusal::new(Reason::Column, SqlState::INSUFFICIENT_PRIVILEGE, "no");
        let marked = Marked { id: "a1".into(), refusal, stamp: "r/1".into() };
        let answer = b"SERROR\0C42601\0Msyntax error at or near \"pgpurpose_refused_a1\"\0\0";
        let aborted = b"SERROR\0C25P02\0Mcurrent transaction is aborted\0\0";
        let other = b"SERROR\0C42601\0Msyntax error at or near \"x\"\0\0";
        assert!(marked.is_answer(&Fields::read(answer).unwrap()));
        assert!(!marked.is_answer(&Fields::read(aborted).unwrap()));
        assert!(!marked.is_answer(&Fields::read(other).unwrap()));
    }

    #[test]
    fn every_field_of_a_refusal_reaches_the_client() {
        let refusal = Refusal::new(Reason::Column, SqlState::INSUFFICIENT_PRIVILEGE, "no")
            .detail("d")
            .hint("h")
            .at(7)
            .on_table("shop", "users")
            .on_column("email");
        let marked = Marked { id: "a1".into(), refusal, stamp: "r/1".into() };
        let mut out = Vec::new();
        marked.put(&mut out);
        let fields = Fields::read(&out[5..]).unwrap();
        let expected = [
            (b'S', "ERROR"),
            (b'V', "ERROR"),
            (b'C', "42501"),
            (b'M', "no"),
            (b'D', "d"),
            (b'H', "h"),
            (b'P', "7"),
            (b'W', "pgpurpose decision a1, rules r/1"),
            (b's', "shop"),
            (b't', "users"),
            (b'c', "email"),
        ];
        let found: Vec<(u8, &str)> =
            fields.iter().map(|(c, v)| (c, std::str::from_utf8(v).unwrap())).collect();
        assert_eq!(found, expected);
    }
}
