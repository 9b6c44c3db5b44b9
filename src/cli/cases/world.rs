//! Rules bound to tables, and what they say of a case.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::case::{Case, File, Who};
use super::outcome::Outcome;
use super::shown::shown;
use crate::catalog::Catalog;
use crate::judge::{Verdict, judge, outputs};
use crate::model::access::{Access, DeclaredBy, SearchPath};
use crate::model::claims::{Claims, Token};
use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::policy::{Diagnostic, Ruleset, SourceFile};
use crate::snapshot::Snapshot;
use crate::sql::parse::STACK_BYTES;
use crate::sql::schema::parse_schema;

impl File {
    /// The world of a file that brings its own.
    ///
    /// # Errors
    /// Its rules are not valid, or do not fit its tables.
    pub fn world(&self, shop: &World) -> Result<Option<World>, String> {
        if self.rules.is_none() && self.schema.is_none() {
            return Ok(None);
        }
        let mut rules = match &self.rules {
            None => shop.rules.clone(),
            Some(text) => vec![SourceFile { path: "rules.yaml".into(), text: text.clone() }],
        };
        rules.extend(self.services.iter().enumerate().map(|(at, text)| SourceFile {
            path: format!("services/{at}.yaml"),
            text: text.clone(),
        }));
        let schema = self.schema.clone().unwrap_or_else(|| shop.schema.clone());
        World::new(rules, schema).map(Some)
    }
}

/// Rules bound to tables.
pub struct World {
    rules: Vec<SourceFile>,
    schema: String,
    snapshot: Arc<Snapshot>,
}

impl World {
    /// The rules of a directory over the tables of a script.
    ///
    /// # Errors
    /// They are not valid, or do not fit.
    pub fn new(rules: Vec<SourceFile>, schema: String) -> Result<World, String> {
        let ruleset = Ruleset::load(&rules).map_err(|found| told(&found))?;
        let catalog = Arc::new(parse_schema(&schema)?);
        let snapshot = bound(ruleset, catalog)?;
        Ok(World { rules, schema, snapshot })
    }

    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// The same tables under other rules.
    ///
    /// # Errors
    /// They are not valid, or do not fit.
    pub fn under(&self, rules: Vec<SourceFile>) -> Result<World, String> {
        let ruleset = Ruleset::load(&rules).map_err(|found| told(&found))?;
        let snapshot = bound(ruleset, Arc::clone(&self.snapshot.catalog))?;
        Ok(World { rules, schema: self.schema.clone(), snapshot })
    }

    pub fn rules(&self) -> &[SourceFile] {
        &self.rules
    }

    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// Judges one case. The stack must be as deep as judging needs: see [`on_deep_stack`].
    ///
    /// # Errors
    /// The case does not say who asks.
    pub fn judge(&self, who: &Who, case: &Case) -> Result<Outcome, String> {
        let mut who = who.clone();
        who.extend(case.who.clone());
        let access = access(&self.snapshot.ruleset, &who)?;
        let judgement = judge(&self.snapshot, &access, &case.sql);
        let outputs = outputs(&self.snapshot, &access, &case.sql);
        let sent = match (&judgement.verdict, &case.rewritten) {
            (Verdict::Forward(rewritten), said) => {
                // What runs behind it in the same transaction is part of what is sent.
                let after = judgement.statements.last().and_then(|judged| judged.after.as_ref());
                let after = after.map_or_else(String::new, |after| format!("; {after}"));
                let text = format!("{}{after}", rewritten.text());
                Some(if said.is_some() { shown(&text, &self.snapshot.catalog) } else { text })
            }
            (Verdict::Refuse(_), _) => None,
        };
        Ok(Outcome { judgement, outputs, sent })
    }
}

fn bound(ruleset: Ruleset, catalog: Arc<Catalog>) -> Result<Arc<Snapshot>, String> {
    let (snapshot, found) = Snapshot::build(Arc::new(ruleset), catalog);
    let errors = told(&found);
    if errors.is_empty() { Ok(Arc::new(snapshot)) } else { Err(errors) }
}

fn told(found: &[Diagnostic]) -> String {
    let errors = found.iter().filter(|d| d.is_error()).map(|d| d.render(false));
    errors.collect::<Vec<_>>().join("\n")
}

/// Does something on a thread that has the stack for judging.
///
/// # Errors
/// There is no thread to be had.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    std::thread::scope(|scope| {
        let thread =
            std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work)?;
        thread.join().map_err(|_| std::io::Error::other("judging ended in a panic"))
    })
}

/// As after the login: the role's default purpose where none is said. What is no other key of
/// `as:` is a session variable.
pub(super) fn access(ruleset: &Ruleset, who: &Who) -> Result<Access, String> {
    const OWN: [&str; 5] = ["role", "purpose", "address", "search_path", "encoding"];
    let said = |key: &str| who.get(key).cloned().flatten();
    let role = Name::new(&said("role").ok_or("`as` names no role")?);
    let default = ruleset.role(&role).and_then(|rule| rule.default_purpose);
    let (purpose, declared) = match (said("purpose"), default) {
        (Some(purpose), _) => (Purpose::new(&purpose), DeclaredBy::Session),
        (None, Some(default)) if !who.contains_key("purpose") => (default, DeclaredBy::Startup),
        (None, _) => (Purpose::undeclared(), DeclaredBy::Nobody),
    };
    let token = token(who, &role, &purpose);
    let others =
        who.iter().filter(|(key, _)| !OWN.contains(&key.as_str()) && !key.starts_with(CLAIM));
    let variables = others.filter_map(|(key, value)| Some((key.clone(), value.clone()?)));
    let path = said("search_path").unwrap_or_else(|| "pg_catalog, public".to_owned());
    let address = said("address").map(|text| text.parse::<std::net::IpAddr>());
    let address = address.transpose().map_err(|_| "`address` is not one")?;
    Ok(Access {
        role,
        address,
        purpose,
        declared,
        search_path: SearchPath(path.split(',').map(|schema| Name::new(schema.trim())).collect()),
        variables: Arc::new(variables.collect()),
        client_encoding: Arc::from(said("encoding").unwrap_or_else(|| "UTF8".to_owned())),
        token,
        types_declared: false,
    })
}

/// `token.order.id: A-1` is a claim of a valid token, made for this role and purpose unless
/// `token.role` or `token.purposes` say otherwise.
const CLAIM: &str = "token.";

fn token(who: &Who, role: &Name, purpose: &Purpose) -> Token {
    let said = who
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix(CLAIM)?.to_owned(), value.clone()?)));
    let mut said: BTreeMap<String, String> = said.collect();
    if said.is_empty() {
        return Token::None;
    }
    let mut list = |name: &str| {
        let text = said.remove(name)?;
        Some(text.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>())
    };
    let (roles, purposes, subjects) = (list("role"), list("purposes"), list("subjects"));
    Token::Stands(Arc::new(Claims {
        id: said.remove("jti").unwrap_or_else(|| "t-1".to_owned()),
        expires_s: i64::MAX,
        roles: match roles {
            Some(roles) => roles.iter().map(|name| Name::new(name)).collect(),
            None => [role.clone()].into(),
        },
        purposes: match purposes {
            Some(purposes) => purposes.iter().map(|path| Purpose::new(path)).collect(),
            None => [purpose.clone()].into(),
        },
        recipient: said.get("recipient").cloned(),
        subjects: subjects.map(|ids| ids.into_iter().collect()),
        said,
        ..Claims::default()
    }))
}
