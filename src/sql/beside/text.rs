//! What code of the database reads and writes that a statement sets off without naming it.
//!
//! A trigger cannot be rewritten, and its results come back with RETURNING, in a column or by
//! whether it fails. So its text is looked through for every name that could be a governed table's
//! or another function's, in whatever schema: the search path of whoever sets it off decides. What
//! builds statements at run time, or is in a language not followed, is `unread`. The row that is
//! written is its own: what is made of it stands under the labels of the columns it is put in.

use std::collections::{BTreeSet, HashMap};

use super::super::lexer::{TokenKind, lex};
use super::super::tokens::{TokenRange, Tokens};
use crate::catalog::system::{
    FunctionClass, function_class, is_built_in, trusted_extension, trusted_extension_function,
};
use crate::catalog::{Catalog, Function, Relation, Source, WriteKind};
use crate::model::names::{Name, QualifiedName, RelationId};

/// What one text does by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Relations that may hold personal data.
    pub reads: BTreeSet<RelationId>,
    pub writes: BTreeSet<(RelationId, WriteKind)>,
    pub calls: BTreeSet<QualifiedName>,
    pub domains: BTreeSet<QualifiedName>,
    /// What it does is decided while it runs.
    pub unread: bool,
    /// It may change the row it is called for.
    pub fills: bool,
}

/// Looks texts of code through.
pub struct CodeReader<'a> {
    catalog: &'a Catalog,
    limited: &'a dyn Fn(RelationId) -> bool,
    trusted: &'a dyn Fn(&QualifiedName) -> bool,
    relations: HashMap<&'a Name, Vec<&'a Relation>>,
    domains: HashMap<&'a Name, Vec<&'a QualifiedName>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Sql,
    Procedural,
}

impl<'a> CodeReader<'a> {
    /// `limited`: whether not everybody may read a relation as it is. `trusted`: functions that
    /// the rules name.
    pub fn new(
        catalog: &'a Catalog,
        limited: &'a dyn Fn(RelationId) -> bool,
        trusted: &'a dyn Fn(&QualifiedName) -> bool,
    ) -> CodeReader<'a> {
        let mut relations: HashMap<&Name, Vec<&Relation>> = HashMap::new();
        let system = |r: &&Relation| matches!(r.name.schema.as_str(), "pg_catalog" | "pg_toast");
        for relation in catalog.relations().filter(|r| !system(r)) {
            relations.entry(&relation.name.name).or_default().push(relation);
        }
        let mut domains: HashMap<&Name, Vec<&QualifiedName>> = HashMap::new();
        for domain in catalog.domain_checks().keys() {
            domains.entry(&domain.name).or_default().push(domain);
        }
        CodeReader { catalog, limited, trusted, relations, domains }
    }

    /// Whether the rules name a function, or a rule as if it were one.
    pub fn trusts(&self, name: &QualifiedName) -> bool {
        (self.trusted)(name)
    }

    /// An expression: of a default, a check, an index.
    pub fn expression(&self, text: &str) -> Facts {
        self.text(text, Language::Sql, None)
    }

    /// `CREATE RULE …`; the table that it is on is no table it reads.
    pub fn rule(&self, text: &str) -> Facts {
        fn own(tokens: &Tokens<'_>) -> Option<usize> {
            (0..tokens.count()).find(|i| tokens.is_word(*i, "to"))
        }
        self.text(text, Language::Sql, Some(own))
    }

    /// The WHEN of `CREATE TRIGGER …`.
    pub fn trigger_condition(&self, text: &str) -> Facts {
        let unread = Facts { unread: true, ..Facts::default() };
        let Ok(lexed) = lex(text) else { return unread };
        let tokens = Tokens::new(text, lexed);
        let all = 0..tokens.count();
        let first = all.clone().find(|i| tokens.is_word(*i, "when"));
        let last = all.rev().find(|i| tokens.is_word(*i, "execute"));
        match (first, last) {
            (Some(first), Some(last)) if first < last => {
                self.expression(tokens.text_of(TokenRange::new(first + 1, last)))
            }
            _ => unread,
        }
    }

    /// All functions of a name. Trusted ones do nothing.
    pub fn functions(&self, name: &QualifiedName) -> Facts {
        let mut facts = Facts::default();
        let named = self.catalog.functions_named(&name.name).iter();
        for function in named.filter(|function| function.name == *name) {
            facts.join(self.function(function));
        }
        facts
    }

    fn function(&self, function: &Function) -> Facts {
        let unread = Facts { unread: true, fills: true, ..Facts::default() };
        if (self.trusted)(&function.name) || trusted_extension_function(function) {
            return Facts::default();
        }
        if function.extension.is_some() {
            return unread;
        }
        let (body, language) = match &function.source {
            Source::Unknown => return unread,
            Source::Aggregate(runs) => {
                let calls = runs.iter().filter(|name| name.schema.as_str() != "pg_catalog");
                return Facts { calls: calls.cloned().collect(), ..Facts::default() };
            }
            Source::Sql(body) => (body, Language::Sql),
            Source::Procedural(body) => (body, Language::Procedural),
        };
        let mut facts = self.text(&body.text, language, None);
        if let Some(defaults) = &body.defaults {
            facts.join(self.expression(defaults));
        }
        facts
    }

    fn text(
        &self,
        text: &str,
        language: Language,
        own: Option<fn(&Tokens<'_>) -> Option<usize>>,
    ) -> Facts {
        let Ok(lexed) = lex(text) else {
            return Facts { unread: true, fills: true, ..Facts::default() };
        };
        let tokens = Tokens::new(text, lexed);
        let own = own.and_then(|own| own(&tokens));
        let mut facts = Facts::default();
        let observes = (0..tokens.count()).any(|i| OBSERVES.iter().any(|w| tokens.is_word(i, w)));
        for i in 0..tokens.count() {
            match tokens.kind(i) {
                Some(TokenKind::Operator(symbol)) => {
                    let users = self.catalog.operators_named(symbol).iter();
                    facts.calls.extend(users.map(|operator| operator.function.clone()));
                }
                Some(TokenKind::Word(_) | TokenKind::Quoted(_)) => {
                    if language == Language::Procedural && tokens.is_word(i, "execute") {
                        facts.unread = true;
                    }
                    let Some(place) = NamePlace::at(&tokens, i) else { continue };
                    if own.is_none_or(|to| place.first != to + 1) {
                        self.relation(&tokens, &place, observes, &mut facts);
                    }
                    self.call(&tokens, &place, &mut facts);
                    self.domain(&place, &mut facts);
                }
                _ => {}
            }
        }
        self.casts(&tokens, &mut facts);
        facts.fills = language == Language::Procedural && fills(&tokens);
        facts
    }

    fn relation(&self, tokens: &Tokens<'_>, at: &NamePlace<'_>, observes: bool, facts: &mut Facts) {
        for relation in self.meant(at) {
            let written = written(tokens, at.first);
            facts.writes.extend(written.iter().map(|kind| (relation.id, *kind)));
            if (self.limited)(relation.id) && (written.is_empty() || observes) {
                facts.reads.insert(relation.id);
            }
        }
    }

    /// Relations that a name can mean, under whatever search path.
    fn meant(&self, at: &NamePlace<'_>) -> impl Iterator<Item = &'a Relation> {
        let all = self.relations.get(at.name).into_iter().flatten().copied();
        let schema = at.schema.cloned();
        let (qualified, catalog) = (at.qualified, self.catalog);
        all.filter(move |relation| match &schema {
            Some(schema) if schema.as_str() == "pg_temp" => relation.temporary,
            // Else what stands before the point is an alias.
            Some(schema) => relation.name.schema == *schema && catalog.has_schema(schema),
            None => !qualified,
        })
    }

    fn call(&self, tokens: &Tokens<'_>, at: &NamePlace<'_>, facts: &mut Facts) {
        let called = tokens.is_punctuation(at.last + 1, '(');
        if !called && !at.qualified {
            return;
        }
        let users = self.catalog.functions_named(at.name).iter();
        let schema = at.schema.filter(|schema| self.catalog.has_schema(schema));
        let users = users.filter(|f| schema.is_none_or(|schema| f.name.schema == *schema));
        facts.calls.extend(users.map(|function| function.name.clone()));
        let built_in = schema.is_none_or(|schema| schema.as_str() == "pg_catalog");
        let class = function_class(self.catalog.major, at.name.as_str());
        if called
            && built_in
            && is_built_in(at.name.as_str())
            && class == FunctionClass::Closed
            && !(self.trusted)(&QualifiedName::new("pg_catalog", at.name.as_str()))
        {
            facts.unread = true;
        }
    }

    fn domain(&self, at: &NamePlace<'_>, facts: &mut Facts) {
        let domains = self.domains.get(at.name).into_iter().flatten();
        let meant = domains.filter(|d| at.schema.is_none_or(|schema| d.schema == *schema));
        facts.domains.extend(meant.map(|domain| (*domain).clone()));
    }

    /// Casts of users that may be applied without being written.
    fn casts(&self, tokens: &Tokens<'_>, facts: &mut Facts) {
        let built_in = |name: &QualifiedName| name.schema.as_str() == "pg_catalog";
        for cast in self.catalog.user_casts() {
            if cast.extension.as_ref().is_some_and(|e| trusted_extension(e.as_str())) {
                continue;
            }
            let types = [&cast.source, &cast.target];
            let named = |i: usize| {
                tokens.name(i).is_some_and(|n| types.iter().any(|t| !built_in(t) && t.name == *n))
            };
            if types.iter().all(|t| built_in(t)) || (0..tokens.count()).any(named) {
                facts.calls.insert(cast.function.clone());
            }
        }
    }
}

impl Facts {
    pub fn join(&mut self, other: Facts) {
        self.reads.extend(other.reads);
        self.writes.extend(other.writes);
        self.calls.extend(other.calls);
        self.domains.extend(other.domains);
        self.unread |= other.unread;
        self.fills |= other.fills;
    }
}

/// A name with what stands before it.
struct NamePlace<'t> {
    name: &'t Name,
    schema: Option<&'t Name>,
    /// Something stands before it and a point.
    qualified: bool,
    first: usize,
    last: usize,
}

impl<'t> NamePlace<'t> {
    fn at(tokens: &'t Tokens<'_>, i: usize) -> Option<NamePlace<'t>> {
        let qualified = i >= 1 && tokens.is_punctuation(i - 1, '.');
        let schema = i.checked_sub(2).filter(|_| qualified).and_then(|at| tokens.name(at));
        let first = if schema.is_some() { i - 2 } else { i };
        Some(NamePlace { name: tokens.name(i)?, schema, qualified, first, last: i })
    }
}

/// Words by which a text learns what its own write has met.
const OBSERVES: [&str; 3] = ["returning", "found", "row_count"];

/// What is done to a table whose name begins at a place; empty: it is read.
fn written(tokens: &Tokens<'_>, first: usize) -> Vec<WriteKind> {
    let before = |n: usize| first.checked_sub(n).and_then(|at| tokens.word(at));
    let skip = usize::from(before(1) == Some("only"));
    match (before(2 + skip), before(1 + skip)) {
        (Some("insert"), Some("into")) => vec![WriteKind::Insert, WriteKind::Update],
        (Some("merge"), Some("into")) => WriteKind::ALL.to_vec(),
        (Some("delete"), Some("from")) => vec![WriteKind::Delete],
        (Some("do" | "for" | "key" | "on"), Some("update")) => Vec::new(),
        (_, Some("update")) => vec![WriteKind::Update],
        _ => Vec::new(),
    }
}

/// Whether a body in PL/pgSQL may change NEW, or give back another row.
fn fills(tokens: &Tokens<'_>) -> bool {
    const STARTS: [&str; 5] = ["begin", "then", "else", "loop", "for"];
    const HANDS_OUT: [&str; 4] = ["alias", "call", "diagnostics", "into"];
    let new = |i: usize| tokens.is_word(i, "new");
    let ends = |i: usize| (i..tokens.count()).find(|at| tokens.is_punctuation(*at, ';'));
    let kept = |i: usize| ["new", "old", "null"].iter().any(|word| tokens.is_word(i, word));
    (0..tokens.count()).any(|i| {
        let before = i.checked_sub(1);
        let starts = before.is_none_or(|at| {
            tokens.is_punctuation(at, ';')
                || tokens.is_operator(at, ">>")
                || STARTS.iter().any(|word| tokens.is_word(at, word))
        });
        let inserts =
            before.is_some_and(|at| tokens.is_word(at, "insert") || tokens.is_word(at, "merge"));
        let handed = !inserts && HANDS_OUT.iter().any(|word| tokens.is_word(i, word));
        let returns =
            tokens.is_word(i, "return") && !(kept(i + 1) && tokens.is_punctuation(i + 2, ';'));
        (new(i) && starts) || returns || (handed && (i..ends(i).unwrap_or(tokens.count())).any(new))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> bool {
        fills(&Tokens::new(text, lex(text).expect("tokens")))
    }

    #[test]
    fn a_row_is_filled_by_what_assigns_to_it() {
        for text in [
            "BEGIN NEW.a := 1; RETURN NEW; END",
            "BEGIN IF x THEN NEW.a = 1; END IF; RETURN NEW; END",
            "BEGIN SELECT 1 INTO NEW.a; RETURN NEW; END",
            "BEGIN NEW := r; RETURN NEW; END",
            "BEGIN RETURN r; END",
            "DECLARE n ALIAS FOR NEW; BEGIN n.a := 1; RETURN NEW; END",
        ] {
            assert!(fill(text), "{text}");
        }
        for text in [
            "BEGIN INSERT INTO log VALUES (NEW.id); RETURN NULL; END",
            "BEGIN IF NEW.a = 1 THEN RAISE 'x'; END IF; RETURN NEW; END",
            "DECLARE n int; BEGIN SELECT 1 INTO n; RETURN NEW; END",
        ] {
            assert!(!fill(text), "{text}");
        }
    }
}
