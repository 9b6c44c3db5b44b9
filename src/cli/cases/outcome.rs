//! Where a judgement differs from what a case says.

use std::collections::{BTreeMap, BTreeSet};

use super::case::{Case, Expectation};
use super::shown::folded;
use crate::judge::{Judgement, OutputRuling, Verdict};
use crate::model::refusal::Refusal;

/// What became of a case.
pub struct Outcome {
    pub(super) judgement: Judgement,
    pub(super) outputs: Vec<OutputRuling>,
    /// What is sent; in the short spelling where the case says what it must be.
    pub(super) sent: Option<String>,
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
