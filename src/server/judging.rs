//! The world of one session: the snapshot in force, the judge, and what has been judged before.

use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;
use quick_cache::Equivalent;

use super::cancel::CancelKeys;
use super::gateway::Gateway;
use crate::audit::IdSource;
use crate::judge::plan::{self, Plan, Shape};
use crate::judge::{Judgement, Verdict};
use crate::model::access::{Access, DeclaredBy, SessionEffect, Setting, SettingValue, Stamp};
use crate::model::claims::{Claims, Fallen, Presented};
use crate::model::names::{Name, RelationId};
use crate::model::person::PersonId;
use crate::model::privacy::Purpose;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::snapshot::Snapshot;
use crate::wire::world::{Charge, Meter, World};

/// Longest text whose judgement is kept, in bytes.
const CACHED_TEXT_BYTES: usize = 4 << 10;

/// Shortest time between two readings of the catalog for the sake of unknown names.
const REFRESH_PAUSE_MS: u64 = 500;

/// What the rules are asked. A trait, so that a relay can be tested without rules.
pub trait Judging: Send + Sync {
    /// A judgement, and what it comes to for all texts of the same shape, if that can be said.
    fn judge(&self, snapshot: &Snapshot, access: &Access, text: &str) -> (Judgement, Option<Plan>);
    /// Rules and catalog in words, for records and refused clients.
    fn stamp_text(&self, snapshot: &Snapshot) -> String;
    fn default_purpose(&self, snapshot: &Snapshot, role: &Name) -> Option<Purpose>;
    fn may_claim(
        &self,
        snapshot: &Snapshot,
        access: &Access,
        purpose: &Purpose,
    ) -> Result<(), Box<Refusal>>;
}

/// The rules of the snapshot.
pub struct Rules;

impl Judging for Rules {
    fn judge(&self, snapshot: &Snapshot, access: &Access, text: &str) -> (Judgement, Option<Plan>) {
        plan::judge(snapshot, access, text)
    }

    fn stamp_text(&self, snapshot: &Snapshot) -> String {
        format!("{}/{}", snapshot.ruleset.hash(), snapshot.catalog.epoch)
    }

    fn default_purpose(&self, snapshot: &Snapshot, role: &Name) -> Option<Purpose> {
        snapshot.ruleset.role(role).and_then(|rule| rule.default_purpose)
    }

    fn may_claim(
        &self,
        snapshot: &Snapshot,
        access: &Access,
        purpose: &Purpose,
    ) -> Result<(), Box<Refusal>> {
        snapshot.ruleset.may_claim(access, purpose)
    }
}

/// What all connections share: what they were given, and what they keep together.
pub(super) struct Shared {
    pub gateway: Arc<Gateway>,
    pub judging: Arc<dyn Judging>,
    pub cancel_keys: Arc<CancelKeys>,
    /// By text: what drivers prepare, and texts without literals, come again as they are.
    judgements: quick_cache::sync::Cache<Key, Arc<Judgement>>,
    /// By shape: texts that differ in literals alone.
    plans: quick_cache::sync::Cache<Key, Arc<Plan>>,
    ids: IdSource,
    started: Instant,
    /// Milliseconds from `started` to the end of the last reading of the catalog.
    refreshed_ms: AtomicU64,
}

impl Shared {
    pub fn new(gateway: Arc<Gateway>, judging: Arc<dyn Judging>) -> Shared {
        Shared {
            judging,
            cancel_keys: Arc::default(),
            judgements: quick_cache::sync::Cache::new(gateway.limits.cached_judgements),
            plans: quick_cache::sync::Cache::new(gateway.limits.cached_judgements),
            ids: IdSource::default(),
            started: Instant::now(),
            refreshed_ms: AtomicU64::new(0),
            gateway,
        }
    }

    /// The catalog has been read again on behalf of a client.
    pub fn note_refresh(&self) {
        self.refreshed_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    /// Names have been changed through the proxy: one that is not known may be new.
    pub fn note_change(&self) {
        self.refreshed_ms.store(0, Ordering::Relaxed);
    }

    /// It would be read too often for names that may just not exist.
    pub fn has_just_refreshed(&self) -> bool {
        let last = self.refreshed_ms.load(Ordering::Relaxed);
        last > 0 && self.now_ms().saturating_sub(last) < REFRESH_PAUSE_MS
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// What one session sees of the world.
pub(super) struct SessionWorld {
    shared: Arc<Shared>,
    published: arc_swap::Cache<Arc<ArcSwap<Snapshot>>, Arc<Snapshot>>,
    /// What was last seen published.
    base: Arc<Snapshot>,
    /// What this session alone sees.
    own: Option<Arc<Snapshot>>,
}

impl SessionWorld {
    pub fn new(shared: Arc<Shared>) -> SessionWorld {
        let mut published = arc_swap::Cache::new(Arc::clone(&shared.gateway.snapshot));
        let base = Arc::clone(published.load());
        SessionWorld { shared, published, base, own: None }
    }

    /// Takes up what has been published since. Gives whether the session's own picture of the
    /// catalog is out of date with it.
    pub fn renew(&mut self) -> bool {
        let published = self.published.load();
        if Arc::ptr_eq(&self.base, published) {
            return false;
        }
        self.base = Arc::clone(published);
        self.own.is_some()
    }

    /// From now on what this session alone can see; `None`: what all see.
    pub fn see(&mut self, own: Option<Arc<Snapshot>>) {
        self.own = own;
        self.base = Arc::clone(self.published.load());
    }

    fn snapshot(&self) -> &Snapshot {
        self.own.as_deref().unwrap_or(&self.base)
    }

    /// A judge that panics refuses.
    fn judge_afresh(&self, access: &Access, text: &str) -> (Judgement, Option<Plan>) {
        let judging = AssertUnwindSafe(|| self.shared.judging.judge(self.snapshot(), access, text));
        std::panic::catch_unwind(judging).unwrap_or_else(|_| {
            let verdict = Verdict::Refuse(Box::new(Refusal::new(
                Reason::Internals,
                SqlState::INTERNAL_ERROR,
                "the statement could not be judged",
            )));
            (Judgement { verdict, statements: Vec::new() }, None)
        })
    }

    /// Spells a text whose shape has been judged, or judges it. Gives whether it was kept.
    fn judge_by_shape(&self, access: &Access, stamp: &Arc<Stamp>, text: &str) -> (Judgement, bool) {
        let shape = if text.len() <= CACHED_TEXT_BYTES { Shape::of(text) } else { None };
        let Some(shape) = shape else { return (self.judge_afresh(access, text).0, false) };
        let key = KeyRef::new(shape.key(), stamp, access);
        if let Some(plan) = self.shared.plans.get(&key) {
            return (plan.fill(&shape), true);
        }
        let (judgement, plan) = self.judge_afresh(access, text);
        if let Some(plan) = plan {
            self.shared.plans.insert(key.kept(stamp), Arc::new(plan));
        }
        (judgement, false)
    }
}

impl World for SessionWorld {
    fn stamp(&self) -> u64 {
        self.snapshot().stamp
    }

    fn stamp_text(&self) -> String {
        self.shared.judging.stamp_text(self.snapshot())
    }

    fn judge(&self, access: &Access, stamp: &Arc<Stamp>, text: &str) -> Arc<Judgement> {
        let started = Instant::now();
        let key = KeyRef::new(text, stamp, access);
        let (judgement, cached) = match self.shared.judgements.get(&key) {
            Some(judgement) => (judgement, true),
            None => {
                let (judgement, cached) = self.judge_by_shape(access, stamp, text);
                let judgement = Arc::new(judgement);
                let forwarded = match &judgement.verdict {
                    Verdict::Forward(rewritten) => rewritten.text().len(),
                    Verdict::Refuse(_) => 0,
                };
                // A text that was spelt from a plan is not worth a place: its literals change.
                if !cached
                    && !presents_token(&judgement)
                    && text.len().max(forwarded / 4) <= CACHED_TEXT_BYTES
                {
                    self.shared.judgements.insert(key.kept(stamp), Arc::clone(&judgement));
                }
                (judgement, cached)
            }
        };
        let observer = &self.shared.gateway.observer;
        observer.judged(&judgement, access, started.elapsed(), cached);
        judgement
    }

    fn may_claim(&self, access: &Access, purpose: &Purpose) -> Result<(), Box<Refusal>> {
        self.shared.judging.may_claim(self.snapshot(), access, purpose)
    }

    fn verify_token(&self, token: &str) -> Result<Presented, Box<Refusal>> {
        self.snapshot().verify_token(token)
    }

    fn token_stands(&self, claims: &Claims) -> Result<(), Fallen> {
        self.snapshot().token_stands(claims, self.now_s())
    }

    fn now_s(&self) -> i64 {
        now_s()
    }

    fn is_limited(&self, relation: RelationId) -> bool {
        self.snapshot().is_limited(relation)
    }

    fn lets_declare_types(&self) -> bool {
        self.snapshot().deeds.domains_are_quiet()
    }

    fn fresh_id(&self) -> String {
        self.shared.ids.next()
    }

    fn subject_hash(&self, id: &PersonId) -> Option<String> {
        self.shared.gateway.audit.subject_hash(id)
    }

    fn charge(&self, charges: &[Charge]) -> Result<Option<Arc<dyn Meter>>, Box<Refusal>> {
        self.shared.gateway.quotas.charge(charges)
    }

    fn meter(&self, charges: &[Charge]) -> Option<Arc<dyn Meter>> {
        self.shared.gateway.quotas.meter(charges)
    }

    fn audit_is_failing(&self) -> bool {
        self.shared.gateway.audit.is_failing()
    }
}

/// Such a text is never the same again, and not worth having in memory.
fn presents_token(judgement: &Judgement) -> bool {
    let effects = judgement.statements.iter().filter_map(|judged| judged.effect.as_ref());
    let mut settings = effects.filter_map(|effect| match effect {
        SessionEffect::Set(settings) => Some(settings),
        _ => None,
    });
    let token = |setting: &Setting| matches!(setting.value, SettingValue::Token(_));
    let refused =
        matches!(&judgement.verdict, Verdict::Refuse(refusal) if refusal.reason == Reason::Token);
    refused || settings.any(|settings| settings.iter().any(token))
}

/// Seconds since 1970. A clock before that is not believed: every token has expired.
pub(super) fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(i64::MAX)
}

/// What a judgement depends on.
#[derive(PartialEq, Eq)]
struct Key {
    text: Box<str>,
    stamp: Arc<Stamp>,
    /// Rules may ask where a role comes from.
    address: Option<IpAddr>,
    /// Records say how the purpose was declared.
    declared: DeclaredBy,
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.text, &self.stamp, state);
    }
}

/// The same, borrowed for looking up.
struct KeyRef<'a> {
    text: &'a str,
    stamp: &'a Stamp,
    address: Option<IpAddr>,
    declared: DeclaredBy,
}

impl<'a> KeyRef<'a> {
    fn new(text: &'a str, stamp: &'a Stamp, access: &Access) -> KeyRef<'a> {
        KeyRef { text, stamp, address: access.address, declared: access.declared }
    }

    fn kept(&self, stamp: &Arc<Stamp>) -> Key {
        Key {
            text: self.text.into(),
            stamp: Arc::clone(stamp),
            address: self.address,
            declared: self.declared,
        }
    }
}

impl Hash for KeyRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(self.text, self.stamp, state);
    }
}

/// Whatever else a stamp holds is compared, not hashed.
fn hash<H: Hasher>(text: &str, stamp: &Stamp, state: &mut H) {
    text.hash(state);
    stamp.snapshot.hash(state);
    stamp.purpose.hash(state);
    stamp.role.hash(state);
}

impl Equivalent<Key> for KeyRef<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self.text == *key.text
            && *self.stamp == *key.stamp
            && self.address == key.address
            && self.declared == key.declared
    }
}
