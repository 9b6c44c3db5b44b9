//! What is built into the server: which of its relations and functions are open.
//!
//! The server's own catalog can be read freely, except where it carries values of tables, the
//! texts of other sessions, or secrets. Its functions are open by name, from lists reviewed for
//! each major version; a name on no list is closed.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use super::display::is_displayed;
use super::relations::{Function, UserOperator, Volatility};
use super::source::Source;
use super::types::built_in_type_category;
use crate::model::names::QualifiedName;

/// What a built-in function may do, by name; of several overloads, the most that one of them may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FunctionClass {
    /// Reads only its arguments, the clock or a random number; writes nothing; runs no text as
    /// SQL. Operators and casts of `pg_catalog` are of this class or the next.
    Pure,
    /// Reads names, definitions, privileges, sizes or the session's own state.
    Catalog,
    /// Harmless by itself, but carries an argument out of the statement, or acts on the server as
    /// the server's own privileges allow: only in statements that touch nothing governed.
    /// `nextval`, `currval` and `lastval` with constant arguments are fine anywhere.
    Sink,
    /// Reads behind the statement's back, runs text as SQL, or has not been reviewed.
    Closed,
}

/// The class of a function of `pg_catalog`, or of what the grammar calls like one (`coalesce`,
/// `trim`). A type's name is the cast to it. Tells nothing about functions of other schemas.
pub fn function_class(major: u32, name: &str) -> FunctionClass {
    match CLASSES.get(name) {
        Some(entry) if entry.first <= major && major <= entry.last => entry.class,
        Some(_) => FunctionClass::Closed,
        None => match built_in_type_category(name) {
            // Internal types and pseudo-types are not cast to by hand.
            None | Some('P' | 'Z') => FunctionClass::Closed,
            Some(_) if name.starts_with("reg") => FunctionClass::Catalog,
            Some(_) => FunctionClass::Pure,
        },
    }
}

/// Whether any supported server has a built-in function or type of this name.
pub fn is_built_in(name: &str) -> bool {
    CLASSES.contains_key(name) || built_in_type_category(name).is_some()
}

static CLASSES: LazyLock<HashMap<&str, Entry>> = LazyLock::new(classes);

/// Why a system relation is closed; `None`: it is open.
///
/// Reviewed against PostgreSQL 14 to 18. What `psql \d`, `pg_dump` and drivers read is open, or
/// shown with less than it holds ([`super::display`]).
pub fn closed_relation(name: &QualifiedName) -> Option<&'static str> {
    let relation = name.name.as_str();
    if is_displayed(name) {
        return None;
    }
    if EXTENSION_STATISTICS.iter().any(|prefix| relation.starts_with(prefix)) {
        return Some("it shows the statements and constants of other sessions");
    }
    match name.schema.as_str() {
        "pg_toast" => Some("it holds the long values of a table"),
        "pg_catalog" => closed_catalog(relation),
        schema if schema.starts_with("pg_toast_temp_") => {
            Some("it holds the long values of a table")
        }
        _ => None,
    }
}

fn closed_catalog(relation: &str) -> Option<&'static str> {
    if OPEN_STATISTICS.contains(&relation) {
        return None;
    }
    match relation {
        "pg_stat_wal_receiver" => Some("it shows how another server is reached"),
        "pg_backend_memory_contexts" => Some("it shows parts of statements"),
        "pg_largeobject" => Some("it holds the contents of large objects"),
        "pg_hba_file_rules" | "pg_ident_file_mappings" | "pg_file_settings" => {
            Some("it shows the server's configuration files")
        }
        "pg_shmem_allocations" | "pg_shmem_allocations_numa" | "pg_aios" => {
            Some("it shows what the server works on")
        }
        // A row that a purpose may not see is counted all the same when it is read.
        _ if relation.starts_with("pg_stat") => Some("it counts rows that may be hidden"),
        _ => None,
    }
}

/// Whether a function of an extension reads nothing but its arguments.
///
/// Trusted are the compiled functions of extensions reviewed as a whole, and of the others those
/// declared immutable, since such a function may not depend on any table (manual, 38.7); never
/// those of extensions that read elsewhere. A body in SQL may be led astray by the search path.
pub fn trusted_extension_function(function: &Function) -> bool {
    let Some(extension) = function.extension.as_ref().map(|e| e.as_str()) else { return false };
    let name = function.name.name.as_str();
    if READING_EXTENSIONS.contains(&extension) || SETTERS.contains(&(extension, name)) {
        return false;
    }
    let reviewed = COMPUTING_EXTENSIONS.contains(&extension);
    match function.language.as_str() {
        "c" | "internal" => reviewed || function.volatility == Volatility::Immutable,
        // Its bodies name everything in full.
        "sql" => extension == "citext",
        _ => false,
    }
}

/// Whether an operator of an extension reads nothing but its operands, by the same measure.
pub fn trusted_extension_operator(operator: &UserOperator) -> bool {
    trusted_extension_function(&Function {
        name: operator.name.clone(),
        language: operator.language.clone(),
        volatility: operator.volatility,
        extension: operator.extension.clone(),
        source: Source::Unknown,
    })
}

/// Whether the types and casts of an extension do nothing but compute.
pub fn trusted_extension(extension: &str) -> bool {
    COMPUTING_EXTENSIONS.contains(&extension)
}

struct Entry {
    class: FunctionClass,
    first: u32,
    last: u32,
}

fn classes() -> HashMap<&'static str, Entry> {
    let mut classes = HashMap::new();
    let mut twice = BTreeSet::new();
    for (class, text) in LISTS {
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let (name, majors) = line.split_once(' ').unwrap_or((line, "-"));
            let (first, last) = majors.split_once('-').unwrap_or((majors, majors));
            let first = first.parse().unwrap_or(0);
            let last = last.parse().unwrap_or(u32::MAX);
            if classes.insert(name, Entry { class, first, last }).is_some() {
                twice.insert(name);
            }
        }
    }
    // A name on two lists has not been decided.
    classes.retain(|name, _| !twice.contains(name));
    classes
}

const LISTS: [(FunctionClass, &str); 4] = [
    (FunctionClass::Pure, include_str!("functions/pure.txt")),
    (FunctionClass::Catalog, include_str!("functions/catalog.txt")),
    (FunctionClass::Sink, include_str!("functions/sink.txt")),
    (FunctionClass::Closed, include_str!("functions/closed.txt")),
];

/// Cumulative statistics of the server as a whole, and the definitions of extended statistics.
const OPEN_STATISTICS: [&str; 7] = [
    "pg_statistic_ext",
    "pg_stat_archiver",
    "pg_stat_bgwriter",
    "pg_stat_checkpointer",
    "pg_stat_recovery_prefetch",
    "pg_stat_subscription",
    "pg_stat_subscription_stats",
];

/// Views of extensions, in whatever schema, that keep statements or constants.
const EXTENSION_STATISTICS: [&str; 3] = ["pg_stat_monitor", "pg_qualstats", "pg_store_plans"];

/// Extensions that reach tables, files, other servers or statement texts.
const READING_EXTENSIONS: [&str; 26] = [
    "adminpack",
    "amcheck",
    "autoinc",
    "dblink",
    "file_fdw",
    "insert_username",
    "lo",
    "moddatetime",
    "pageinspect",
    "pg_cron",
    "pg_freespacemap",
    "pg_prewarm",
    "pg_qualstats",
    "pg_stat_monitor",
    "pg_stat_statements",
    "pg_surgery",
    "pg_visibility",
    "pg_walinspect",
    "pgrowlocks",
    "pgstattuple",
    "plproxy",
    "postgres_fdw",
    "refint",
    "tablefunc",
    "tcn",
    "xml2",
];

/// Extensions reviewed as a whole: each function computes from its arguments, the session's
/// settings, a dictionary or a random number.
const COMPUTING_EXTENSIONS: [&str; 17] = [
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dict_int",
    "dict_xsyn",
    "earthdistance",
    "fuzzystrmatch",
    "hstore",
    "intarray",
    "isn",
    "ltree",
    "pg_trgm",
    "pgcrypto",
    "seg",
    "unaccent",
    "uuid-ossp",
];

/// Their functions that keep an argument for the rest of the session.
const SETTERS: [(&str, &str); 2] = [("isn", "isn_weak"), ("pg_trgm", "set_limit")];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::names::Name;

    #[test]
    fn lists_agree_with_themselves() {
        let mut seen = BTreeSet::new();
        for (_, text) in LISTS {
            let names: Vec<&str> = text
                .lines()
                .filter(|l| !l.starts_with('#'))
                .map(|l| l.split(' ').next().unwrap_or(l))
                .collect();
            assert!(names.is_sorted(), "a list is out of order");
            for name in names {
                assert!(seen.insert(name), "{name} is on two lists");
            }
        }
        assert!(seen.len() > 2_000);
    }

    #[test]
    fn classes_of_functions() {
        use FunctionClass::{Catalog, Closed, Pure, Sink};
        let cases = [
            ("lower", Pure),
            ("coalesce", Pure),
            ("extract", Pure),
            ("count", Pure),
            ("row_number", Pure),
            ("text", Pure),
            ("jsonb", Pure),
            ("int4", Pure),
            ("regclass", Catalog),
            ("pg_get_viewdef", Catalog),
            ("to_regclass", Catalog),
            ("nextval", Sink),
            ("set_config", Sink),
            ("pg_notify", Sink),
            ("pg_sleep", Sink),
            ("query_to_xml", Closed),
            ("ts_stat", Closed),
            ("ts_rewrite", Closed),
            ("pg_read_file", Closed),
            ("lo_get", Closed),
            ("pg_stat_get_activity", Closed),
            ("pg_input_is_valid", Closed),
            ("domain_in", Closed),
            ("anyarray", Closed),
            ("pg_mcv_list", Closed),
            ("nonesuch", Closed),
            ("LOWER", Closed),
        ];
        for (name, class) in cases {
            assert_eq!(function_class(15, name), class, "{name}");
        }
    }

    #[test]
    fn a_name_is_open_only_where_the_server_has_it() {
        assert_eq!(function_class(15, "any_value"), FunctionClass::Closed);
        assert_eq!(function_class(16, "any_value"), FunctionClass::Pure);
        assert_eq!(function_class(16, "interval_avg"), FunctionClass::Pure);
        assert_eq!(function_class(17, "interval_avg"), FunctionClass::Closed);
    }

    #[test]
    fn relations_that_carry_values_are_closed() {
        let closed = |schema, name| closed_relation(&QualifiedName::new(schema, name)).is_some();
        for name in [
            "pg_largeobject",
            "pg_hba_file_rules",
            "pg_stat_wal_receiver",
            "pg_stat_io",
            "pg_stat_something_new",
            "pg_backend_memory_contexts",
        ] {
            assert!(closed("pg_catalog", name), "{name}");
        }
        for name in [
            "pg_class",
            "pg_attribute",
            "pg_statistic_ext",
            "pg_roles",
            "pg_user",
            "pg_settings",
            "pg_constraint",
            "pg_stat_progress_copy",
            "pg_subscription",
            "pg_stats",
            "pg_stat_activity",
        ] {
            assert!(!closed("pg_catalog", name), "{name}");
        }
        assert!(closed("pg_toast", "pg_toast_16384"));
        assert!(closed("monitoring", "pg_stat_monitor"));
        assert!(!closed("monitoring", "pg_stat_statements"));
        assert!(!closed("information_schema", "columns"));
        assert!(!closed("shop", "pg_stats"));
    }

    #[test]
    fn extensions_are_trusted_by_what_they_do() {
        let function = |extension: Option<&str>, language: &str, volatility| Function {
            name: QualifiedName::new("public", "f"),
            language: Name::new(language),
            volatility,
            extension: extension.map(Name::new),
            source: Source::Unknown,
        };
        let trusted = |f: Function| trusted_extension_function(&f);
        assert!(trusted(function(Some("citext"), "sql", Volatility::Immutable)));
        assert!(trusted(function(Some("pg_trgm"), "c", Volatility::Stable)));
        let set_limit = QualifiedName::new("public", "set_limit");
        let trgm = function(Some("pg_trgm"), "c", Volatility::Volatile);
        assert!(!trusted(Function { name: set_limit, ..trgm }));
        assert!(!trusted(function(Some("earthdistance"), "sql", Volatility::Immutable)));
        assert!(trusted(function(Some("postgis"), "c", Volatility::Immutable)));
        assert!(!trusted(function(Some("postgis"), "plpgsql", Volatility::Immutable)));
        assert!(!trusted(function(Some("postgis"), "c", Volatility::Stable)));
        assert!(!trusted(function(Some("dblink"), "c", Volatility::Immutable)));
        assert!(!trusted(function(None, "c", Volatility::Immutable)));
    }
}
