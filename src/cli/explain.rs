//! `pgpurpose explain`: what would happen to a statement, by which line, and what would be sent.
//! It calls the same `judge` as the proxy and reaches no server unless told to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::Args;

use super::exit::{Exit, say};
use super::layers::key_value;
use super::rules::load_rules;
use crate::catalog::Catalog;
use crate::judge::{Judged, Judgement, OutputRuling, Verdict, judge, outputs};
use crate::model::access::{Access, DeclaredBy, SearchPath};
use crate::model::claims::{Claims, Token};
use crate::model::names::Name;
use crate::model::privacy::Purpose;
use crate::model::record::JudgedPart;
use crate::model::refusal::Refusal;
use crate::model::ruling::RuleRef;
use crate::policy::Ruleset;
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
    /// Claim of a valid purpose token, as "order.id=A-17"; repeatable. "subjects" takes several ids
    /// with commas between them
    #[arg(long, value_name = "NAME=VALUE", value_parser = key_value)]
    claim: Vec<(String, String)>,
    /// Address the client comes from, where a role says "from"
    #[arg(long, value_name = "ADDRESS")]
    address: Option<IpAddr>,
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
        let access = self.access(&snapshot.ruleset);
        let judgement = judge(&snapshot, &access, &self.sql);
        let outputs = outputs(&snapshot, &access, &self.sql);
        say(&told(&judgement, &outputs, &self.sql));
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

    /// As the proxy has it right after the login, with the role's default purpose if none is
    /// declared.
    fn access(&self, ruleset: &Ruleset) -> Access {
        let role = Name::new(&self.role);
        let default = ruleset.role(&role).and_then(|rule| rule.default_purpose);
        let (purpose, declared) = match (&self.purpose, default) {
            (Some(purpose), _) => (Purpose::new(purpose), DeclaredBy::Session),
            (None, Some(default)) => (default, DeclaredBy::Startup),
            (None, None) => (Purpose::undeclared(), DeclaredBy::Nobody),
        };
        let variables: BTreeMap<String, String> = self.var.iter().cloned().collect();
        Access {
            token: self.token(&role, &purpose),
            role,
            address: self.address,
            purpose,
            declared,
            search_path: SearchPath(self.search_path.iter().map(|s| Name::new(s)).collect()),
            variables: Arc::new(variables),
            client_encoding: Arc::from("UTF8"),
            types_declared: false,
        }
    }

    /// A token made for this role and purpose, if any claim is given.
    fn token(&self, role: &Name, purpose: &Purpose) -> Token {
        if self.claim.is_empty() {
            return Token::None;
        }
        let mut said: BTreeMap<String, String> = self.claim.iter().cloned().collect();
        let ids = said.remove("subjects");
        Token::Stands(Arc::new(Claims {
            id: said.remove("jti").unwrap_or_else(|| "explained".to_owned()),
            expires_s: i64::MAX,
            roles: [role.clone()].into(),
            purposes: [purpose.clone()].into(),
            recipient: said.get("recipient").cloned(),
            subjects: ids.map(|ids| ids.split(',').map(|id| id.trim().to_owned()).collect()),
            said,
            ..Claims::default()
        }))
    }
}

fn told(judgement: &Judgement, outputs: &[OutputRuling], sql: &str) -> String {
    let mut text = String::new();
    for judged in &judgement.statements {
        tell_statement(&mut text, judged, outputs);
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

fn tell_statement(text: &mut String, judged: &Judged, outputs: &[OutputRuling]) {
    let Some(part) = &judged.record else {
        let _ = writeln!(text, "{}: touches no personal data\n", judged.statement);
        return;
    };
    let observed = if part.observed { " (observed, not enforced)" } else { "" };
    let purpose = match part.purpose.as_str() {
        "" => "without a purpose".to_owned(),
        purpose => format!("for \"{purpose}\" (declared by {})", part.declared),
    };
    let _ = writeln!(text, "{} {purpose}: {}{observed}\n", judged.statement, part.decision);
    tell_outputs(text, outputs);
    tell_others(text, part, outputs);
    tell_list(text, "only people", part.filters.iter().map(|filter| condition(filter)));
    tell_list(text, "rules that had a say", part.rules.iter().map(String::as_str));
    if let Some(rows) = judged.max_rows {
        let _ = writeln!(text, "a result of more than {rows} rows ends the connection\n");
    }
}

/// One line for each column of the result and each base column it is made of.
fn tell_outputs(text: &mut String, outputs: &[OutputRuling]) {
    if outputs.is_empty() {
        return;
    }
    let mut rows = vec![["column", "made of", "treatment", "because"].map(str::to_owned)];
    for output in outputs {
        if output.sources.is_empty() {
            rows.push([output.name.clone(), "-".into(), "-".into(), String::new()]);
        }
        for (index, source) in output.sources.iter().enumerate() {
            let name = if index == 0 { output.name.clone() } else { String::new() };
            let line = |rule: &RuleRef| format!("{} ({})", rule.id, rule.place);
            let won = source.because.iter().map(line);
            let lost = source.instead_of.iter().map(|rule| format!("not {}", line(rule)));
            let because: Vec<String> = won.chain(lost).collect();
            let treatment = source.treatment.clone();
            rows.push([name, source.column.clone(), treatment, because.join(", ")]);
        }
    }
    tell_table(text, &rows);
}

/// Governed columns that are read or written without being shown.
fn tell_others(text: &mut String, part: &JudgedPart, outputs: &[OutputRuling]) {
    let shown = |column: &str| {
        outputs.iter().flat_map(|output| &output.sources).any(|source| source.column == column)
    };
    let others = part.columns.iter().filter(|(column, _)| !shown(column));
    let mut rows: Vec<[String; 2]> = others.map(|(c, t)| [c.clone(), t.clone()]).collect();
    if !rows.is_empty() {
        rows.insert(0, ["also used".to_owned(), "treatment".to_owned()]);
        tell_table(text, &rows);
    }
}

fn tell_table<const COLUMNS: usize>(text: &mut String, rows: &[[String; COLUMNS]]) {
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(text, "  {}", line.trim_end());
    }
    text.push('\n');
}

fn tell_list<'t>(text: &mut String, title: &str, lines: impl Iterator<Item = &'t str>) {
    let lines: Vec<&str> = lines.collect();
    if !lines.is_empty() {
        let _ = writeln!(text, "{title}:\n  {}\n", lines.join("\n  "));
    }
}

/// A word of the record in a sentence.
fn condition(word: &str) -> &str {
    match word {
        "consent" => "who agreed to the purpose, or need not be asked and did not refuse",
        "minor" => "who are of age",
        "listed" => "whom the purpose or its token is about",
        "cancelled" => "whose account is not cancelled",
        "version" => "who have been told of this version of the policy",
        other => other,
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
    use crate::judge::SourceRuling;
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
        let text = told(&Judgement { verdict, statements: Vec::new() }, &[], sql);
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
        let rule = RuleRef { id: "purposes.ads".into(), place: "rules/purposes.yaml:29".into() };
        let part = JudgedPart {
            decision: "mask",
            purpose: "ads".into(),
            declared: "session",
            columns: [
                ("shop.users.address".to_owned(), "allow".to_owned()),
                ("shop.users.phone".to_owned(), "mask.last4".to_owned()),
            ]
            .into(),
            filters: vec!["minor"],
            rules: vec!["purposes.ads (rules/purposes.yaml:29)".to_owned()],
            ..JudgedPart::default()
        };
        let judged = Judged {
            statement: "SELECT",
            record: Some(std::sync::Arc::new(part)),
            max_rows: Some(10),
            ..Judged::default()
        };
        let phone = SourceRuling {
            column: "shop.users.phone".into(),
            treatment: "mask.last4".into(),
            categories: vec!["basic.phone".into()],
            because: vec![rule],
            instead_of: Vec::new(),
        };
        let outputs = [
            OutputRuling { name: "phone".into(), sources: vec![phone] },
            OutputRuling { name: "one".into(), sources: Vec::new() },
        ];
        let mut text = String::new();
        tell_statement(&mut text, &judged, &outputs);
        let expected = "\
SELECT for \"ads\" (declared by session): mask

  column  made of           treatment   because
  phone   shop.users.phone  mask.last4  purposes.ads (rules/purposes.yaml:29)
  one     -                 -

  also used           treatment
  shop.users.address  allow

only people:
  who are of age

rules that had a say:
  purposes.ads (rules/purposes.yaml:29)

a result of more than 10 rows ends the connection

";
        assert_eq!(text, expected);
    }
}
