//! People not told of a new version keep the one before it.
//!
//! Where the version before is at hand, what became milder is marked as if its author had: with the
//! word, the agreement, the rule of before. What is asked of a statement as a whole (evidence, one
//! person, look-ups) cannot differ from person to person; it is told instead.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::cells::{milder, opens};
use super::exceptions::covers;
use super::{Both, Change, Effect};
use crate::model::ruling::Action;
use crate::policy::diagnostic::Diagnostic;
use crate::policy::ruleset::{Effective, Rule, Rules, Ruleset};
use crate::policy::shape::Then;

impl Ruleset {
    /// The rules as they count after those of an older version of the policy.
    ///
    /// # Errors
    /// The new version takes rights from people who were not told of it in time.
    pub fn following(mut self, older: &Ruleset) -> Result<Ruleset, Vec<Diagnostic>> {
        let rules = Arc::make_mut(&mut self.rules);
        if rules.policy.notice_required {
            hold_back(rules, &older.rules);
            rules.hash = mixed(&rules.hash, &older.rules.hash);
        }
        let reductions: Vec<Change> =
            self.changes_since(older).into_iter().filter(Change::is_reduction).collect();
        let policy = &self.rules.policy;
        // The dates of the version before are not those of this one.
        let before = &older.rules.policy;
        let told = policy.published.is_some()
            && policy.published < policy.effective
            && policy.published > before.published
            && policy.effective > before.effective;
        if policy.notice_required && !told && !reductions.is_empty() {
            let help = "say when people were told, `policy.notice.published`, and \
                        `policy.effective`, a later day; both after those of the version before";
            return Err(vec![without_notice(&reductions, "without prior notice", help)]);
        }
        let widened: Vec<Diagnostic> = reductions.iter().map(|c| self.widened(c)).collect();
        self.warnings.extend(widened);
        Ok(self)
    }

    /// Whether a version of the policy that has been kept, and so published, is still what it was.
    ///
    /// # Errors
    /// It takes rights from people that it did not take when it was published.
    pub fn still(self, published: &Ruleset) -> Result<Ruleset, Vec<Diagnostic>> {
        let changes = self.changes_since(published);
        let reductions: Vec<Change> = changes.into_iter().filter(Change::is_reduction).collect();
        if reductions.is_empty() || !self.rules.policy.notice_required {
            return Ok(self);
        }
        let help = "raise `policy.version`; people will be told of the new one";
        Err(vec![without_notice(&reductions, "in a version that is published", help)])
    }

    /// What is worth knowing about each reduction.
    fn widened(&self, change: &Change) -> Diagnostic {
        let what = change.one_line();
        match change.since {
            Some(since) => {
                let message = format!("wider for people told of version {since}: {what}");
                Diagnostic::hint("PP051", message)
            }
            None => Diagnostic::warning("PP051", format!("wider for everybody: {what}"))
                .help("nobody can be left under the version before in this"),
        }
    }
}

fn without_notice(reductions: &[Change], how: &str, help: &str) -> Diagnostic {
    let message = format!("people's rights are reduced {how}");
    let error = Diagnostic::error("PP052", message).help(help);
    let shown = reductions.iter().take(TOLD_MAX).map(Change::one_line);
    let error = shown.fold(error, Diagnostic::note);
    match reductions.len().checked_sub(TOLD_MAX) {
        None | Some(0) => error,
        Some(more) => error.note(format!("and {more} more: pgpurpose diff")),
    }
}

fn hold_back(new: &mut Rules, old: &Rules) {
    let Some(version) = new.policy.version else { return };
    purposes(new, old, version);
    roles(new, old, version);
    let mut kept = Vec::new();
    for rule in &old.rules {
        let still = |now: &Rule| now.until.is_none() && covers((new, now), (old, rule));
        let of_people = rule.rows_over.is_none()
            && rule.then.iter().any(|then| *then != Then::Log)
            && !rule.observe;
        if of_people && !new.rules.iter().any(still) {
            kept.push(renewed(new, old, rule, version));
        }
    }
    new.rules.extend(kept);
    new.rules.sort_by(|a, b| a.rule.cmp(&b.rule));
}

/// A rule of the version before, for people not told.
fn renewed(new: &Rules, old: &Rules, rule: &Rule, version: u32) -> Rule {
    let mut purposes = vec![false; new.purposes.len()];
    for (path, at) in &new.purpose_index {
        let asked = old.purpose_index.get(path).and_then(|same| rule.purposes.get(*same));
        if let Some(slot) = purposes.get_mut(*at) {
            *slot = asked.copied().unwrap_or(false);
        }
    }
    let reads = rule.reads.as_ref().map(|listed| {
        let read = |name: &str| {
            let same = old.categories.index.get(name).and_then(|at| listed.get(*at));
            // A category that is new may hold what an old one held.
            same.copied().unwrap_or(true)
        };
        new.categories.names.iter().map(|name| read(name.as_str())).collect()
    });
    let until = Some(rule.until.map_or(version, |until| until.min(version)));
    let then = rule.then.iter().copied().filter(|then| *then != Then::Log).collect();
    Rule { purposes, reads, until, then, ..rule.clone() }
}

fn purposes(new: &mut Rules, old: &Rules, version: u32) {
    let names: Vec<Option<String>> =
        [None].into_iter().chain(new.services.iter().map(|s| Some(s.name.clone()))).collect();
    let categories: Vec<String> = new.categories.names.iter().map(ToString::to_string).collect();
    for purpose in &mut new.purposes {
        let before = Both::purpose(old, purpose.path.as_str()).filter(|p| !p.has_parts);
        for (meant, service) in purpose.services.iter_mut().zip(&names) {
            let older = before.and_then(|p| Both::meaning(old, p, service.as_deref()));
            match older {
                Some(older) if !older.forbidden || meant.forbidden => {
                    keep_words(meant, (old, older), &categories, version);
                    keep_consent(meant, older, version);
                }
                Some(_) | None if opens(meant) => meant.since = meant.since.max(Some(version)),
                Some(_) | None => {}
            }
        }
    }
}

/// Words that became milder keep what was before.
fn keep_words(
    meant: &mut Effective,
    (old, older): (&Rules, &Effective),
    categories: &[String],
    version: u32,
) {
    for (word, name) in meant.words.iter_mut().zip(categories) {
        let before = old.categories.index.get(name).and_then(|at| older.words.get(*at));
        let versions = before.into_iter().flat_map(|word| word.before.keys().copied());
        for at in versions.chain([version]).collect::<Vec<u32>>() {
            let was = match before {
                None => Action::Block,
                Some(before) if at == version => before.action,
                Some(before) => before.untold(at),
            };
            if milder(was, word.untold(at)) == Some(Effect::Reduction) {
                word.before.insert(at, was);
            }
        }
    }
}

fn keep_consent(meant: &mut Effective, older: &Effective, version: u32) {
    let owed = match older.consent_before {
        // Whoever was not told of the version before owes what was before that.
        Some((_, before)) if meant.consent < before => before.max(older.consent),
        Some(_) | None => older.consent,
    };
    let marked =
        meant.consent_before.filter(|(since, before)| *since >= version && *before >= owed);
    if meant.consent < older.consent && marked.is_none() {
        meant.consent_before = Some((version, owed));
    }
}

fn roles(new: &mut Rules, old: &Rules, version: u32) {
    let paths: Vec<String> = new.purposes.iter().map(|p| p.path.to_string()).collect();
    for (name, role) in &mut new.roles {
        let before = old.roles.get(name);
        for grant in &mut role.may {
            let Some(path) = paths.get(grant.purpose) else { continue };
            let had = before.is_some_and(|role| {
                role.may.iter().any(|had| {
                    let same = old.purposes.get(had.purpose).map(|p| p.path.as_str());
                    same == Some(path) && (had.label.is_none() || had.label == grant.label)
                })
            });
            if !had {
                grant.since = Some(version);
            }
        }
    }
}

/// What the rules decide depends on those before them.
fn mixed(new: &str, old: &str) -> String {
    let digest = Sha256::digest(format!("{new} after {old}"));
    digest.iter().take(HASH_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

/// As of the hash of a ruleset.
const HASH_BYTES: usize = 6;
/// Reductions that are told by name in one error.
const TOLD_MAX: usize = 20;
