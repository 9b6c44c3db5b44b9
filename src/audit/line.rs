//! A record as one line of JSON. `time` and `event` stand first, so that a reader of the bare
//! file sees when and what; the rest is the record.

use serde::Serialize;

use crate::model::record::{DecisionRecord, OutcomeRecord};

#[derive(Serialize)]
struct Line<'a, R> {
    /// RFC 3339 with microseconds, UTC.
    time: String,
    event: &'static str,
    #[serde(flatten)]
    record: &'a R,
}

/// Written after a time in which records could not be: how many statements were refused for it.
#[derive(Serialize)]
struct Resumed {
    refused: u64,
}

pub fn decision(record: &DecisionRecord) -> Vec<u8> {
    line("decision", record)
}

pub fn outcome(record: &OutcomeRecord) -> Vec<u8> {
    line("outcome", record)
}

pub fn resumed(refused: u64) -> Vec<u8> {
    line("resumed", &Resumed { refused })
}

fn line<R: Serialize>(event: &'static str, record: &R) -> Vec<u8> {
    let line = Line { time: format!("{:.6}", jiff::Timestamp::now()), event, record };
    let mut bytes = Vec::with_capacity(1024);
    // INVARIANT: the records are structs of texts, numbers and maps keyed by text, and a Vec
    // takes every write; there is nothing in them that JSON cannot hold.
    serde_json::to_writer(&mut bytes, &line).expect("records are JSON");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_and_what_first_and_never_breaks() {
        let record =
            OutcomeRecord { id: "a\nb".into(), rows: 3, duration_us: 17, sqlstate: "00000".into() };
        let text = String::from_utf8(outcome(&record)).unwrap();
        assert!(text.starts_with("{\"time\":\"20") && text.ends_with("}\n"), "{text}");
        assert_eq!(text.matches('\n').count(), 1);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["event"], "outcome");
        assert_eq!(value["rows"], 3);
        let time = value["time"].as_str().unwrap();
        assert_eq!(time.len(), "2026-11-25T02:46:53.123456Z".len());
    }
}
