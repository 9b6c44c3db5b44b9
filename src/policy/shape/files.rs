//! All files → `Written`: any top-level key may live in any file, no id in two places.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::reader::{Fields, Reader};
use super::types::{At, ServiceShape, Written};
use super::{general, limits, people, policy, purposes, tables};
use crate::policy::diagnostic::{Diagnostic, Place, SourceFile};
use crate::policy::yaml::{self, Node, Span, Value};

/// Reads every file and reports every mistake of all of them.
pub fn read_all(files: &[SourceFile], found: &mut Vec<Diagnostic>) -> Written {
    let mut written = Written::default();
    let mut ids = Ids::default();
    if files.len() > FILES_MAX {
        let message = format!("more than {FILES_MAX} rule files");
        found.push(Diagnostic::error("PP001", message));
        return written;
    }
    for file in files {
        let file = Arc::new(file.clone());
        let root = match yaml::parse(&file.text) {
            Ok(Some(root)) => root,
            Ok(None) => continue,
            Err(error) => {
                let span = error.span.unwrap_or(Span { line: 1, column: 1, start: 0, len: 0 });
                let place = Reader::new(Arc::clone(&file), found).place(span);
                found.push(Diagnostic::error("PP001", error.message).at(&place));
                continue;
            }
        };
        let mut reader = Reader::new(file, found);
        if is_service(&root) {
            read_service(&mut reader, &root, &mut ids, &mut written);
        } else {
            read_file(&mut reader, &root, &mut ids, &mut written);
        }
    }
    written
}

/// The ids of all files, to find the ones given twice.
#[derive(Default)]
pub struct Ids(BTreeMap<(&'static str, String), Place>);

impl Ids {
    /// `false`, and a report, if this kind of entry was already given under this id.
    fn claim(&mut self, reader: &mut Reader<'_>, kind: &'static str, id: &At<String>) -> bool {
        match self.0.get(&(kind, id.value.clone())) {
            None => {
                self.0.insert((kind, id.value.clone()), id.place.clone());
                true
            }
            Some(first) => {
                let message = format!("{kind} `{}` is given twice", id.value);
                reader.report(
                    Diagnostic::error("PP006", message)
                        .at(&id.place)
                        .label(format!("also at {first}"))
                        .help("keep one: no file wins over another"),
                );
                false
            }
        }
    }
}

fn is_service(root: &Node) -> bool {
    matches!(&root.value, Value::Map(map) if map.iter().any(|(key, _)| key.text == "service"))
}

const FILE_KEYS: &[&str] = &[
    "pgpurpose",
    "policy",
    "defaults",
    "categories",
    "subjects",
    "tables",
    "purposes",
    "roles",
    "rules",
    "combinations",
    "quotas",
];

fn read_file(reader: &mut Reader<'_>, root: &Node, ids: &mut Ids, into: &mut Written) {
    let fields = reader.fields(root, "the file", FILE_KEYS);
    if let Some(node) = fields.get("pgpurpose") {
        read_format(reader, node);
    }
    if let Some(node) = fields.get("policy")
        && once(reader, ids, "policy", node)
    {
        into.policy = Some(policy::policy(reader, node));
    }
    if let Some(node) = fields.get("defaults")
        && once(reader, ids, "defaults", node)
    {
        into.defaults = general::defaults(reader, node);
    }
    if let Some(node) = fields.get("subjects")
        && once(reader, ids, "subjects", node)
    {
        into.subjects = general::subjects(reader, node);
    }
    if let Some(node) = fields.get("categories") {
        for shape in general::categories(reader, node) {
            if ids.claim(reader, "category", &shape.path) {
                into.categories.push(shape);
            }
        }
    }
    if let Some(node) = fields.get("tables") {
        for shape in tables::tables(reader, node) {
            let pattern = &shape.pattern;
            let id = format!("{}.{}", pattern.value.schema, pattern.value.table);
            if ids.claim(reader, "table", &At { value: id, place: pattern.place.clone() }) {
                into.tables.push(shape);
            }
        }
    }
    if let Some(node) = fields.get("purposes") {
        for shape in purposes::purposes(reader, node) {
            if ids.claim(reader, "purpose", &shape.path) {
                into.purposes.push(shape);
            }
        }
    }
    if let Some(node) = fields.get("roles") {
        for shape in people::roles(reader, node) {
            if ids.claim(reader, "role", &shape.name) {
                into.roles.push(shape);
            }
        }
    }
    read_limits(reader, &fields, ids, into);
    if let Some(node) = fields.get("rules") {
        for shape in people::rules(reader, node) {
            if ids.claim(reader, "rule", &shape.id) {
                into.rules.push(shape);
            }
        }
    }
}

fn read_limits(reader: &mut Reader<'_>, fields: &Fields<'_>, ids: &mut Ids, into: &mut Written) {
    if let Some(node) = fields.get("combinations") {
        for shape in limits::combinations(reader, node) {
            if ids.claim(reader, "combination", &shape.id) {
                into.combinations.push(shape);
            }
        }
    }
    if let Some(node) = fields.get("quotas") {
        for shape in limits::quotas(reader, node) {
            if ids.claim(reader, "quota", &shape.id) {
                into.quotas.push(shape);
            }
        }
    }
}

fn once(reader: &mut Reader<'_>, ids: &mut Ids, key: &'static str, node: &Node) -> bool {
    let id = reader.at(key.to_owned(), node.span);
    ids.claim(reader, "top-level key", &id)
}

fn read_format(reader: &mut Reader<'_>, node: &Node) {
    if let Some(version) = reader.number(node, "`pgpurpose`")
        && version != FORMAT_VERSION
    {
        let place = reader.place(node.span);
        let message = format!("format {version} of rule files is not known");
        reader.report(
            Diagnostic::error("PP008", message)
                .at(&place)
                .label(format!("this version reads format {FORMAT_VERSION}")),
        );
    }
}

const SERVICE_KEYS: &[&str] =
    &["pgpurpose", "service", "schemas", "tables", "policy", "purposes", "rules"];

fn read_service(reader: &mut Reader<'_>, root: &Node, ids: &mut Ids, into: &mut Written) {
    let fields = reader.fields(root, "the file of a service", SERVICE_KEYS);
    if let Some(node) = fields.get("pgpurpose") {
        read_format(reader, node);
    }
    let Some(name) = fields.get("service").and_then(|n| reader.text(n, "`service`")) else {
        return;
    };
    if !ids.claim(reader, "service", &name) {
        return;
    }
    let mut tables = Vec::new();
    if let Some(node) = fields.get("tables") {
        for text in reader.texts(node, "`tables` of a service") {
            tables.extend(reader.pattern(text));
        }
    }
    let mut rules = Vec::new();
    if let Some(node) = fields.get("rules") {
        for shape in people::rules(reader, node) {
            let id = format!("{}.{}", name.value, shape.id.value);
            if ids.claim(reader, "rule", &At { value: id, place: shape.id.place.clone() }) {
                rules.push(shape);
            }
        }
    }
    into.services.push(ServiceShape {
        name,
        rules,
        schemas: fields
            .get("schemas")
            .map_or_else(Vec::new, |node| reader.texts(node, "`schemas`")),
        tables,
        policy: fields.get("policy").map(|node| policy::policy(reader, node)),
        purposes: fields
            .get("purposes")
            .map_or_else(Vec::new, |node| purposes::purposes(reader, node)),
    });
}

/// The format of rule files this version reads.
const FORMAT_VERSION: u64 = 1;
/// The most files a rule directory may hold.
pub const FILES_MAX: usize = 1_000;
