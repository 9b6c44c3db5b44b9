//! Reads `defaults`, `categories` and `subjects`.

use super::erasure;
use super::reader::Reader;
use super::types::{
    At, CategoryShape, ChoicesShape, DefaultsShape, MaskMeaning, MinorSql, SubjectsShape,
};
use crate::model::names::{Name, QualifiedName};
use crate::model::privacy::{AgeLimit, Consent};
use crate::model::ruling::{Mask, PersonOutcome};
use crate::policy::diagnostic::{Diagnostic, Place};
use crate::policy::yaml::{Key, Node, Value};

/// The built-in masks, by the name that rule files use.
pub const MASKS: &[(&str, Mask)] = &[
    ("initial", Mask::Initial),
    ("year", Mask::Year),
    ("city", Mask::City),
    ("last4", Mask::Last4),
    ("email", Mask::Email),
    ("subnet", Mask::Subnet),
    ("bucket", Mask::Bucket),
    ("fixed", Mask::Fixed),
];

/// The words for what a person owes an agreement to.
pub const CONSENTS: &[(&str, Consent)] =
    &[("none", Consent::None), ("implied", Consent::Implied), ("explicit", Consent::Explicit)];

const MODES: &[(&str, bool)] = &[("enforce", false), ("observe", true)];

pub fn required<'n>(
    reader: &mut Reader<'_>,
    owner: &Node,
    found: Option<&'n Node>,
    key: &str,
) -> Option<&'n Node> {
    if found.is_none() {
        reader.missing(owner.span, "this mapping", key);
    }
    found
}

pub fn defaults(reader: &mut Reader<'_>, node: &Node) -> DefaultsShape {
    const KEYS: &[&str] = &[
        "mode",
        "consent",
        "refused",
        "minors",
        "unlisted",
        "unparsable_sql",
        "trusted_functions",
    ];
    let fields = reader.fields(node, "`defaults`", KEYS);
    let mut shape = DefaultsShape {
        observe: mode(reader, fields.get("mode"), "`defaults.mode`"),
        ..DefaultsShape::default()
    };
    if let Some(node) = fields.get("consent") {
        shape.consent = reader.word(node, "`defaults.consent`", CONSENTS).map(|w| w.value);
    }
    if let Some(node) = fields.get("refused") {
        let words = [("hide_rows", PersonOutcome::HideRows), ("mask", PersonOutcome::Mask)];
        shape.refused = reader.word(node, "`defaults.refused`", &words).map(|w| w.value);
    }
    if let Some(node) = fields.get("minors") {
        let words = [("enforce", false), ("advise", true)];
        shape.minors_advised = reader.word(node, "`defaults.minors`", &words);
    }
    if let Some(node) = fields.get("trusted_functions") {
        let names = reader.texts(node, "`defaults.trusted_functions`").into_iter();
        shape.trusted_functions = names.filter_map(|name| reader.function(name)).collect();
    }
    let allow = [("block", false), ("allow", true)];
    if let Some(node) = fields.get("unparsable_sql") {
        shape.unparsable_sql = reader.word(node, "`defaults.unparsable_sql`", &allow);
    }
    if let Some(node) = fields.get("unlisted") {
        const KEYS: &[&str] = &["role", "purpose", "table", "column", "category", "function"];
        let fields = reader.fields(node, "`defaults.unlisted`", KEYS);
        for key in KEYS {
            let Some(node) = fields.get(key) else { continue };
            let owner = format!("`unlisted.{key}`");
            let Some(word) = reader.word(node, &owner, &allow) else { continue };
            match *key {
                "table" => shape.unlisted_table = Some(word),
                "function" => shape.unlisted_function = Some(word),
                _ if word.value => reader.report(
                    Diagnostic::error("PP060", format!("{owner} can only be `block`"))
                        .at(&word.place)
                        .help("`allow` is for `table` and `function`: nobody looked yet"),
                ),
                _ => {}
            }
        }
    }
    shape
}

/// `mode: enforce | observe`
pub fn mode(reader: &mut Reader<'_>, node: Option<&Node>, owner: &str) -> Option<At<bool>> {
    reader.word(node?, owner, MODES)
}

pub fn categories(reader: &mut Reader<'_>, node: &Node) -> Vec<CategoryShape> {
    let mut found = Vec::new();
    category_level(reader, node, "", &mut found);
    found
}

fn category_level(
    reader: &mut Reader<'_>,
    node: &Node,
    above: &str,
    found: &mut Vec<CategoryShape>,
) {
    let owner = if above.is_empty() { "`categories`" } else { above };
    for (key, value) in reader.entries(node, owner) {
        if !valid_word(reader, key, "a category") {
            continue;
        }
        let path = match above {
            "" => key.text.clone(),
            _ => format!("{above}.{}", key.text),
        };
        if matches!(value.value, Value::Map(_)) {
            if path.split('.').count() >= CATEGORY_DEPTH_MAX {
                reader.wrong_kind(value, &format!("`{path}`"), "the name of a mask");
                continue;
            }
            category_level(reader, value, &path, found);
        } else if let Some(mask) = mask_meaning(reader, value, &path) {
            found.push(CategoryShape { path: reader.at(path, key.span), mask });
        }
    }
}

fn mask_meaning(reader: &mut Reader<'_>, node: &Node, path: &str) -> Option<MaskMeaning> {
    let text = reader.text(node, &format!("the mask of `{path}`"))?;
    match text.value.as_str() {
        "hide" => return Some(MaskMeaning::Hide),
        "block" => return Some(MaskMeaning::Block),
        word => {
            if let Some((_, mask)) = MASKS.iter().find(|(name, _)| *name == word) {
                return Some(MaskMeaning::Mask(*mask));
            }
        }
    }
    let known = || MASKS.iter().map(|(name, _)| *name).chain(["hide", "block"]);
    reader.report(
        Diagnostic::error("PP014", format!("unknown mask `{}`", text.value))
            .at(&text.place)
            .note(format!("one of: {}", known().collect::<Vec<_>>().join(", ")))
            .suggest(&text.value, known()),
    );
    None
}

/// Names of categories, purposes, rules and services: letters, digits, `_` and `-`.
pub fn valid_word(reader: &mut Reader<'_>, key: &Key, what: &str) -> bool {
    let fine = !key.text.is_empty()
        && key.text.len() <= WORD_BYTES_MAX
        && key.text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if !fine {
        let place = reader.place(key.span);
        let message = format!("`{}` cannot name {what}", key.text);
        reader.report(
            Diagnostic::error("PP009", message)
                .at(&place)
                .label("letters, digits, `_` and `-` only"),
        );
    }
    fine
}

pub fn subjects(reader: &mut Reader<'_>, node: &Node) -> Option<SubjectsShape> {
    const KEYS: &[&str] =
        &["table", "id", "minor", "cancelled", "locked", "status", "choices", "erase"];
    let fields = reader.fields(node, "`subjects`", KEYS);
    let erase = fields.get("erase").map(|node| erasure::of_categories(reader, node));
    let erase = erase.unwrap_or_default();
    let table = required(reader, node, fields.get("table"), "table")
        .and_then(|n| reader.table(n, "`subjects.table`"));
    let id = required(reader, node, fields.get("id"), "id")
        .and_then(|n| reader.name(n, "`subjects.id`"));
    let sql = |reader: &mut Reader<'_>, key: &str| {
        let node = fields.get(key)?;
        reader.text(node, &format!("`subjects.{key}`"))
    };
    let (cancelled, locked) = (sql(reader, "cancelled"), sql(reader, "locked"));
    let status = fields.get("status");
    let status = status.and_then(|node| reader.word(node, "`status`", &[("store", ())]));
    let status_stored = status.map(|word| word.place);
    let minor = fields.get("minor").and_then(|node| minor(reader, node));
    let choices = fields.get("choices").and_then(|node| choices(reader, node));
    Some(SubjectsShape {
        table: table?,
        id: id?,
        minor,
        cancelled,
        locked,
        status_stored,
        erase,
        choices,
    })
}

/// SQL, or `{ birth_date: born, age: 18, unknown: minor }`.
fn minor(reader: &mut Reader<'_>, node: &Node) -> Option<At<MinorSql>> {
    if !matches!(node.value, Value::Map(_)) {
        let text = reader.text(node, "`subjects.minor`")?;
        return Some(At { value: MinorSql::Text(text.value), place: text.place });
    }
    let fields = reader.fields(node, "`subjects.minor`", &["birth_date", "age", "unknown"]);
    let birth_date = required(reader, node, fields.get("birth_date"), "birth_date")?;
    let birth_date = reader.name(birth_date, "`minor.birth_date`")?;
    let years = match fields.get("age") {
        None => ADULT_YEARS,
        Some(node) => {
            let years = reader.small_number(node, "`minor.age`")?;
            if years == 0 || years > AgeLimit::YEARS_MAX {
                reader.wrong_kind(node, "`minor.age`", "an age in years");
                return None;
            }
            years
        }
    };
    let words = [("minor", false), ("adult", true)];
    let unknown = match fields.get("unknown") {
        None => false,
        Some(node) => reader.word(node, "`minor.unknown`", &words)?.value,
    };
    let value = AgeLimit { birth_date: birth_date.value, years, unknown_is_adult: unknown };
    Some(At { value: MinorSql::Age(value), place: birth_date.place })
}

fn choices(reader: &mut Reader<'_>, node: &Node) -> Option<ChoicesShape> {
    const KEYS: &[&str] = &[
        "table",
        "subject",
        "purpose",
        "choice",
        "values",
        "guardian",
        "category",
        "service",
        "recipient",
        "from",
        "until",
    ];
    if matches!(node.value, Value::Text(_)) {
        let word = reader.word(node, "`choices`", &[("store", ())])?;
        return Some(installed_store(&word.place));
    }
    let fields = reader.fields(node, "`choices`", KEYS);
    let table = required(reader, node, fields.get("table"), "table")
        .and_then(|n| reader.table(n, "`choices.table`"));
    let name = |reader: &mut Reader<'_>, key: &str| {
        let found = required(reader, node, fields.get(key), key)?;
        reader.name(found, &format!("`choices.{key}`"))
    };
    let (subject, purpose, choice) =
        (name(reader, "subject"), name(reader, "purpose"), name(reader, "choice"));
    let optional = |reader: &mut Reader<'_>, key: &str| {
        reader.name(fields.get(key)?, &format!("`choices.{key}`"))
    };
    let (guardian, category) = (optional(reader, "guardian"), optional(reader, "category"));
    let (service, recipient) = (optional(reader, "service"), optional(reader, "recipient"));
    let (from, until) = (optional(reader, "from"), optional(reader, "until"));
    let given = fields.get("values").map(|node| {
        let fields = reader.fields(node, "`choices.values`", &["given", "refused"]);
        if let Some(node) = fields.get("refused") {
            // Whatever is not given counts as refused; the list documents the usual words.
            reader.texts(node, "`values.refused`");
        }
        let Some(given) = required(reader, node, fields.get("given"), "given") else {
            return Vec::new();
        };
        reader.texts(given, "`values.given`").into_iter().map(|t| t.value).collect()
    });
    Some(ChoicesShape {
        table: table?,
        subject: subject?,
        purpose: purpose?,
        choice: choice?,
        given,
        guardian,
        category,
        service,
        recipient,
        from,
        until,
    })
}

/// `choices: store`: the view on the choices kept in the schema `pgpurpose`.
fn installed_store(place: &Place) -> ChoicesShape {
    let name = |text: &str| At { value: Name::new(text), place: place.clone() };
    ChoicesShape {
        table: At { value: QualifiedName::new("pgpurpose", "choices"), place: place.clone() },
        subject: name("subject"),
        purpose: name("purpose"),
        choice: name("choice"),
        given: None,
        guardian: Some(name("guardian")),
        category: Some(name("category")),
        service: Some(name("service")),
        recipient: Some(name("recipient")),
        from: None,
        until: Some(name("valid_until")),
    }
}

/// The longest name of a category, purpose, rule or service, in bytes.
pub const WORD_BYTES_MAX: usize = 63;
/// Years at which people come of age, if `minor.age` does not say.
const ADULT_YEARS: u32 = 18;
/// Levels in the tree of categories.
const CATEGORY_DEPTH_MAX: usize = 8;
