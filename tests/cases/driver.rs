//! Reads cases, judges them, and tells where a judgement differs from what a case says.

#[path = "shown.rs"]
mod shown;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pgpurpose::judge::{Judgement, OutputRuling, Verdict, judge, outputs};
use pgpurpose::model::access::{Access, DeclaredBy, SearchPath};
use pgpurpose::model::claims::{Claims, Token};
use pgpurpose::model::names::Name;
use pgpurpose::model::privacy::Purpose;
use pgpurpose::model::refusal::Refusal;
use pgpurpose::policy::{Ruleset, SourceFile};
use pgpurpose::snapshot::Snapshot;
use pgpurpose::sql::parse::STACK_BYTES;
use pgpurpose::sql::schema::parse_schema;
use serde::Deserialize;

pub use shown::bless;
use shown::{folded, shown};

/// Keys of `as:`; null takes one away.
type Who = BTreeMap<String, Option<String>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default, rename = "as")]
    pub who: Who,
    /// Tables instead of those of the shop.
    schema: Option<String>,
    /// One rule file instead of those of the shop.
    rules: Option<String>,
    /// Files of services beside it.
    #[serde(default)]
    services: Vec<String>,
    /// Invented people, for a run with a server.
    #[serde(default)]
    #[allow(dead_code)]
    people: Vec<serde_json::Value>,
    pub tests: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    #[serde(default, rename = "as")]
    who: Who,
    pub sql: String,
    expect: Option<Expectation>,
    pub because: Option<String>,
    pub error: Option<ErrorCase>,
    /// Exactly these questions about a person apply.
    conditions: Option<BTreeSet<String>>,
    /// Exactly these tables are recorded as touched.
    tables: Option<BTreeSet<String>>,
    /// Exactly these treatments of governed columns are recorded, shown or not.
    columns: Option<BTreeMap<String, String>>,
    /// Tags of the statements the text holds.
    statements: Option<Vec<String>>,
    max_rows: Option<u64>,
    /// What is sent to the server, in the short spelling of `shown`.
    pub rewritten: Option<String>,
    /// The client's own text is sent.
    #[serde(default)]
    unchanged: bool,
    rows: Option<serde_json::Value>,
    people: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Expectation {
    /// `allow`: sent, everything governed in clear. `mask`: sent, something is not. `block`.
    Word(String),
    /// Every column of the result → its treatment. `none`: made of no column of a table.
    Columns(BTreeMap<String, String>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorCase {
    sqlstate: Option<String>,
    message: Option<String>,
    /// Parts of the text.
    detail: Option<String>,
    hint: Option<String>,
    /// What stands at the reported place.
    at: Option<String>,
}

/// Every file of cases below a directory.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub fn read(text: &str) -> Result<File, String> {
    serde_yaml::from_str(text).map_err(|error| error.to_string())
}

impl File {
    /// The world of a file that brings its own.
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
    pub fn shop(root: &Path) -> World {
        let directory = root.join("rules");
        let rules =
            files(&directory).into_iter().filter(|p| !p.starts_with(directory.join("tests")));
        let rules = rules.map(|path| SourceFile {
            path: path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned(),
            text: fs::read_to_string(&path).expect("a rule file"),
        });
        let schema = fs::read_to_string(directory.join("schema.sql")).expect("the schema");
        World::new(rules.collect(), schema).expect("the rules of the shop")
    }

    fn new(rules: Vec<SourceFile>, schema: String) -> Result<World, String> {
        let told = |found: Vec<pgpurpose::policy::Diagnostic>| {
            let errors = found.iter().filter(|d| d.is_error()).map(|d| d.render(false));
            errors.collect::<Vec<_>>().join("\n")
        };
        let ruleset = Ruleset::load(&rules).map_err(told)?;
        let catalog = parse_schema(&schema)?;
        let (snapshot, found) = Snapshot::build(Arc::new(ruleset), Arc::new(catalog));
        let errors = told(found);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(World { rules, schema, snapshot: Arc::new(snapshot) })
    }

    /// Judges one case on a thread that has the stack for it.
    pub fn judge(&self, who: &Who, case: &Case) -> Outcome {
        let mut who = who.clone();
        who.extend(case.who.clone());
        let access = access(&self.snapshot.ruleset, &who);
        let (snapshot, sql) = (Arc::clone(&self.snapshot), case.sql.clone());
        let body = move || {
            let judgement = judge(&snapshot, &access, &sql);
            let outputs = outputs(&snapshot, &access, &sql);
            (judgement, outputs)
        };
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(body);
        let (judgement, outputs) = thread.expect("a thread").join().expect("judging never panics");
        let sent = match &judgement.verdict {
            Verdict::Forward(rewritten) => {
                // What runs behind it in the same transaction is part of what is sent.
                let after = judgement.statements.last().and_then(|judged| judged.after.as_ref());
                let after = after.map_or_else(String::new, |after| format!("; {after}"));
                let text = format!("{}{after}", rewritten.text());
                Some(shown(&text, &self.snapshot.catalog))
            }
            Verdict::Refuse(_) => None,
        };
        Outcome { judgement, outputs, sent }
    }
}

/// As after the login: the role's default purpose where none is said. What is no other key of
/// `as:` is a session variable.
fn access(ruleset: &Ruleset, who: &Who) -> Access {
    const OWN: [&str; 5] = ["role", "purpose", "address", "search_path", "encoding"];
    let said = |key: &str| who.get(key).cloned().flatten();
    let role = Name::new(&said("role").expect("`as:` names a role"));
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
    Access {
        role,
        address: said("address").map(|text| text.parse().expect("an address")),
        purpose,
        declared,
        search_path: SearchPath(path.split(',').map(|schema| Name::new(schema.trim())).collect()),
        variables: Arc::new(variables.collect()),
        client_encoding: Arc::from(said("encoding").unwrap_or_else(|| "UTF8".to_owned())),
        token,
        types_declared: false,
    }
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

impl Case {
    pub fn needs_server(&self) -> usize {
        usize::from(self.rows.is_some()) + usize::from(self.people.is_some())
    }
}

pub struct Outcome {
    judgement: Judgement,
    outputs: Vec<OutputRuling>,
    sent: Option<String>,
}

impl Outcome {
    pub fn is_refused(&self) -> bool {
        self.sent.is_none()
    }

    /// What is sent, where it is not what the case says.
    pub fn to_bless(&self, case: &Case) -> Option<String> {
        let (sent, said) = (self.sent.as_ref()?, case.rewritten.as_ref()?);
        (folded(sent) != folded(said)).then(|| folded(sent))
    }

    /// Everything in which the judgement is not what the case says.
    pub fn differences(&self, case: &Case) -> Vec<String> {
        let mut wrong = Vec::new();
        self.compare_verdict(case, &mut wrong);
        let records = || self.judgement.statements.iter().filter_map(|s| s.record.as_ref());
        let mut compare = |what: &str, said: String, found: String| {
            if said != found {
                wrong.push(format!("{what}: said {said}, is {found}"));
            }
        };
        if let Some(said) = &case.conditions {
            let found: BTreeSet<String> =
                records().flat_map(|r| &r.filters).map(|word| (*word).to_owned()).collect();
            compare("conditions", format!("{said:?}"), format!("{found:?}"));
        }
        if let Some(said) = &case.tables {
            let found: BTreeSet<String> = records().flat_map(|r| r.tables.clone()).collect();
            compare("tables", format!("{said:?}"), format!("{found:?}"));
        }
        if let Some(said) = &case.columns {
            let found: BTreeMap<String, String> =
                records().flat_map(|r| r.columns.clone()).collect();
            compare("columns", format!("{said:?}"), format!("{found:?}"));
        }
        if let Some(said) = &case.statements {
            let tags: Vec<&str> = self.judgement.statements.iter().map(|s| s.statement).collect();
            compare("statements", format!("{said:?}"), format!("{tags:?}"));
        }
        if let Some(said) = case.max_rows {
            let most = self.judgement.statements.iter().filter_map(|s| s.max_rows).min();
            compare("max_rows", format!("{:?}", Some(said)), format!("{most:?}"));
        }
        if case.rewritten.is_some() && self.sent.is_none() {
            wrong.push("rewritten: nothing is sent".to_owned());
        }
        if let Verdict::Forward(sent) = &self.judgement.verdict
            && case.unchanged
            && sent.text() != case.sql
        {
            wrong.push(format!("unchanged: sent {}", sent.text()));
        }
        wrong
    }

    fn compare_verdict(&self, case: &Case, wrong: &mut Vec<String>) {
        match (&self.judgement.verdict, &case.expect) {
            (Verdict::Refuse(refusal), None) => compare_refusal(case, refusal, wrong),
            (Verdict::Refuse(refusal), Some(Expectation::Word(word))) if word == "block" => {
                compare_refusal(case, refusal, wrong);
            }
            (Verdict::Refuse(refusal), Some(_)) => {
                wrong.push(format!("refused: {}", told(refusal)));
            }
            (Verdict::Forward(_), expect) => {
                if case.error.is_some() || case.because.is_some() {
                    wrong
                        .push(format!("not refused, sent: {}", self.sent.as_deref().unwrap_or("")));
                }
                self.compare_sent(expect.as_ref(), wrong);
            }
        }
    }

    fn compare_sent(&self, expect: Option<&Expectation>, wrong: &mut Vec<String>) {
        match expect {
            None => {}
            Some(Expectation::Word(word)) => {
                let records = self.judgement.statements.iter().filter_map(|s| s.record.as_ref());
                let masked = records.into_iter().any(|record| record.decision != "allow");
                let found = if masked { "mask" } else { "allow" };
                if word != found {
                    let sent = self.sent.as_deref().unwrap_or_default();
                    wrong.push(format!("expect: said {word}, is {found}, sent: {sent}"));
                }
            }
            Some(Expectation::Columns(said)) => {
                let mut found: BTreeMap<String, String> = BTreeMap::new();
                for output in &self.outputs {
                    found.insert(output.name.clone(), treatment(output));
                }
                if *said != found {
                    wrong.push(format!("expect: said {said:?}, is {found:?}"));
                }
            }
        }
    }
}

/// What becomes of a column of the result: the treatments of what it is made of, but `allow`
/// only where there is no other.
fn treatment(output: &OutputRuling) -> String {
    let words = output.sources.iter().map(|source| match source.treatment.as_str() {
        "plain" => "allow",
        word => word,
    });
    let mut words: BTreeSet<&str> = words.collect();
    if words.len() > 1 {
        words.remove("allow");
    }
    if words.is_empty() { "none".to_owned() } else { Vec::from_iter(words).join(" ") }
}

fn told(refusal: &Refusal) -> String {
    format!(
        "{} {}: {} ({}) {}; rule {}",
        refusal.sqlstate.0,
        refusal.reason.as_str(),
        refusal.message,
        refusal.detail.as_deref().unwrap_or(""),
        refusal.hint.as_deref().unwrap_or(""),
        refusal.rule.as_ref().map_or("none", |rule| rule.id.as_str()),
    )
}

fn compare_refusal(case: &Case, refusal: &Refusal, wrong: &mut Vec<String>) {
    let has = |text: &Option<String>, part: &str| text.as_ref().is_some_and(|t| t.contains(part));
    if let Some(because) = &case.because {
        let decided = refusal.rule.as_ref().is_some_and(|rule| rule.id == *because)
            || refusal.constraint.as_deref() == Some(because)
            || refusal.reason.as_str() == because
            || has(&refusal.detail, because)
            || refusal.message.contains(because.as_str());
        if !decided {
            wrong.push(format!("because: said {because}, is {}", told(refusal)));
        }
    }
    let Some(error) = &case.error else { return };
    let place = refusal.position.map(|at| case.sql.chars().skip(at - 1).collect::<String>());
    let right = error.sqlstate.as_ref().is_none_or(|code| code == refusal.sqlstate.0)
        && error.message.as_ref().is_none_or(|message| *message == refusal.message)
        && error.detail.as_ref().is_none_or(|part| has(&refusal.detail, part))
        && error.hint.as_ref().is_none_or(|part| has(&refusal.hint, part))
        && error.at.as_ref().is_none_or(|at| place.as_ref().is_some_and(|p| p.starts_with(at)));
    if !right {
        wrong.push(format!("error: said {error:?}, is {} at {place:?}", told(refusal)));
    }
}
