//! What a script has made so far, and which of its statements does what.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Written, line};
use super::types::{self, ColumnType};
use super::{function, keys, table, view};
use crate::catalog::{
    Catalog, Function, Relation, RelationKind, TypeKind, UserOperator, UserType,
    built_in_type_category,
};
use crate::model::names::{Name, QualifiedName, RelationId};
use crate::sql::lexer::{TokenKind, lex};
use crate::sql::tokens::Tokens;

/// Reads a script of CREATE statements. The error is `line N: what is wrong`.
///
/// Views whose column types cannot be told from the text need a cast or are an error. The
/// server's major version is taken to be [`MAJOR`].
pub fn parse_schema(text: &str) -> Result<Catalog, String> {
    if text.len() > MAX_SCRIPT_BYTES {
        return Err(format!("line 1: the script is longer than {MAX_SCRIPT_BYTES} bytes"));
    }
    let text = without_client_commands(text);
    let lexed = lex(&text).map_err(|e| format!("line {}: {}", line(&text, e.at), e.message))?;
    let tokens = Tokens::new(&text, lexed);
    let mut script = Script::default();
    for range in tokens.statements() {
        script.statement(Cursor::new(&tokens, range))?;
    }
    Ok(script.into_catalog())
}

/// What has been made so far.
pub struct Script {
    pub relations: BTreeMap<RelationId, Relation>,
    by_name: BTreeMap<QualifiedName, RelationId>,
    schemas: Vec<Name>,
    /// `search_path`; the first is where an unqualified name is made.
    pub path: Vec<Name>,
    domains: BTreeMap<QualifiedName, ColumnType>,
    types: Vec<UserType>,
    pub functions: Vec<Function>,
    pub operators: Vec<UserOperator>,
    /// Schemas in which an extension may have made types that the script does not show.
    pub extension_schemas: Vec<Name>,
}

impl Default for Script {
    fn default() -> Script {
        Script {
            relations: BTreeMap::new(),
            by_name: BTreeMap::new(),
            schemas: ["information_schema", "pg_catalog", "public"].map(Name::new).to_vec(),
            path: vec![Name::new("public")],
            domains: BTreeMap::new(),
            types: Vec::new(),
            functions: Vec::new(),
            operators: Vec::new(),
            extension_schemas: Vec::new(),
        }
    }
}

impl Script {
    fn statement(&mut self, mut cursor: Cursor<'_>) -> Result<(), String> {
        match cursor.word() {
            Some("create") => {
                cursor.at += 1;
                self.create(cursor)
            }
            Some("alter") => {
                cursor.at += 1;
                if cursor.eat(&["table"]) { table::alter(self, cursor) } else { Ok(()) }
            }
            Some("set") => {
                cursor.at += 1;
                self.set(cursor);
                Ok(())
            }
            Some("select") => {
                if cursor.text().contains("set_config('search_path', ''") {
                    self.path.clear();
                }
                Ok(())
            }
            Some(word) if IGNORED.contains(&word) => Ok(()),
            _ => cursor.error("this statement cannot be read as part of a schema"),
        }
    }

    fn create(&mut self, mut cursor: Cursor<'_>) -> Result<(), String> {
        cursor.eat(&["or", "replace"]);
        let temporary = cursor.eat(&["temporary"]) || cursor.eat(&["temp"]);
        cursor.eat(&["unlogged"]);
        cursor.eat(&["recursive"]);
        match cursor.word() {
            Some("table") => table::create(self, cursor, RelationKind::Table, temporary),
            Some("foreign") if cursor.word_ahead(1) == Some("table") => {
                cursor.at += 1;
                table::create(self, cursor, RelationKind::ForeignTable, temporary)
            }
            Some("view") => view::create(self, cursor, RelationKind::View),
            Some("materialized") => {
                cursor.at += 1;
                view::create(self, cursor, RelationKind::MaterializedView)
            }
            Some("unique") => keys::unique_index(self, cursor),
            Some("schema") => self.schema(cursor),
            Some("type") => self.create_type(cursor),
            Some("domain") => self.create_domain(cursor),
            Some("sequence") => self.sequence(cursor),
            Some("extension") => function::extension(self, cursor),
            Some("function" | "procedure" | "aggregate") => function::create(self, cursor),
            Some("operator") => function::operator(self, cursor),
            Some("cast" | "transform" | "access" | "conversion") => {
                cursor.error("this statement cannot be read as part of a schema")
            }
            // Indexes, triggers, policies, rules, roles …: nothing a name is resolved by.
            Some(_) => Ok(()),
            None => cursor.error("expected what to create"),
        }
    }

    fn set(&mut self, mut cursor: Cursor<'_>) {
        cursor.eat(&["session"]);
        cursor.eat(&["local"]);
        if !cursor.eat(&["search_path"]) {
            return;
        }
        cursor.at += 1;
        let parts = cursor.parts();
        let names = parts.iter().filter_map(|part| match cursor.tokens.kind(part.at)? {
            TokenKind::Word(name) | TokenKind::Quoted(name) => Some(name.clone()),
            TokenKind::Text(text) => Some(Name::quoted(text)),
            _ => None,
        });
        self.path = names
            .filter(|n| {
                !n.as_str().is_empty() && n.as_str() != "$user" && n.as_str() != "pg_catalog"
            })
            .collect();
    }

    fn schema(&mut self, mut cursor: Cursor<'_>) -> Result<(), String> {
        cursor.require(&["schema"])?;
        cursor.eat(&["if", "not", "exists"]);
        if cursor.eat(&["authorization"]) && cursor.is_done() {
            return cursor.error("expected a name");
        }
        let name = cursor.name()?;
        cursor.eat(&["authorization"]);
        if !cursor.is_done() {
            cursor.at += 1;
        }
        if !cursor.is_done() {
            return cursor.error("write the elements of a schema as statements of their own");
        }
        if !self.schemas.contains(&name) {
            self.schemas.push(name);
        }
        Ok(())
    }

    fn create_type(&mut self, mut cursor: Cursor<'_>) -> Result<(), String> {
        cursor.require(&["type"])?;
        let name = self.made(&mut cursor)?;
        let kind = if cursor.eat(&["as", "enum"]) {
            TypeKind::Enum
        } else if cursor.eat(&["as", "range"]) {
            TypeKind::Range
        } else if cursor.eat(&["as"]) {
            return table::composite(self, cursor, name);
        } else {
            TypeKind::Base
        };
        self.types.push(UserType { name, kind, extension: None });
        Ok(())
    }

    fn create_domain(&mut self, mut cursor: Cursor<'_>) -> Result<(), String> {
        cursor.require(&["domain"])?;
        let name = self.made(&mut cursor)?;
        cursor.eat(&["as"]);
        let base = types::read(&mut cursor, self)?;
        self.types.push(UserType { name: name.clone(), kind: TypeKind::Domain, extension: None });
        self.domains.insert(name, base);
        Ok(())
    }

    fn sequence(&mut self, mut cursor: Cursor<'_>) -> Result<(), String> {
        cursor.require(&["sequence"])?;
        cursor.eat(&["if", "not", "exists"]);
        let name = self.made(&mut cursor)?;
        self.add(&cursor, Script::relation(name, RelationKind::Sequence))?;
        Ok(())
    }

    /// The name of something that is being made.
    pub fn made(&self, cursor: &mut Cursor<'_>) -> Result<QualifiedName, String> {
        let start = cursor.clone();
        let written = cursor.written()?;
        match written.schema {
            Some(_) => Ok(written.within(&Name::new("public"))),
            None => Ok(written.within(&self.target_schema(&start)?)),
        }
    }

    pub fn target_schema(&self, cursor: &Cursor<'_>) -> Result<Name, String> {
        match self.path.first() {
            Some(schema) => Ok(schema.clone()),
            None => cursor.error("search_path is empty: write the schema before the name"),
        }
    }

    pub fn relation(name: QualifiedName, kind: RelationKind) -> Relation {
        Relation {
            id: RelationId(0),
            name,
            kind,
            temporary: false,
            columns: Vec::new(),
            primary_key: Vec::new(),
            unique: Vec::new(),
            conflicting: Vec::new(),
            foreign_keys: Vec::new(),
            parents: Vec::new(),
            definition: None,
        }
    }

    /// Gives the relation its number and adds it.
    pub fn add(&mut self, at: &Cursor<'_>, mut relation: Relation) -> Result<RelationId, String> {
        if !self.schemas.contains(&relation.name.schema) {
            return at.error(format!("schema \"{}\" does not exist", relation.name.schema));
        }
        if self.by_name.contains_key(&relation.name) {
            return at.error(format!("relation \"{}\" already exists", relation.name));
        }
        let made = u32::try_from(self.relations.len()).unwrap_or(u32::MAX - FIRST_ID);
        relation.id = RelationId(FIRST_ID + made);
        self.by_name.insert(relation.name.clone(), relation.id);
        let id = relation.id;
        self.relations.insert(id, relation);
        Ok(id)
    }

    /// A relation that a statement names.
    pub fn find(&self, written: &Written) -> Option<RelationId> {
        let candidates: Vec<Name> = match &written.schema {
            Some(schema) => vec![schema.clone()],
            None => self.path.clone(),
        };
        candidates.into_iter().find_map(|schema| {
            let name = QualifiedName { schema, name: written.name.clone() };
            self.by_name.get(&name).copied()
        })
    }

    pub fn named(&self, cursor: &mut Cursor<'_>) -> Result<RelationId, String> {
        let start = cursor.clone();
        let written = cursor.written()?;
        match self.find(&written) {
            Some(id) => Ok(id),
            None => start.error(format!("relation \"{}\" does not exist", written.name)),
        }
    }

    /// A type that is not one of the grammar's own.
    pub fn type_named(&self, written: &Written) -> Option<QualifiedName> {
        let name = written.name.as_str();
        let built_in = built_in_type_category(name).is_some() || SERIALS.contains(&name);
        let within = |schema: &Name| QualifiedName { schema: schema.clone(), name: name.into() };
        let system = Name::new("pg_catalog");
        match &written.schema {
            Some(schema) if *schema == system => built_in.then(|| within(schema)),
            None if built_in => Some(within(&system)),
            _ => {
                let path = written
                    .schema
                    .as_ref()
                    .map_or(self.path.as_slice(), |s| std::slice::from_ref(s));
                let known = |n: &QualifiedName| {
                    self.types.iter().any(|t| t.name == *n) || self.by_name.contains_key(n)
                };
                let made = path.iter().map(within).find(known);
                let assumed = path.iter().find(|s| self.extension_schemas.contains(s));
                made.or_else(|| assumed.map(within))
            }
        }
    }

    pub fn domain(&self, name: &QualifiedName) -> Option<&ColumnType> {
        self.domains.get(name)
    }

    pub fn category(&self, name: &QualifiedName) -> char {
        if name.schema.as_str() == "pg_catalog" {
            return built_in_type_category(name.name.as_str()).unwrap_or('U');
        }
        match self.types.iter().find(|t| t.name == *name).map(|t| t.kind) {
            Some(TypeKind::Enum) => 'E',
            Some(TypeKind::Range | TypeKind::Multirange) => 'R',
            Some(TypeKind::Base | TypeKind::Domain) => 'U',
            None if self.by_name.contains_key(name) => 'C',
            None if name.name.as_str() == "citext" => 'S',
            None => 'U',
        }
    }

    fn into_catalog(mut self) -> Catalog {
        keys::inherit_keys(&mut self);
        let relations = self.relations.into_values().collect();
        let mut catalog = Catalog::new(MAJOR, 1, relations, self.functions, self.schemas);
        catalog.add_operators(self.operators);
        catalog.add_types(self.types);
        catalog
    }
}

/// Blanks the lines that are commands of psql (`\connect`, `\restrict`), keeping line numbers.
fn without_client_commands(text: &str) -> String {
    let lines = text.split('\n').map(|l| if l.starts_with('\\') { "" } else { l });
    lines.collect::<Vec<_>>().join("\n")
}

/// The server version a script is read for.
pub const MAJOR: u32 = 15;

/// Longest script read, in bytes.
pub const MAX_SCRIPT_BYTES: usize = 16 << 20;

/// The first number given to a relation, as on a fresh server.
const FIRST_ID: u32 = 16_384;

const SERIALS: [&str; 6] = ["serial", "serial2", "serial4", "serial8", "bigserial", "smallserial"];

/// First words of statements that change no name, column or key.
const IGNORED: [&str; 13] = [
    "grant", "revoke", "comment", "begin", "start", "commit", "end", "insert", "security", "reset",
    "analyze", "do", "refresh",
];
