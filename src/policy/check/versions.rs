//! Marks of versions: `since`, `before`, `until` must speak of versions that there are, and of what
//! became milder.

use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::Rules;
use crate::policy::shape::{At, DataWord, PurposeShape, Written};

pub fn run(written: &Written, rules: &Rules, found: &mut Vec<Diagnostic>) {
    let services = written.services.iter().flat_map(|service| &service.purposes);
    for purpose in written.purposes.iter().chain(services) {
        for mark in marks(purpose) {
            check(mark, "since", rules, found);
        }
        befores(purpose, found);
    }
    for rule in &written.rules {
        for (mark, word) in [(&rule.since, "since"), (&rule.until, "until")] {
            if let Some(mark) = mark {
                check(mark, word, rules, found);
            }
        }
    }
    notice(written, rules, found);
}

fn marks(purpose: &PurposeShape) -> impl Iterator<Item = &At<u32>> {
    let words = purpose.data.iter().filter_map(|data| data.since.as_ref()).map(|s| &s.version);
    let consent = purpose.consent_since.iter().map(|since| &since.version);
    words.chain(consent).chain(&purpose.since)
}

fn check(mark: &At<u32>, word: &str, rules: &Rules, found: &mut Vec<Diagnostic>) {
    let policy = &rules.policy;
    let diagnostic = if policy.version.is_none_or(|version| mark.value > version) {
        Diagnostic::error("PP037", format!("`{word}: {}` is after the policy", mark.value))
            .label("`policy.version` is lower")
    } else if policy.notice_required && policy.seen.is_none() {
        Diagnostic::error("PP037", format!("`{word}` needs to know what people have been told"))
            .help("say where that is kept: `policy.notice.seen`")
    } else if !policy.notice_required {
        Diagnostic::warning("PP037", format!("`{word}` has no effect: no notice is required"))
            .help("say `policy.notice: { required: true, seen: … }`")
    } else {
        return;
    };
    found.push(diagnostic.at(&mark.place));
}

/// What was stricter before; what becomes stricter counts at once and needs no mark.
fn befores(purpose: &PurposeShape, found: &mut Vec<Diagnostic>) {
    let mut milder = |place| {
        found.push(
            Diagnostic::error("PP037", "`before` is not stricter")
                .at(place)
                .label("what becomes stricter counts for everybody at once")
                .help("leave `since` and `before` out"),
        );
    };
    for data in &purpose.data {
        let Some(since) = &data.since else { continue };
        if since.before.is_some_and(|before| order(before) < order(data.word)) {
            milder(&data.category.place);
        }
    }
    let since = purpose.consent_since.as_ref();
    if let (Some(now), Some(since)) = (&purpose.consent, since)
        && since.before.as_ref().is_some_and(|before| before.value <= now.value)
    {
        milder(&since.version.place);
    }
}

/// Mildest first; what a mask keeps is not compared.
fn order(word: DataWord) -> u8 {
    match word {
        DataWord::Allow => 0,
        DataWord::Mask | DataWord::Named(_) => 1,
        DataWord::Aggregate => 2,
        DataWord::Hide => 3,
        DataWord::Block => 4,
    }
}

fn notice(written: &Written, rules: &Rules, found: &mut Vec<Diagnostic>) {
    let Some(shape) = &written.policy else { return };
    if let Some(active) = &shape.active
        && (rules.policy.effective.is_none() || rules.policy.seen.is_none())
    {
        found.push(
            Diagnostic::error(
                "PP007",
                "`notice.active` needs `policy.effective` and `notice.seen`",
            )
            .at(&active.at.place)
            .label("active since when, and told of what?"),
        );
    }
}
