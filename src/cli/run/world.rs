//! The rules on the disk and the catalog of the server, kept together as the snapshot in force.
//!
//! Whatever changes, the snapshot is replaced whole. Rules that do not hold never take the place
//! of rules that do; a server that cannot be asked leaves the last picture of it in force.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;

use super::labels::labels_of;
use crate::admin::{Condition, Readiness};
use crate::catalog::Catalog;
use crate::cli::keys::{KeysFault, load_verifier};
use crate::cli::rules::{RulesFault, load_rules};
use crate::config::{Config, Secret, TokensConfig};
use crate::policy::{Diagnostic, Ruleset, Severity};
use crate::server::{BoxFuture, CatalogFault, CatalogSource, Rows};
use crate::snapshot::Snapshot;
use crate::telemetry::Telemetry;
use crate::token::Verifier;
use crate::upstream::catalog::{catalog_from_digits, session_query};
use crate::upstream::{CatalogWatch, Fault, ServiceLogin, connect};

/// Pause between attempts to reach the server at start.
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// Code of the diagnostic on a column of a listed table that no category was given; one each.
const UNCLASSIFIED_COLUMN: &str = "PP023";

/// Why there is nothing to serve by.
#[derive(Debug, thiserror::Error)]
pub enum WorldFault {
    #[error(transparent)]
    Rules(#[from] RulesFault),
    #[error(transparent)]
    Keys(#[from] KeysFault),
    #[error("{0}")]
    Upstream(Arc<Fault>),
}

/// The snapshot in force and what it is made from. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    snapshot: Arc<ArcSwap<Snapshot>>,
    inputs: Mutex<Inputs>,
    watch: CatalogWatch,
    directory: PathBuf,
    tokens: TokensConfig,
    reachable: AtomicBool,
    telemetry: Arc<Telemetry>,
    readiness: Arc<Readiness>,
}

struct Inputs {
    ruleset: Arc<Ruleset>,
    catalog: Arc<Catalog>,
    tokens: Option<Arc<Verifier>>,
}

impl World {
    /// Loads rules and catalog. Waits for a server that cannot be reached yet; rules that do not
    /// hold, a login that is refused, or an answer that cannot be read, end the attempt.
    pub async fn load(
        config: &Config,
        telemetry: Arc<Telemetry>,
        readiness: Arc<Readiness>,
    ) -> Result<World, WorldFault> {
        let ruleset = Arc::new(load_rules(&config.rules)?);
        let tokens = load_verifier(&config.tokens)?;
        let watch = CatalogWatch::new(service_login(config));
        let catalog = first_catalog(&watch).await?;
        let (snapshot, diagnostics) = Snapshot::build(Arc::clone(&ruleset), Arc::clone(&catalog));
        tell_fit(&telemetry, &diagnostics);
        telemetry.rules_loaded(&labels_of(&ruleset), ruleset.hash(), ruleset.version());
        readiness.set(Condition::Rules, true);
        readiness.set(Condition::Upstream, true);
        Ok(World(Arc::new(Inner {
            snapshot: Arc::new(ArcSwap::from_pointee(snapshot.with_tokens(tokens.clone()))),
            inputs: Mutex::new(Inputs { ruleset, catalog, tokens }),
            watch,
            directory: config.rules.clone(),
            tokens: config.tokens.clone(),
            reachable: AtomicBool::new(true),
            telemetry,
            readiness,
        })))
    }

    pub fn snapshot(&self) -> Arc<ArcSwap<Snapshot>> {
        Arc::clone(&self.0.snapshot)
    }

    /// Reads the rule directory again; on any mistake the rules in force stay.
    pub async fn reload_rules(&self) {
        let inner = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || inner.reload_rules()).await;
        if done.is_err() {
            tracing::error!("reloading the rules ended in a panic; those in force stay");
        }
    }

    /// Looks for changes of the catalog, for ever.
    pub async fn keep_watching(&self, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            // What is wrong has been told; the next tick asks again.
            let _ = refreshed(Arc::clone(&self.0)).await;
        }
    }
}

impl CatalogSource for World {
    fn refresh(&self) -> BoxFuture<Result<Arc<Snapshot>, CatalogFault>> {
        Box::pin(refreshed(Arc::clone(&self.0)))
    }

    fn queries(&self) -> Vec<String> {
        vec![session_query()]
    }

    fn overlay(&self, answers: Vec<Rows>) -> Result<Arc<Snapshot>, CatalogFault> {
        let cell = answers.into_iter().next().and_then(|rows| rows.into_iter().next());
        let text = cell.and_then(|row| row.into_iter().next()).flatten().ok_or(CatalogFault)?;
        let catalog = catalog_from_digits(&text, self.0.watch.next_epoch()).map_err(|fault| {
            tracing::error!(%fault, "the catalog of a client's session cannot be read");
            CatalogFault
        })?;
        let (ruleset, tokens) = {
            let inputs = self.0.inputs();
            (Arc::clone(&inputs.ruleset), inputs.tokens.clone())
        };
        Ok(Arc::new(Snapshot::build(ruleset, Arc::new(catalog)).0.with_tokens(tokens)))
    }
}

/// How the proxy itself logs in.
pub fn service_login(config: &Config) -> ServiceLogin {
    let (server, login) = (&config.upstream, &config.catalog);
    let password = login.password.as_ref().map(Secret::expose);
    connect::target(&server.host, server.port, &server.database, &login.user, password)
}

async fn refreshed(inner: Arc<Inner>) -> Result<Arc<Snapshot>, CatalogFault> {
    let answer = inner.watch.catalog().await;
    inner.server_answered(&answer);
    let catalog = answer.map_err(|_| CatalogFault)?;
    if Arc::ptr_eq(&catalog, &inner.inputs().catalog) {
        return Ok(inner.snapshot.load_full());
    }
    // Views are followed anew, which may take long on a large catalog.
    let publish = move || {
        inner.publish(|inputs| {
            // Somebody who asked later may have been quicker.
            if catalog.epoch > inputs.catalog.epoch {
                inputs.catalog = catalog;
            }
        })
    };
    tokio::task::spawn_blocking(publish).await.map_err(|_| CatalogFault)
}

impl Inner {
    fn inputs(&self) -> std::sync::MutexGuard<'_, Inputs> {
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock is held while the snapshot is built, so that the last to come is the one in force.
    fn publish(&self, change: impl FnOnce(&mut Inputs)) -> Arc<Snapshot> {
        let mut inputs = self.inputs();
        change(&mut inputs);
        let (ruleset, catalog) = (Arc::clone(&inputs.ruleset), Arc::clone(&inputs.catalog));
        let (snapshot, diagnostics) = Snapshot::build(ruleset, catalog);
        tell_fit(&self.telemetry, &diagnostics);
        let snapshot = Arc::new(snapshot.with_tokens(inputs.tokens.clone()));
        self.snapshot.store(Arc::clone(&snapshot));
        snapshot
    }

    /// Rules and keys, or neither.
    fn reload_rules(&self) {
        let loaded = load_rules(&self.directory).map_err(WorldFault::from);
        let loaded =
            loaded.and_then(|ruleset| Ok((Arc::new(ruleset), load_verifier(&self.tokens)?)));
        match loaded {
            Ok((ruleset, tokens)) => {
                self.publish(|inputs| {
                    inputs.ruleset = Arc::clone(&ruleset);
                    inputs.tokens = tokens;
                });
                self.telemetry.rules_loaded(
                    &labels_of(&ruleset),
                    ruleset.hash(),
                    ruleset.version(),
                );
            }
            Err(fault) => {
                match &fault {
                    WorldFault::Rules(RulesFault::Mistakes(diagnostics)) => tell(diagnostics),
                    WorldFault::Rules(RulesFault::Read { .. } | RulesFault::Empty(_))
                    | WorldFault::Keys(_)
                    | WorldFault::Upstream(_) => tracing::error!("{fault}"),
                }
                self.telemetry.reload_failed();
            }
        }
    }

    /// Tells the log and the admin port, once for each change.
    fn server_answered(&self, answer: &Result<Arc<Catalog>, Arc<Fault>>) {
        let holds = answer.is_ok();
        self.readiness.set(Condition::Upstream, holds);
        let held = self.reachable.swap(holds, Ordering::AcqRel);
        match answer {
            Ok(_) if !held => tracing::info!("the server answers again"),
            Ok(_) => {}
            Err(fault) if held => tracing::error!(%fault, "the catalog cannot be read"),
            Err(fault) => tracing::debug!(%fault, "the catalog still cannot be read"),
        }
    }
}

async fn first_catalog(watch: &CatalogWatch) -> Result<Arc<Catalog>, WorldFault> {
    loop {
        match watch.catalog().await {
            Ok(catalog) => return Ok(catalog),
            Err(fault) if fault.is_transient() => {
                tracing::warn!(%fault, "waiting for the server");
                tokio::time::sleep(RETRY_EVERY).await;
            }
            Err(fault) => return Err(WorldFault::Upstream(fault)),
        }
    }
}

/// What rules say that does not fit the database is refused, statement by statement.
fn tell_fit(telemetry: &Telemetry, diagnostics: &[Diagnostic]) {
    tell(diagnostics);
    let unclassified = diagnostics.iter().filter(|found| found.code == UNCLASSIFIED_COLUMN);
    telemetry.unclassified_columns(unclassified.count());
}

fn tell(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        match diagnostic.severity {
            Severity::Error => tracing::error!("{}", diagnostic.one_line()),
            Severity::Warning => tracing::warn!("{}", diagnostic.one_line()),
            Severity::Note => tracing::debug!("{}", diagnostic.one_line()),
        }
    }
}
