//! Reads `needs` and `only_people` of a purpose: what it must be shown, and whom it may be about.

use std::collections::BTreeSet;

use super::reader::Reader;
use super::types::At;
use crate::model::names::{Name, QualifiedName};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::ListRule;
use crate::policy::yaml::{Node, Value};

/// Something a purpose must be shown, and what makes it good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Need {
    pub name: String,
    /// Only a purpose token can say it.
    pub signed: bool,
    /// A time that has not come.
    pub future: bool,
    /// A time that is not longer ago, in seconds.
    pub within_s: Option<i64>,
    /// Somebody else than whom the token was made for.
    pub second_person: bool,
    pub one_of: Option<BTreeSet<String>>,
    /// `*`: any characters, `#`: a digit.
    pub like: Option<String>,
}

impl Need {
    /// `order: token`, for whoever compares two.
    pub fn spelt(&self) -> String {
        let mut tests = Vec::new();
        let mut say = |holds: bool, test: String| {
            if holds {
                tests.push(test);
            }
        };
        say(self.signed, "token".to_owned());
        say(self.future, "future".to_owned());
        say(self.second_person, "second_person".to_owned());
        say(self.within_s.is_some(), format!("within {} s", self.within_s.unwrap_or_default()));
        let known: Vec<&str> = self.one_of.iter().flatten().map(String::as_str).collect();
        say(self.one_of.is_some(), format!("one of {}", known.join(" or ")));
        say(self.like.is_some(), format!("like {}", self.like.as_deref().unwrap_or_default()));
        match tests.is_empty() {
            true => self.name.clone(),
            false => format!("{}: {}", self.name, tests.join(" and ")),
        }
    }
}

/// `only_people`: a table that lists them.
#[derive(Clone, Debug)]
pub struct ListShape {
    pub table: At<QualifiedName>,
    pub subject: At<Name>,
    /// Column → name of the evidence that it must hold.
    pub holds: Vec<(At<Name>, At<String>)>,
    pub filter: Option<At<String>>,
}

impl ListShape {
    pub fn rule(&self) -> ListRule {
        let holds = self.holds.iter();
        ListRule {
            table: self.table.value.clone(),
            subject: self.subject.value.clone(),
            holds: holds.map(|(column, said)| (column.value.clone(), said.value.clone())).collect(),
            filter: self.filter.as_ref().map(|at| at.value.clone()),
        }
    }
}

/// `[ticket]`, or `{ ticket: said, order: token, expires: future }`.
pub fn needs(reader: &mut Reader<'_>, node: &Node) -> Vec<Need> {
    if !matches!(node.value, Value::Map(_)) {
        let names = reader.texts(node, "`needs`").into_iter();
        return names.map(|name| Need { name: name.value, ..Need::default() }).collect();
    }
    let mut found = Vec::new();
    for (key, value) in reader.entries(node, "`needs`") {
        let owner = format!("`needs.{}`", key.text);
        let named = Need { name: key.text.clone(), ..Need::default() };
        let need = match value.value {
            Value::Map(_) => tests(reader, value, &owner, named),
            _ => word(reader, value, &owner, named),
        };
        found.extend(need);
    }
    found
}

fn word(reader: &mut Reader<'_>, node: &Node, owner: &str, named: Need) -> Option<Need> {
    // Who has to say it; whether it is a time that has not come; whether a second person.
    let words = [
        ("said", (false, false, false)),
        ("token", (true, false, false)),
        ("future", (true, true, false)),
        ("second_person", (true, false, true)),
    ];
    let (signed, future, second_person) = reader.word(node, owner, &words)?.value;
    Some(Need { signed, future, second_person, ..named })
}

/// `{ from: token, one_of: […], like: "T-####", within: 72h }`
fn tests(reader: &mut Reader<'_>, node: &Node, owner: &str, mut need: Need) -> Option<Need> {
    let fields = reader.fields(node, owner, &["from", "one_of", "like", "within"]);
    if let Some(node) = fields.get("from") {
        let words = [("said", false), ("token", true)];
        need.signed = reader.word(node, &format!("{owner} `from`"), &words)?.value;
    }
    if let Some(node) = fields.get("one_of") {
        let texts = reader.texts(node, &format!("{owner} `one_of`"));
        need.one_of = Some(texts.into_iter().map(|text| text.value).collect());
    }
    if let Some(node) = fields.get("like") {
        let text = reader.text(node, &format!("{owner} `like`"))?;
        if text.value.matches('*').count() > STARS_MAX {
            let message = format!("{owner}: a pattern has at most {STARS_MAX} `*`");
            reader.report(Diagnostic::error("PP009", message).at(&text.place));
            return None;
        }
        need.like = Some(text.value);
    }
    if let Some(node) = fields.get("within") {
        let text = reader.text(node, &format!("{owner} `within`"))?;
        let Some(seconds) = seconds(&text.value) else {
            let message = format!("{owner}: `{}` is not a length of time", text.value);
            let label = "write `72h`, `30min` or `3d`";
            reader.report(Diagnostic::error("PP009", message).at(&text.place).label(label));
            return None;
        };
        // Whoever asks could say that it began just now.
        (need.within_s, need.signed) = (Some(seconds), true);
    }
    Some(need)
}

fn seconds(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(end);
    let unit_s = match unit {
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.parse::<i64>().ok()?.checked_mul(unit_s)
}

/// `{ table: shop.parties, subject: user_id, holds: { case_id: case }, where: SQL }`
pub fn only_people(reader: &mut Reader<'_>, node: &Node) -> Option<ListShape> {
    let owner = "`only_people`";
    let fields = reader.fields(node, owner, &["table", "subject", "holds", "where"]);
    for key in ["table", "subject"] {
        if fields.get(key).is_none() {
            reader.missing(node.span, owner, key);
        }
    }
    let table = reader.table(fields.get("table")?, "`only_people.table`")?;
    let subject = reader.name(fields.get("subject")?, "`only_people.subject`")?;
    let mut holds = Vec::new();
    if let Some(node) = fields.get("holds") {
        for (key, value) in reader.entries(node, "`only_people.holds`") {
            let column = reader.at(Name::new(&key.text), key.span);
            let said = reader.text(value, &format!("`only_people.holds.{}`", key.text))?;
            holds.push((column, said));
        }
    }
    let filter = match fields.get("where") {
        Some(node) => Some(reader.text(node, "`only_people.where`")?),
        None => None,
    };
    Some(ListShape { table, subject, holds, filter })
}

/// More would take long to try.
const STARS_MAX: usize = 3;
