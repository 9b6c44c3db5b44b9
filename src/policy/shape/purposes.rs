//! Reads `purposes`: why data may be used, with parts one level down.

use super::general::{CONSENTS, MASKS, valid_word};
use super::needs;
use super::people::token;
use super::reader::{Fields, Reader};
use super::types::{At, DataShape, DataWord, PurposeShape, SinceShape};
use crate::model::privacy::{Consent, LawfulBasis};
use crate::policy::diagnostic::Diagnostic;
use crate::policy::yaml::{Node, Value};

const KEYS: &[&str] = &[
    "consent",
    "basis",
    "data",
    "write",
    "write_only",
    "tells_taken",
    "lookup",
    "only_one_person",
    "needs",
    "only_people",
    "min_group",
    "groups",
    "outside",
    "token",
    "any_label",
    "forbidden",
    "overrides_refusal",
    "parts",
    "since",
];

/// GDPR Art. 6(1), as rule files spell it.
pub const BASES: &[(&str, LawfulBasis)] = &[
    ("consent", LawfulBasis::Consent),
    ("contract", LawfulBasis::Contract),
    ("legal_obligation", LawfulBasis::LegalObligation),
    ("vital_interests", LawfulBasis::VitalInterests),
    ("public_task", LawfulBasis::PublicTask),
    ("legitimate_interests", LawfulBasis::LegitimateInterests),
];

/// Every purpose and every part, each with its whole path.
pub fn purposes(reader: &mut Reader<'_>, node: &Node) -> Vec<PurposeShape> {
    let mut found = Vec::new();
    for (key, value) in reader.entries(node, "`purposes`") {
        if !valid_word(reader, key, "a purpose") {
            continue;
        }
        let path = reader.at(key.text.clone(), key.span);
        let parts = purpose(reader, value, path, &mut found);
        let Some(parts) = parts else { continue };
        for (part, value) in reader.entries(parts, "`parts`") {
            if !valid_word(reader, part, "a part of a purpose") {
                continue;
            }
            let path = reader.at(format!("{}.{}", key.text, part.text), part.span);
            if let Some(deeper) = purpose(reader, value, path, &mut found) {
                let place = reader.place(deeper.span);
                let message = "a part cannot have parts";
                reader.report(Diagnostic::error("PP003", message).at(&place));
            }
        }
    }
    found
}

/// Reads one purpose and gives back the node of its parts.
fn purpose<'n>(
    reader: &mut Reader<'_>,
    node: &'n Node,
    path: At<String>,
    found: &mut Vec<PurposeShape>,
) -> Option<&'n Node> {
    let owner = format!("purpose `{}`", path.value);
    let fields = reader.fields(node, &owner, KEYS);
    let parts = fields.get("parts");
    let flag = |reader: &mut Reader<'_>, key: &str| {
        let node = fields.get(key)?;
        let value = reader.boolean(node, &format!("`{key}`"))?;
        Some(reader.at(value, node.span))
    };
    let outside = flag(reader, "outside").map(|at| at.value);
    let only_one_person = flag(reader, "only_one_person").map(|at| at.value);
    let overrides_refusal = flag(reader, "overrides_refusal").map(|at| at.value);
    let consent = fields.get("consent").and_then(|n| consent(reader, n));
    let (any_label, forbidden) = (flag(reader, "any_label"), flag(reader, "forbidden"));
    let shape = PurposeShape {
        has_parts: parts.is_some(),
        consent: consent.as_ref().map(|(kind, _)| kind.clone()),
        consent_since: consent.and_then(|(_, since)| since),
        since: fields.get("since").and_then(|n| reader.version(n, "`since`")),
        basis: fields.get("basis").and_then(|n| reader.word(n, "`basis`", BASES)),
        data: fields.get("data").map_or_else(Vec::new, |n| data(reader, n)),
        write: names(reader, &fields, "write"),
        write_only: names(reader, &fields, "write_only"),
        tells_taken: names(reader, &fields, "tells_taken"),
        lookup: names(reader, &fields, "lookup"),
        only_one_person,
        needs: fields.get("needs").map(|node| needs::needs(reader, node)),
        only_people: fields.get("only_people").and_then(|n| needs::only_people(reader, n)),
        min_group: fields.get("min_group").and_then(|n| {
            let people = reader.small_number(n, "`min_group`")?;
            Some(reader.at(people, n.span))
        }),
        groups: names(reader, &fields, "groups"),
        outside,
        token: fields.get("token").and_then(|n| token(reader, n)).map(|at| at.value),
        any_label,
        forbidden,
        overrides_refusal,
        path,
    };
    found.push(shape);
    parts
}

fn names(reader: &mut Reader<'_>, fields: &Fields<'_>, key: &str) -> Option<Vec<At<String>>> {
    fields.get(key).map(|node| reader.texts(node, &format!("`{key}`")))
}

fn data(reader: &mut Reader<'_>, node: &Node) -> Vec<DataShape> {
    let mut found = Vec::new();
    for (key, value) in reader.entries(node, "`data`") {
        let category = reader.at(key.text.clone(), key.span);
        if !matches!(value.value, Value::Map(_)) {
            if let Some(word) = data_word(reader, value) {
                found.push(DataShape { category, word, since: None });
            }
            continue;
        }
        let owner = format!("`{}`", key.text);
        let fields = reader.fields(value, &owner, &["use", "since", "before"]);
        let Some(node) = fields.get("use") else {
            reader.missing(value.span, &owner, "use");
            continue;
        };
        let word = data_word(reader, node);
        let before = fields.get("before").map(|node| data_word(reader, node));
        // A `since` that could not be read must not turn into none at all.
        let Some(since) = since(reader, &fields, (value, &owner), before) else { continue };
        if let Some(word) = word {
            found.push(DataShape { category, word, since });
        }
    }
    found
}

/// `since` and `before`, already read, of a mapping. `None`: they say nothing that can be meant.
fn since<T>(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    (node, owner): (&Node, &str),
    before: Option<Option<T>>,
) -> Option<Option<SinceShape<T>>> {
    match (fields.get("since"), before) {
        (None, None) => Some(None),
        (None, Some(_)) => {
            reader.missing(node.span, owner, "since");
            None
        }
        (Some(node), before) => {
            let version = reader.version(node, "`since`")?;
            // Unread, it was reported.
            let before = before.map_or(Some(None), |before| before.map(Some))?;
            Some(Some(SinceShape { version, before }))
        }
    }
}

type ConsentSince = SinceShape<At<Consent>>;

/// `explicit`, or `{ kind: implied, since: 4, before: explicit }`.
fn consent(reader: &mut Reader<'_>, node: &Node) -> Option<(At<Consent>, Option<ConsentSince>)> {
    if !matches!(node.value, Value::Map(_)) {
        return reader.word(node, "`consent`", CONSENTS).map(|word| (word, None));
    }
    let fields = reader.fields(node, "`consent`", &["kind", "since", "before"]);
    let Some(kind) = fields.get("kind") else {
        reader.missing(node.span, "`consent`", "kind");
        return None;
    };
    let kind = reader.word(kind, "`consent.kind`", CONSENTS);
    let before = fields.get("before").map(|n| reader.word(n, "`consent.before`", CONSENTS));
    let since = since(reader, &fields, (node, "`consent`"), before)?;
    Some((kind?, since))
}

fn data_word(reader: &mut Reader<'_>, node: &Node) -> Option<DataWord> {
    let text = reader.text(node, "the word for a category")?;
    if let Some(name) = text.value.strip_prefix("mask.") {
        if let Some((_, mask)) = MASKS.iter().find(|(known, _)| *known == name) {
            return Some(DataWord::Named(*mask));
        }
        let known = || MASKS.iter().map(|(known, _)| *known);
        reader.report(
            Diagnostic::error("PP014", format!("unknown mask `{name}`"))
                .at(&text.place)
                .note(format!("one of: {}", known().collect::<Vec<_>>().join(", ")))
                .suggest(name, known()),
        );
        return None;
    }
    let words = [
        ("allow", DataWord::Allow),
        ("mask", DataWord::Mask),
        ("aggregate", DataWord::Aggregate),
        ("hide", DataWord::Hide),
        ("block", DataWord::Block),
    ];
    reader.word(node, "the word for a category", &words).map(|w| w.value)
}
