//! `pgpurpose subject export`: everything that is held of a person, as one JSON document written
//! as it is read, so that much of it needs no memory.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::access::{Reading, Recipients, readings};
use super::record::Counts;
use super::session::{About, Session};
use crate::cli::exit::Exit;
use crate::subject::Holding;

#[derive(Args, Debug)]
pub struct Export {
    #[command(flatten)]
    about: About,
    /// Form of what is printed
    #[arg(long, value_enum, default_value = "json")]
    output: Form,
    /// Audit files, to tell who outside received data
    #[arg(long, value_name = "FILE", num_args = 1..)]
    audit: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Json,
}

impl Export {
    pub fn carry_out(&self) -> anyhow::Result<Exit> {
        let Form::Json = self.output;
        let mut session = Session::open(&self.about, "subject export")?;
        session.operator.begin("ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let mut out = BufWriter::new(io::stdout().lock());
        write!(out, "{{\n\"subject\": {}", serde_json::to_string(session.id.expose())?)?;
        write!(out, ",\n\"time\": \"{}\"", jiff::Timestamp::now())?;
        write!(out, ",\n\"rules\": \"{}\"", session.snapshot.ruleset.hash())?;
        write!(out, ",\n\"tables\": {{")?;
        let mut counts = Counts::new();
        for (at, table) in session.holdings.tables.iter().enumerate() {
            write!(out, "{}", if at == 0 { "\n" } else { ",\n" })?;
            let rows = write_table(&session, at, table, &mut out)?;
            counts.insert(table.name.to_string(), BTreeMap::from([("exported", rows)]));
        }
        write!(out, "\n}}")?;
        let unreached: Vec<String> =
            session.holdings.unreached.iter().map(ToString::to_string).collect();
        write!(out, ",\n\"not_looked_into\": {}", serde_json::to_string(&unreached)?)?;
        write_store(&session, &mut out)?;
        self.write_recipients(&session, &mut out)?;
        writeln!(out, "\n}}")?;
        out.flush()?;
        session.operator.roll_back();
        session.log.done(&counts)?;
        Ok(Exit::Yes)
    }

    /// Who outside received data: those the trail names, and those who may have.
    fn write_recipients(&self, session: &Session, out: &mut impl Write) -> anyhow::Result<()> {
        if self.audit.is_empty() {
            return Ok(());
        }
        let outside: BTreeMap<String, String> = session.snapshot.ruleset.recipients().collect();
        let hashes = vec![session.key.subject(&session.id)];
        let mut recipients = Recipients::default();
        readings(&self.audit, &hashes, &mut |reading: &Reading| {
            if let Some(recipient) = outside.get(&reading.role) {
                recipients.note(recipient, reading);
            }
            Ok(())
        })?;
        write!(out, ",\n\"received_outside\": {}", serde_json::to_string(&recipients)?)?;
        Ok(())
    }
}

/// Categories of the columns, then the rows. How many there were.
fn write_table(
    session: &Session,
    at: usize,
    table: &Holding,
    out: &mut impl Write,
) -> anyhow::Result<u64> {
    let shown = table.columns.iter().filter(|column| !column.secret);
    let categories: BTreeMap<&str, &[String]> =
        shown.map(|column| (column.name.as_str(), column.categories.as_slice())).collect();
    let secret = table.columns.iter().filter(|column| column.secret);
    let withheld: Vec<&str> = secret.map(|column| column.name.as_str()).collect();
    write!(out, "{}: {{", serde_json::to_string(&table.name.to_string())?)?;
    write!(out, "\"categories\": {}", serde_json::to_string(&categories)?)?;
    if !withheld.is_empty() {
        write!(out, ", \"withheld\": {}", serde_json::to_string(&withheld)?)?;
    }
    write!(out, ", \"rows\": [")?;
    let mut rows = 0_u64;
    let sql = session.holdings.export(at);
    let written = session.operator.each(&sql, session.id.expose(), &mut |row| {
        write!(out, "{}{row}", if rows == 0 { "\n" } else { ",\n" })?;
        rows += 1;
        Ok(())
    })?;
    written?;
    write!(out, "]}}")?;
    Ok(rows)
}

/// Status, choices and history of the consent store, where it is installed.
fn write_store(session: &Session, out: &mut impl Write) -> anyhow::Result<()> {
    if !session.has_store()? {
        return Ok(());
    }
    write!(out, ",\n\"consent\": {{")?;
    for (at, part) in ["status", "show", "history"].into_iter().enumerate() {
        let kind = &session.holdings.id_type;
        let sql = format!(
            "SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]')::text \
             FROM pgpurpose.{part}(CAST($1::text AS {kind})) AS s"
        );
        let rows = session.operator.rows(&sql, session.id.expose())?;
        let text = rows.into_iter().next().and_then(|row| row.into_iter().next()?);
        let name = if part == "show" { "choices" } else { part };
        let comma = if at == 0 { "\n" } else { ",\n" };
        write!(out, "{comma}\"{name}\": {}", text.unwrap_or_else(|| "[]".to_owned()))?;
    }
    write!(out, "\n}}")?;
    Ok(())
}
