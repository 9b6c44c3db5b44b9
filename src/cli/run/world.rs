//! The rules on the disk and the catalog of the server, kept together as the snapshot in force.
//!
//! Whatever changes, the snapshot is replaced whole. Rules that do not hold never take the place
//! of rules that do; a server that cannot be asked leaves the last picture of it in force.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use tokio_postgres::Client;

use crate::admin::{Condition, Readiness};
use crate::catalog::Catalog;
use crate::cli::rules::{RulesFault, load_rules};
use crate::config::Config;
use crate::policy::{Diagnostic, Ruleset, Severity};
use crate::server::{BoxFuture, CatalogFault, CatalogSource, Rows};
use crate::snapshot::Snapshot;
use crate::telemetry::Telemetry;
use crate::upstream::catalog::{
    Mark, Scope, catalog_from_json, catalog_query, changed, load, mark,
};
use crate::upstream::{Fault, connect};

use super::labels::labels_of;

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
    Upstream(#[from] Fault),
}

/// The snapshot in force and what it is made from. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    snapshot: Arc<ArcSwap<Snapshot>>,
    inputs: Mutex<Inputs>,
    server: tokio::sync::Mutex<Server>,
    target: tokio_postgres::Config,
    directory: PathBuf,
    epochs: AtomicU64,
    reachable: AtomicBool,
    telemetry: Arc<Telemetry>,
    readiness: Arc<Readiness>,
}

struct Inputs {
    ruleset: Arc<Ruleset>,
    catalog: Arc<Catalog>,
}

/// The service login's connection.
struct Server {
    client: Option<Client>,
    mark: Mark,
    /// When the catalog in force began to be read.
    read_at: Instant,
}

impl World {
    /// Loads rules and catalog. Waits for a server that cannot be reached yet; rules that do not
    /// hold, or an answer that cannot be read, end the attempt.
    pub async fn load(
        config: &Config,
        telemetry: Arc<Telemetry>,
        readiness: Arc<Readiness>,
    ) -> Result<World, WorldFault> {
        let ruleset = Arc::new(load_rules(&config.rules)?);
        let target = target(config);
        let (server, catalog) = loop {
            match first_read(&target).await {
                Ok(read) => break read,
                Err(fault @ (Fault::Connect(_) | Fault::Timeout(_))) => {
                    tracing::warn!(%fault, "waiting for the server");
                    tokio::time::sleep(RETRY_EVERY).await;
                }
                Err(fault) => return Err(fault.into()),
            }
        };
        let catalog = Arc::new(catalog);
        let (snapshot, diagnostics) = Snapshot::build(Arc::clone(&ruleset), Arc::clone(&catalog));
        tell_fit(&telemetry, &diagnostics);
        telemetry.rules_loaded(&labels_of(&ruleset), ruleset.hash());
        readiness.set(Condition::Rules, true);
        readiness.set(Condition::Upstream, true);
        Ok(World(Arc::new(Inner {
            snapshot: Arc::new(ArcSwap::from_pointee(snapshot)),
            inputs: Mutex::new(Inputs { ruleset, catalog }),
            server: tokio::sync::Mutex::new(server),
            target,
            directory: config.rules.clone(),
            epochs: AtomicU64::new(FIRST_EPOCH),
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
    pub async fn watch(&self, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let result = self.0.read_if_changed().await;
            // Told already; the next tick asks again.
            let _ = self.0.server_answered(result);
        }
    }
}

impl CatalogSource for World {
    fn refresh(&self) -> BoxFuture<Result<Arc<Snapshot>, CatalogFault>> {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let result = inner.read_since(Instant::now()).await;
            inner.server_answered(result).map_err(|()| CatalogFault)?;
            Ok(inner.snapshot.load_full())
        })
    }

    fn queries(&self) -> Vec<String> {
        vec![catalog_query(Scope::Everything)]
    }

    fn overlay(&self, answers: Vec<Rows>) -> Result<Arc<Snapshot>, CatalogFault> {
        let cell = answers.into_iter().next().and_then(|rows| rows.into_iter().next());
        let text = cell.and_then(|row| row.into_iter().next()).flatten().ok_or(CatalogFault)?;
        let catalog = catalog_from_json(&text, self.0.next_epoch()).map_err(|fault| {
            tracing::error!(%fault, "the catalog of a client's session cannot be read");
            CatalogFault
        })?;
        let ruleset = Arc::clone(&self.0.inputs().ruleset);
        Ok(Arc::new(Snapshot::build(ruleset, Arc::new(catalog)).0))
    }
}

const FIRST_EPOCH: u64 = 1;

impl Inner {
    fn inputs(&self) -> std::sync::MutexGuard<'_, Inputs> {
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every catalog, also a client's own, has an epoch of its own.
    fn next_epoch(&self) -> u64 {
        self.epochs.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The lock is held while the snapshot is built, so that the last to come is the one in force.
    fn publish(&self, change: impl FnOnce(&mut Inputs)) {
        let mut inputs = self.inputs();
        change(&mut inputs);
        let (ruleset, catalog) = (Arc::clone(&inputs.ruleset), Arc::clone(&inputs.catalog));
        let (snapshot, diagnostics) = Snapshot::build(ruleset, catalog);
        tell_fit(&self.telemetry, &diagnostics);
        self.snapshot.store(Arc::new(snapshot));
    }

    fn reload_rules(&self) {
        match load_rules(&self.directory) {
            Ok(ruleset) => {
                let ruleset = Arc::new(ruleset);
                self.publish(|inputs| inputs.ruleset = Arc::clone(&ruleset));
                self.telemetry.rules_loaded(&labels_of(&ruleset), ruleset.hash());
            }
            Err(fault) => {
                match &fault {
                    RulesFault::Mistakes(diagnostics) => tell(diagnostics),
                    RulesFault::Read { .. } | RulesFault::Empty(_) => tracing::error!("{fault}"),
                }
                self.telemetry.reload_failed();
            }
        }
    }

    /// Reads the catalog unless somebody has begun to read it after `asked`.
    async fn read_since(&self, asked: Instant) -> Result<(), Fault> {
        let mut server = self.server.lock().await;
        if server.read_at > asked {
            return Ok(());
        }
        self.read(&mut server).await
    }

    async fn read_if_changed(&self) -> Result<(), Fault> {
        let mut server = self.server.lock().await;
        let Server { client: Some(client), mark, .. } = &mut *server else {
            return self.read(&mut server).await;
        };
        match changed(client, mark).await {
            Ok(true) => {
                tracing::debug!("the catalog has changed");
                self.read(&mut server).await
            }
            Ok(false) => Ok(()),
            Err(fault) => {
                server.client = None;
                Err(fault)
            }
        }
    }

    async fn read(&self, server: &mut Server) -> Result<(), Fault> {
        let read_at = Instant::now();
        let client = match server.client.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => connect::connect(&self.target).await?,
        };
        // The mark first: what changes in between is then seen at the next look.
        server.mark = mark(&client).await?;
        let catalog = Arc::new(load(&client, self.next_epoch()).await?);
        self.publish(|inputs| inputs.catalog = catalog);
        server.client = Some(client);
        server.read_at = read_at;
        Ok(())
    }

    /// Tells the log and the admin port, once for each change.
    fn server_answered(&self, result: Result<(), Fault>) -> Result<(), ()> {
        let holds = result.is_ok();
        self.readiness.set(Condition::Upstream, holds);
        let held = self.reachable.swap(holds, Ordering::AcqRel);
        match result {
            Ok(()) if !held => tracing::info!("the server answers again"),
            Ok(()) => {}
            Err(fault) if held => tracing::error!(%fault, "the catalog cannot be read"),
            Err(fault) => tracing::debug!(%fault, "the catalog still cannot be read"),
        }
        if holds { Ok(()) } else { Err(()) }
    }
}

async fn first_read(target: &tokio_postgres::Config) -> Result<(Server, Catalog), Fault> {
    let read_at = Instant::now();
    let client = connect::connect(target).await?;
    let mark = mark(&client).await?;
    let catalog = load(&client, FIRST_EPOCH).await?;
    Ok((Server { client: Some(client), mark, read_at }, catalog))
}

fn target(config: &Config) -> tokio_postgres::Config {
    let mut target = tokio_postgres::Config::new();
    target
        .host(&config.upstream.host)
        .port(config.upstream.port)
        .dbname(&config.upstream.database)
        .user(&config.catalog.user);
    if let Some(password) = &config.catalog.password {
        target.password(password.expose());
    }
    target
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
