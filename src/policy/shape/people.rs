//! Reads `roles` and `rules`.

use std::net::IpAddr;

use super::general::{mode, valid_word};
use super::reader::{Fields, Reader};
use super::types::{At, Cidr, LiftingConsent, Outside, RoleShape, RuleShape, SubjectKind, Then};
use crate::catalog::store::StoreCall;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::yaml::{Key, Node, Value};

pub fn roles(reader: &mut Reader<'_>, node: &Node) -> Vec<RoleShape> {
    let mut found = Vec::new();
    for (key, value) in reader.entries(node, "`roles`") {
        found.push(role(reader, key, value));
    }
    found
}

fn role(reader: &mut Reader<'_>, key: &Key, node: &Node) -> RoleShape {
    const KEYS: &[&str] = &[
        "service", "outside", "may", "default", "from", "token", "comments", "code", "consent",
        "mode",
    ];
    let owner = format!("role `{}`", key.text);
    let fields = reader.fields(node, &owner, KEYS);
    if fields.get("may").is_none() {
        reader.missing(key.span, &owner, "may");
    }
    let from = fields.get("from").map_or_else(Vec::new, |node| reader.texts(node, "`from`"));
    RoleShape {
        name: reader.at(key.text.clone(), key.span),
        service: fields.get("service").and_then(|node| reader.text(node, "`service`")),
        outside: fields.get("outside").and_then(|node| outside(reader, node)),
        may: fields.get("may").map_or_else(Vec::new, |node| reader.texts(node, "`may`")),
        default: fields.get("default").and_then(|node| reader.text(node, "`default`")),
        from: from.into_iter().filter_map(|text| cidr(reader, &text)).collect(),
        token: fields
            .get("token")
            .and_then(|node| token(reader, node))
            .and_then(|word| word.value.then_some(word.place)),
        comments: fields
            .get("comments")
            .and_then(|node| reader.boolean(node, "`comments`"))
            .unwrap_or(false),
        unchecked_code: fields.get("code").and_then(|node| {
            let words = [("unchecked", true), ("checked", false)];
            let word = reader.word(node, "`code`", &words)?;
            word.value.then_some(word.place)
        }),
        consent: fields.get("consent").and_then(|node| {
            let words = [
                ("none", None),
                ("read", Some(StoreCall::Reads)),
                ("write", Some(StoreCall::Writes)),
            ];
            reader.word(node, "`consent`", &words)?.value
        }),
        observe: mode(reader, fields.get("mode"), "`mode`"),
    }
}

/// `token: required | optional`
pub fn token(reader: &mut Reader<'_>, node: &Node) -> Option<At<bool>> {
    reader.word(node, "`token`", &[("required", true), ("optional", false)])
}

/// A name, or `{ recipient: token }`.
fn outside(reader: &mut Reader<'_>, node: &Node) -> Option<Outside> {
    if !matches!(node.value, Value::Map(_)) {
        return reader.text(node, "`outside`").map(|text| Outside::Named(text.value));
    }
    let fields = reader.fields(node, "`outside`", &["recipient"]);
    match fields.get("recipient") {
        None => {
            reader.missing(node.span, "`outside`", "recipient");
            None
        }
        Some(node) => {
            let word = reader.word(node, "`outside.recipient`", &[("token", ())]);
            word.map(|_| Outside::OfToken)
        }
    }
}

/// `10.0.9.0/24`, or one address.
fn cidr(reader: &mut Reader<'_>, text: &At<String>) -> Option<Cidr> {
    let parsed = parse_cidr(&text.value);
    if parsed.is_none() {
        let message = format!("`{}` is not a range of addresses", text.value);
        let label = "write `10.0.9.0/24` or `2001:db8::/48`";
        reader.report(Diagnostic::error("PP009", message).at(&text.place).label(label));
    }
    parsed
}

fn parse_cidr(text: &str) -> Option<Cidr> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let network: IpAddr = address.parse().ok()?;
    let most = if network.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => most,
        Some(bits) => bits.parse::<u8>().ok().filter(|bits| *bits <= most)?,
    };
    Some(Cidr { network, bits })
}

impl Cidr {
    /// Whether an address lies in the range. An IPv4 address in IPv6 form counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                let shift = 32 - u32::from(self.bits.min(32));
                let mask = u32::MAX.checked_shl(shift).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                let shift = 128 - u32::from(self.bits.min(128));
                let mask = u128::MAX.checked_shl(shift).unwrap_or(0);
                network.to_bits() & mask == address.to_bits() & mask
            }
            _ => false,
        }
    }
}

pub fn rules(reader: &mut Reader<'_>, node: &Node) -> Vec<RuleShape> {
    let Value::List(items) = &node.value else {
        if !matches!(node.value, Value::Null) {
            reader.wrong_kind(node, "`rules`", "a list");
        }
        return Vec::new();
    };
    items.iter().filter_map(|item| rule(reader, item)).collect()
}

const RULE_KEYS: &[&str] = &["id", "when", "except", "then", "since", "until", "mode"];

fn rule(reader: &mut Reader<'_>, node: &Node) -> Option<RuleShape> {
    let fields = reader.fields(node, "the rule", RULE_KEYS);
    let Some(id_node) = fields.get("id") else {
        reader.missing(node.span, "the rule", "id");
        return None;
    };
    let id = reader.text(id_node, "`id`")?;
    let key = Key { text: id.value.clone(), span: id_node.span };
    if !valid_word(reader, &key, "a rule") {
        return None;
    }
    let owner = format!("rule `{}`", id.value);
    for key in ["when", "then"] {
        if fields.get(key).is_none() {
            reader.missing(id_node.span, &owner, key);
        }
    }
    let mut shape = RuleShape {
        id,
        roles: Vec::new(),
        purposes: Vec::new(),
        reads: Vec::new(),
        subject: None,
        other_service: false,
        rows_over: None,
        except_roles: Vec::new(),
        except_purposes: Vec::new(),
        except_consent: None,
        then: Vec::new(),
        since: fields.get("since").and_then(|n| reader.version(n, "`since`")),
        until: fields.get("until").and_then(|n| reader.version(n, "`until`")),
        observe: mode(reader, fields.get("mode"), "`mode`"),
    };
    if let Some(node) = fields.get("when") {
        when(reader, node, &mut shape);
    }
    if let Some(node) = fields.get("except") {
        let fields = reader.fields(node, "`except`", &["role", "purpose", "consent"]);
        shape.except_roles = texts(reader, &fields, "role");
        shape.except_purposes = texts(reader, &fields, "purpose");
        let words = [
            ("guardian", LiftingConsent::Guardian),
            ("cross_service", LiftingConsent::CrossService),
        ];
        shape.except_consent =
            fields.get("consent").and_then(|n| reader.word(n, "`except.consent`", &words));
    }
    if let Some(node) = fields.get("then") {
        let words = [
            ("block", Then::Block),
            ("hide_rows", Then::HideRows),
            ("mask", Then::Mask),
            ("log", Then::Log),
        ];
        let none = matches!(&node.value, Value::Text(text) if text == "none");
        let items = if none { &[] } else { reader.list(node) };
        shape.then = items.iter().filter_map(|n| reader.word(n, "`then`", &words)).collect();
    }
    Some(shape)
}

fn texts(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Vec<At<String>> {
    fields.get(key).map_or_else(Vec::new, |node| reader.texts(node, &format!("`{key}`")))
}

fn when(reader: &mut Reader<'_>, node: &Node, shape: &mut RuleShape) {
    const KEYS: &[&str] = &["role", "purpose", "reads", "subject", "data", "rows_over"];
    let fields = reader.fields(node, "`when`", KEYS);
    shape.roles = texts(reader, &fields, "role");
    shape.purposes = texts(reader, &fields, "purpose");
    shape.reads = texts(reader, &fields, "reads");
    let words = [
        ("minor", SubjectKind::Minor),
        ("cancelled", SubjectKind::Cancelled),
        ("locked", SubjectKind::Locked),
    ];
    shape.subject = fields.get("subject").and_then(|n| reader.word(n, "`when.subject`", &words));
    shape.other_service = fields
        .get("data")
        .and_then(|n| reader.word(n, "`when.data`", &[("other_service", ())]))
        .is_some();
    shape.rows_over = fields.get("rows_over").and_then(|node| {
        let rows = reader.number(node, "`rows_over`")?;
        Some(reader.at(rows, node.span))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_addresses() {
        let range = parse_cidr("10.0.9.0/24").unwrap();
        assert!(range.contains("10.0.9.77".parse().unwrap()));
        assert!(range.contains("::ffff:10.0.9.77".parse().unwrap()));
        assert!(!range.contains("10.0.10.1".parse().unwrap()));
        assert!(!range.contains("::1".parse().unwrap()));
        let all = parse_cidr("0.0.0.0/0").unwrap();
        assert!(all.contains("192.0.2.1".parse().unwrap()));
        let six = parse_cidr("2001:db8::/48").unwrap();
        assert!(six.contains("2001:db8:0:7::1".parse().unwrap()));
        assert!(!six.contains("2001:db8:1::1".parse().unwrap()));
        for wrong in ["10.0.9.0/33", "10.0.9/24", "host", "10.0.0.0/-1"] {
            assert_eq!(parse_cidr(wrong), None, "{wrong}");
        }
    }
}
