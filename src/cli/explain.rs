//! `pgpurpose explain`: what would happen to a statement, by which line, and what would be sent.
//! It calls the same `judge` as the proxy and reaches no server unless told to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::Args;

use super::exit::Exit;
use super::layers::key_value;
use super::rules::load_rules;
use crate::catalog::Catalog;
use crate::judge::{Judged, Judgement, Verdict, judge};
use crate::model::access::{Access, DeclaredBy, SearchPath};
use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::model::record::JudgedPart;
use crate::model::refusal::Refusal;
use crate::snapshot::Snapshot;
use crate::sql::schema::parse_schema;
use crate::upstream::catalog::load_blocking;

#[derive(Args, Debug)]
pub struct Explain {
    /// Login role of the application
    #[arg(long)]
    role: String,
    /// Purpose it declares; none: undeclared
    #[arg(long)]
    purpose: Option<String>,
    /// Directory of the rule files
    #[arg(long, env = "PGPURPOSE_RULES", default_value = "rules", value_name = "DIR")]
    rules: PathBuf,
    /// Tables as a script of CREATE statements [default: schema.sql in the rule directory]
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Read the catalog of a server instead
    #[arg(long, conflicts_with = "schema", value_name = "URL")]
    upstream: Option<String>,
    /// Session variable a rule may ask for, as "ticket=T-1001"; repeatable
    #[arg(long, value_name = "NAME=VALUE", value_parser = key_value)]
    var: Vec<(String, String)>,
    /// Schemas that bare names are looked up in
    #[arg(
        long,
        value_name = "SCHEMAS",
        value_delimiter = ',',
        default_value = "pg_catalog,public"
    )]
    search_path: Vec<String>,
    /// The statement
    sql: String,
}

impl Explain {
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let ruleset = Arc::new(load_rules(&self.rules)?);
        let catalog = Arc::new(self.catalog()?);
        let (snapshot, diagnostics) = Snapshot::build(ruleset, catalog);
        for diagnostic in diagnostics.iter().filter(|found| found.is_error()) {
            eprintln!("{}\n", diagnostic.render(false));
        }
        let judgement = judge(&snapshot, &self.access(), &self.sql);
        print!("{}", told(&judgement, &self.sql));
        Ok(match judgement.verdict {
            Verdict::Forward(_) => Exit::Yes,
            Verdict::Refuse(_) => Exit::No,
        })
    }

    fn catalog(&self) -> anyhow::Result<Catalog> {
        if let Some(url) = &self.upstream {
            return Ok(load_blocking(url)?);
        }
        let path = self.schema.clone().unwrap_or_else(|| self.rules.join("schema.sql"));
        let shown = path.display();
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {shown}; name --schema or --upstream"))?;
        parse_schema(&text).map_err(|mistake| anyhow!("{shown}: {mistake}"))
    }

    fn access(&self) -> Access {
        let declared = match self.purpose {
            Some(_) => DeclaredBy::Session,
            None => DeclaredBy::Nobody,
        };
        let variables: BTreeMap<String, String> = self.var.iter().cloned().collect();
        Access {
            role: Name::new(&self.role),
            address: None,
            purpose: self.purpose.as_deref().map_or_else(Purpose::undeclared, Purpose::new),
            declared,
            search_path: SearchPath(self.search_path.iter().map(|s| Name::new(s)).collect()),
            variables: Arc::new(variables),
            client_encoding: Arc::from("UTF8"),
        }
    }
}

fn told(judgement: &Judgement, sql: &str) -> String {
    let mut text = String::new();
    for judged in &judgement.statements {
        tell_statement(&mut text, judged);
    }
    match &judgement.verdict {
        Verdict::Forward(rewritten) if rewritten.text() == sql => {
            text.push_str("forwarded unchanged\n");
        }
        Verdict::Forward(rewritten) => {
            let _ = writeln!(text, "forwarded as:\n{}", rewritten.text());
        }
        Verdict::Refuse(refusal) => tell_refusal(&mut text, refusal, sql),
    }
    text
}

fn tell_statement(text: &mut String, judged: &Judged) {
    let Some(part) = &judged.record else {
        let _ = writeln!(text, "{}: touches no personal data\n", judged.statement);
        return;
    };
    let observed = if part.observed { " (observed only: not enforced)" } else { "" };
    let _ = writeln!(text, "{}: {}{observed}\n", judged.statement, part.decision);
    tell_columns(text, part);
    if let Some(rows) = judged.max_rows {
        let _ = writeln!(text, "a result of more than {rows} rows ends the connection\n");
    }
}

fn tell_columns(text: &mut String, part: &JudgedPart) {
    let width = part.columns.keys().map(|name| name.chars().count()).max().unwrap_or(0);
    for (column, treatment) in &part.columns {
        let _ = writeln!(text, "  {column:<width$}  {treatment}");
    }
    if !part.columns.is_empty() {
        text.push('\n');
    }
    for (title, lines) in [
        ("only people who meet", part.filters.iter().map(|f| (*f).to_owned()).collect()),
        ("decided by", part.rules.clone()),
    ] {
        let lines: Vec<String> = lines;
        if !lines.is_empty() {
            let _ = writeln!(text, "{title}:\n  {}\n", lines.join("\n  "));
        }
    }
}

/// As psql prints an error.
fn tell_refusal(text: &mut String, refusal: &Refusal, sql: &str) {
    let _ = writeln!(text, "ERROR:  {}", refusal.message);
    if let Some(position) = refusal.position {
        tell_position(text, sql, position);
    }
    for (word, part) in [("DETAIL", &refusal.detail), ("HINT", &refusal.hint)] {
        if let Some(part) = part {
            let _ = writeln!(text, "{word}:  {part}");
        }
    }
    if let Some(rule) = &refusal.rule {
        let _ = writeln!(text, "RULE:  {} ({})", rule.id, rule.place);
    }
    let _ = writeln!(text, "SQLSTATE: {}", refusal.sqlstate.0);
}

/// The line of the statement with a marker under a character, from 1.
fn tell_position(text: &mut String, sql: &str, position: usize) {
    let mut left = position.saturating_sub(1);
    for (index, line) in sql.split('\n').enumerate() {
        let length = line.chars().count();
        if left <= length {
            let head = format!("LINE {}: ", index + 1);
            let _ = writeln!(text, "{head}{line}\n{}^", " ".repeat(head.len() + left));
            return;
        }
        left -= length + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::refusal::{Reason, SqlState};
    use crate::model::ruling::RuleRef;

    #[test]
    fn a_refusal_looks_as_in_psql() {
        let sql = "SELECT 1,\n  email FROM users";
        let rule = RuleRef { id: "purposes.ads".into(), place: "rules/purposes.yaml:29".into() };
        let message = "permission denied for column \"email\"";
        let refusal = Refusal::new(Reason::Column, SqlState::INSUFFICIENT_PRIVILEGE, message)
            .hint("declare another purpose")
            .at(13)
            .rule(rule);
        let verdict = Verdict::Refuse(Box::new(refusal));
        let text = told(&Judgement { verdict, statements: Vec::new() }, sql);
        let expected = "\
ERROR:  permission denied for column \"email\"
LINE 2:   email FROM users
          ^
HINT:  declare another purpose
RULE:  purposes.ads (rules/purposes.yaml:29)
SQLSTATE: 42501
";
        assert_eq!(text, expected);
    }

    #[test]
    fn columns_conditions_and_lines_are_told() {
        let part = JudgedPart {
            decision: "mask",
            columns: [
                ("shop.users.name".to_owned(), "allow".to_owned()),
                ("shop.users.phone".to_owned(), "mask.last4".to_owned()),
            ]
            .into(),
            filters: vec!["consent"],
            rules: vec!["purposes.ads rules/purposes.yaml:29".to_owned()],
            ..JudgedPart::default()
        };
        let judged = Judged {
            statement: "SELECT",
            effect: None,
            record: Some(Box::new(part)),
            max_rows: Some(10),
        };
        let mut text = String::new();
        tell_statement(&mut text, &judged);
        let expected = "\
SELECT: mask

  shop.users.name   allow
  shop.users.phone  mask.last4

only people who meet:
  consent

decided by:
  purposes.ads rules/purposes.yaml:29

a result of more than 10 rows ends the connection

";
        assert_eq!(text, expected);
    }
}
