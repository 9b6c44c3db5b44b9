//! What the command line says and asks of the store, by the functions that applications call.

use tokio_postgres::{Client, SimpleQueryMessage};

use crate::upstream::connect::{self, Fault};

/// What one person says.
#[derive(Clone, Debug, Default)]
pub struct Saying {
    /// `grant`, `refuse` or `withdraw`.
    pub function: &'static str,
    pub subject: String,
    /// Arguments by their names.
    pub arguments: Vec<(&'static str, String)>,
}

/// An answer as texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<String>,
    /// NULL as `None`.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Records it; gives the number of its event.
pub fn say_blocking(url: &str, saying: &Saying) -> Result<Table, Fault> {
    let mut call = format!("SELECT pgpurpose.{}({}", saying.function, quoted(&saying.subject));
    for (name, value) in &saying.arguments {
        call.push_str(&format!(", {name} => {}", quoted(value)));
    }
    call.push_str(") AS event");
    ask_blocking(url, &call)
}

/// What holds for a person now (`show`, `status`), or everything that was said (`history`).
pub fn told_blocking(url: &str, function: &str, subject: &str) -> Result<Table, Fault> {
    ask_blocking(url, &format!("SELECT * FROM pgpurpose.{function}({})", quoted(subject)))
}

fn ask_blocking(url: &str, sql: &str) -> Result<Table, Fault> {
    let target = connect::address(url)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Fault::Shape(e.to_string()))?;
    runtime.block_on(async { ask(&connect::connect(&target).await?, sql).await })
}

async fn ask(client: &Client, sql: &str) -> Result<Table, Fault> {
    let mut table = Table::default();
    for message in client.simple_query(sql).await.map_err(Fault::Store)? {
        match message {
            SimpleQueryMessage::RowDescription(columns) => {
                table.columns = columns.iter().map(|column| column.name().to_owned()).collect();
            }
            SimpleQueryMessage::Row(row) => {
                table.rows.push((0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect());
            }
            _ => {}
        }
    }
    Ok(table)
}

/// A text constant whose type is left to the function, whatever it holds.
fn quoted(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_constant() {
        assert_eq!(quoted("o'b\\"), "E'o\\'b\\\\'");
    }
}
