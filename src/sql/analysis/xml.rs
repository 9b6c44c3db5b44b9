//! XML calls (manual 9.15): their words become commas, or are left out.

use super::text::{Spelt, Writer};

impl Writer<'_> {
    pub(super) fn xml_call(&mut self, at: usize, close: usize) -> Option<usize> {
        let open = at + 1;
        match self.word(at) {
            "xmlelement" | "xmlpi" => {
                let label = open + 2;
                if self.word(open + 1) == "name" && self.is_name(label) {
                    let comma = usize::from(self.is(label + 1, ','));
                    self.leave_out(open + 1, label + 1 + comma);
                }
            }
            // A list of values.
            "xmlattributes" => {
                self.labels(open, close);
                self.put(at, "ARRAY");
                self.put(open, "[");
                self.replace(close, close + 1, vec![(close, "]".to_owned())]);
                return Some(open + 1);
            }
            "xmlforest" => self.labels(open, close),
            "xmlparse" => {
                self.kind(open);
                if self.word(close - 1) == "whitespace" {
                    self.replace(close - 2, close, Vec::new());
                }
            }
            "xmlserialize" => {
                self.kind(open);
                let typed = (open + 1..close).rev().find(|i| self.word(*i) == "as")?;
                if self.is_type(typed + 1, close) {
                    self.leave_out(typed, close);
                }
            }
            "xmlroot" => self.xml_root(open, close),
            "xmlexists" | "xmltable" => self.passing(open, close),
            "xmlnamespaces" => {}
            _ => return None,
        }
        self.put(at, &format!("\"q{at}\""));
        Some(at + 1)
    }

    /// DOCUMENT or CONTENT
    fn kind(&mut self, open: usize) {
        if matches!(self.word(open + 1), "document" | "content") && !self.is(open + 2, ')') {
            self.replace(open + 1, open + 2, Vec::new());
        }
    }

    /// `value AS label, …`
    fn labels(&mut self, open: usize, close: usize) {
        for (from, to) in self.elements(open + 1, close) {
            if to >= from + 3 && self.word(to - 2) == "as" && self.is_name(to - 1) {
                self.leave_out(to - 2, to);
            }
        }
    }

    /// `XMLROOT(x, VERSION v, STANDALONE YES)`
    fn xml_root(&mut self, open: usize, close: usize) {
        for (from, to) in self.elements(open + 1, close).into_iter().skip(1) {
            let null: Vec<Spelt> = vec![(from, "NULL".to_owned())];
            match (self.word(from), self.word(from + 1)) {
                ("standalone", "yes" | "no") | ("version", "no") => self.replace(from, to, null),
                ("version", _) => self.replace(from, from + 1, Vec::new()),
                _ => {}
            }
        }
    }

    /// `[XMLNAMESPACES(…),] path PASSING [BY REF] document [BY VALUE] [COLUMNS …]`
    fn passing(&mut self, open: usize, close: usize) {
        let mut at = open + 1;
        if self.word(at) == "xmlnamespaces"
            && let Some(end) = self.close(at + 1)
            && self.is(end + 1, ',')
        {
            let plain = |i: usize| {
                self.is_name(i)
                    || self.is(i, ',')
                    || matches!(self.tokens.kind(i), Some(super::super::lexer::TokenKind::Text(_)))
            };
            if (at + 2..end).all(plain) {
                self.leave_out(at, end + 2);
            }
            at = end + 2;
        }
        while at < close {
            match (self.word(at), self.word(at + 1)) {
                ("passing", _) => self.replace(at, at + 1, vec![(at, ",".to_owned())]),
                ("by", "ref" | "value") => self.replace(at, at + 2, Vec::new()),
                ("columns", _) => {
                    let plain =
                        self.elements(at + 1, close).into_iter().all(|c| self.is_plain_column(c));
                    if plain {
                        self.leave_out(at, close);
                    }
                    return;
                }
                _ => {}
            }
            at = self.close(at).unwrap_or(at) + 1;
        }
    }
}
