//! `pgpurpose consent grant|refuse|withdraw|show|history`: the functions of the store by hand.

use clap::{Args, ValueEnum};

use crate::cli::exit::{Exit, say};
use crate::upstream::consent::{Saying, Table, say_blocking, told_blocking};

#[derive(Args, Debug)]
pub struct Say {
    /// Key of the person
    subject: String,
    /// Purpose; none: any
    purpose: Option<String>,
    #[command(flatten)]
    at: At,
    /// Category of data [default: any]
    #[arg(long)]
    category: Option<String>,
    /// Service whose data it is [default: any]
    #[arg(long)]
    service: Option<String>,
    /// Who receives the data outside the company [default: any]
    #[arg(long)]
    recipient: Option<String>,
    /// When consent ends, as a time stamp; only of "grant"
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Key of the guardian who says it
    #[arg(long, value_name = "KEY")]
    guardian: Option<String>,
    /// Where the proof is kept
    #[arg(long)]
    evidence: Option<String>,
}

#[derive(Args, Debug)]
pub struct Tell {
    /// Key of the person
    subject: String,
    #[command(flatten)]
    at: At,
}

#[derive(Args, Debug)]
struct At {
    /// The database, under a role that may call the functions
    #[arg(long, value_name = "URL")]
    upstream: String,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "table")]
    output: Output,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Output {
    Table,
    Json,
}

impl Say {
    /// Exit 0: it is recorded. 2: the server refused, or cannot be reached.
    pub fn carry_out(&self, function: &'static str) -> anyhow::Result<Exit> {
        let arguments = [
            ("purpose", &self.purpose),
            ("category", &self.category),
            ("service", &self.service),
            ("recipient", &self.recipient),
            ("valid_until", &self.until),
            ("guardian", &self.guardian),
            ("evidence", &self.evidence),
        ];
        let given = arguments.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        let subject = self.subject.clone();
        let saying = Saying { function, subject, arguments: given.collect() };
        say(&self.at.output.print(&say_blocking(&self.at.upstream, &saying)?));
        Ok(Exit::Yes)
    }
}

impl Tell {
    /// Exit 0: that is all there is. 2: the server refused, or cannot be reached.
    pub fn carry_out(&self, function: &str) -> anyhow::Result<Exit> {
        let table = told_blocking(&self.at.upstream, function, &self.subject)?;
        say(&self.at.output.print(&table));
        Ok(Exit::Yes)
    }
}

impl Output {
    fn print(self, table: &Table) -> String {
        match self {
            Output::Table => aligned(table),
            Output::Json => json(table),
        }
    }
}

/// Columns with two spaces between them; nothing for NULL.
fn aligned(table: &Table) -> String {
    let cells = table.rows.iter().map(|row| row.iter().map(|c| c.as_deref().unwrap_or("")));
    let mut lines: Vec<Vec<&str>> = vec![table.columns.iter().map(String::as_str).collect()];
    lines.extend(cells.map(Iterator::collect));
    let width = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// One object for each row, on a line of its own; every value a text or null.
fn json(table: &Table) -> String {
    let mut text = String::new();
    for row in &table.rows {
        let fields = table.columns.iter().cloned();
        let values =
            row.iter().map(|cell| cell.clone().map_or(serde_json::Value::Null, Into::into));
        let object: serde_json::Map<String, serde_json::Value> = fields.zip(values).collect();
        text.push_str(&serde_json::Value::Object(object).to_string());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_printed_for_people_and_for_programs() {
        let table = Table {
            columns: vec!["purpose".to_owned(), "choice".to_owned()],
            rows: vec![
                vec![Some("ads".to_owned()), Some("t".to_owned())],
                vec![None, Some("f".to_owned())],
            ],
        };
        assert_eq!(aligned(&table), "purpose  choice\nads      t\n         f\n");
        let lines = "{\"choice\":\"t\",\"purpose\":\"ads\"}\n{\"choice\":\"f\",\"purpose\":null}\n";
        assert_eq!(json(&table), lines);
    }
}
