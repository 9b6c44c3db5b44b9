//! Files → `Ruleset`, or every mistake of all files at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{categories, limits, lints, purposes, roles, rules, tables};
use crate::model::ruling::PersonOutcome;
use crate::policy::diagnostic::{Diagnostic, SourceFile};
use crate::policy::ruleset::{Policy, Rules, Ruleset};
use crate::policy::shape::{self, ListShape, PolicyShape, Written};

impl Ruleset {
    /// Reads and checks all rule files; their order does not matter.
    ///
    /// # Errors
    /// Every mistake of every file, warnings included, in the order of their places.
    pub fn load(files: &[SourceFile]) -> Result<Ruleset, Vec<Diagnostic>> {
        let mut files = files.to_vec();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let mut found = Vec::new();
        let written = shape::read_all(&files, &mut found);
        let rules = meant(&written, hash(&files), &mut found);
        lints::run(&written, &rules, &mut found);
        in_order(&mut found);
        if found.iter().any(Diagnostic::is_error) {
            return Err(found);
        }
        Ok(Ruleset { rules: Arc::new(rules), warnings: found })
    }
}

fn meant(written: &Written, hash: String, found: &mut Vec<Diagnostic>) -> Rules {
    let tree = categories::build(&written.categories, found);
    let tables = tables::build(written, &tree, found);
    let services = tables::services(&written.services, found);
    let purposes = purposes::build(written, &tree, found);
    let purpose_index =
        purposes.iter().enumerate().map(|(at, p)| (p.path.to_string(), at)).collect();
    let known = roles::Known {
        purposes: &purposes,
        index: &purpose_index,
        services: service_names(written),
    };
    let roles = roles::build(written, &known, found);
    let stays = tables::stays(written, &tree, found);
    let exceptions = rules::build(written, &tree, &purpose_index, found);
    let combinations = limits::combinations(written, &tree, &purpose_index, found);
    let quotas = limits::quotas(written, &purpose_index, found);
    let defaults = &written.defaults;
    let set = |at: &Option<shape::At<bool>>| at.as_ref().is_some_and(|at| at.value);
    Rules {
        hash,
        policy: policy(written.policy.as_ref()),
        observe: set(&defaults.observe),
        refused: defaults.refused.unwrap_or(PersonOutcome::HideRows),
        unlisted_table: set(&defaults.unlisted_table),
        unlisted_function: set(&defaults.unlisted_function),
        unparsable_sql: set(&defaults.unparsable_sql),
        trusted_functions: defaults
            .trusted_functions
            .iter()
            .map(|at| (at.value.clone(), at.place.clone()))
            .collect(),
        categories: tree,
        stays,
        subjects: written.subjects.clone(),
        tables: tables.exact,
        patterns: tables.patterns,
        purposes,
        purpose_index,
        roles,
        rules: exceptions,
        combinations,
        quotas,
        services,
        lists: lists(written),
    }
}

fn lists(written: &Written) -> Vec<ListShape> {
    let services = written.services.iter().flat_map(|service| &service.purposes);
    let purposes = written.purposes.iter().chain(services);
    purposes.filter_map(|purpose| purpose.only_people.clone()).collect()
}

fn policy(shape: Option<&PolicyShape>) -> Policy {
    let zone = shape.and_then(|p| p.time_zone.clone());
    let day = |of: fn(&PolicyShape) -> Option<&shape::At<String>>| {
        shape.and_then(of).map(|at| at.value.clone())
    };
    Policy {
        version: shape.and_then(|p| p.version),
        effective: day(|p| p.effective.as_ref()),
        notice_required: shape.is_some_and(|p| p.notice_required),
        published: day(|p| p.published.as_ref()),
        seen: shape.and_then(|p| p.seen.clone()),
        active: shape.and_then(|p| p.active.clone()),
        time_zone: zone.unwrap_or_else(|| TIME_ZONE.to_owned()),
    }
}

fn service_names(written: &Written) -> BTreeSet<String> {
    let schemas = written.tables.iter().map(|table| table.pattern.value.schema.clone());
    let services = written.services.iter().map(|service| service.name.value.clone());
    schemas.chain(services).collect()
}

/// The same rules have the same hash, wherever their files lie and whatever they are called.
fn hash(files: &[SourceFile]) -> String {
    let mut texts: Vec<&str> = files.iter().map(|file| file.text.as_str()).collect();
    texts.sort_unstable();
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.len().to_be_bytes());
        hasher.update(text.as_bytes());
    }
    let digest = hasher.finalize();
    digest.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// By file, then line; what has no place comes last.
fn in_order(found: &mut [Diagnostic]) {
    found.sort_by_key(|diagnostic| {
        let place = diagnostic.place.as_ref();
        (
            place.is_none(),
            place.map(|p| (p.file.path.clone(), p.line, p.column)),
            diagnostic.code,
            diagnostic.message.clone(),
        )
    });
}

/// `policy.time_zone` where none is given.
const TIME_ZONE: &str = "UTC";
/// Bytes of the digest that name a ruleset: 12 hexadecimal digits.
const HASH_BYTES: usize = 6;
