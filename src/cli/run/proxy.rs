//! Puts the parts together, serves, and takes them down in order.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::observer::Counting;
use super::withdrawals::Withdrawals;
use super::world::{World, service_login};
use crate::admin::{self, Admin, Condition, Readiness};
use crate::audit::AuditLog;
use crate::config::{Config, LimitsConfig};
use crate::server::{self, Gateway, Limits, Quotas, Shutdown};
use crate::telemetry::Telemetry;

/// Stack of the threads that judge: deep enough for the deepest statement that is let through.
const WORKER_STACK_BYTES: usize = 8 << 20;
/// How often histograms are folded.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// How long clients get to take their leave after they were told to.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(5);

/// Serves until SIGTERM or SIGINT.
pub fn serve(config: &Config) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_stack_size(WORKER_STACK_BYTES)
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(serve_async(config));
    // Nothing is left that must be waited for; a look-up of a name may be.
    runtime.shutdown_background();
    result
}

async fn serve_async(config: &Config) -> anyhow::Result<()> {
    let mut signals = Signals::listen()?;
    let telemetry = Arc::new(Telemetry::new());
    let readiness = Arc::new(Readiness::default());
    let audit = Arc::new(AuditLog::open(&config.audit, Arc::clone(&telemetry))?);
    let (stop, stopping) = watch::channel(Shutdown::Running);
    if let Some(address) = &config.admin.listen {
        let admin = Admin {
            telemetry: Arc::clone(&telemetry),
            readiness: Arc::clone(&readiness),
            audit: Arc::clone(&audit) as _,
        };
        start_admin(bind(address).await?, admin, stopping.clone());
    }
    let listener = bind(&config.listen).await?;
    let world = tokio::select! {
        world = World::load(config, Arc::clone(&telemetry), Arc::clone(&readiness)) => world?,
        () = signals.stop() => return Ok(()),
    };
    start_upkeep(Arc::clone(&telemetry));
    let watched = world.clone();
    let every = config.catalog.poll;
    tokio::spawn(async move { watched.keep_watching(every).await });
    let gateway = Arc::new(Gateway {
        upstream: config.upstream.socket(),
        database: config.upstream.database.clone(),
        snapshot: world.snapshot(),
        audit: Arc::clone(&audit) as _,
        quotas: Arc::new(Quotas::open(&config.audit.file.with_extension("quotas"))?),
        catalog: Arc::new(world.clone()),
        consent: Arc::new(Withdrawals::new(service_login(config))),
        observer: Arc::new(Counting(telemetry)),
        limits: limits(&config.limits),
        allow_server_trust: config.allow_server_trust,
    });
    let mut serving = tokio::spawn(server::serve(listener, gateway, stopping));
    readiness.set(Condition::Serving, true);
    tracing::info!(listen = config.listen, upstream = %config.upstream, "serving");
    loop {
        tokio::select! {
            ended = &mut serving => return ended.context("serving ended in a panic"),
            asked = signals.next() => match asked {
                Asked::Stop => break,
                Asked::Reload => {
                    if let Err(fault) = tokio::task::block_in_place(|| audit.reopen()) {
                        tracing::error!(%fault, "the audit file goes on under its old name");
                    }
                    world.reload_rules().await;
                }
            },
        }
    }
    readiness.set(Condition::Serving, false);
    tracing::info!("draining");
    drain(&stop, serving, &mut signals, config.limits.drain_timeout).await;
    audit.close();
    Ok(())
}

/// Open transactions may end; what is left is told 57P01.
async fn drain(
    stop: &watch::Sender<Shutdown>,
    mut serving: tokio::task::JoinHandle<()>,
    signals: &mut Signals,
    timeout: Duration,
) {
    stop.send_replace(Shutdown::Draining);
    tokio::select! {
        _ = &mut serving => return,
        () = tokio::time::sleep(timeout) => {}
        () = signals.stop() => {}
    }
    stop.send_replace(Shutdown::Now);
    if tokio::time::timeout(LEAVE_TIMEOUT, serving).await.is_err() {
        tracing::warn!("clients were cut off");
    }
}

async fn bind(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

fn start_admin(listener: TcpListener, admin: Admin, mut stopping: watch::Receiver<Shutdown>) {
    tokio::spawn(async move {
        // Up to the last client: a draining proxy still tells what it does.
        let stop = async move {
            let _ = stopping.wait_for(|state| *state == Shutdown::Now).await;
        };
        if let Err(error) = admin::serve(listener, admin, stop).await {
            tracing::error!(%error, "the admin port is closed");
        }
    });
}

fn start_upkeep(telemetry: Arc<Telemetry>) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP_EVERY).await;
            telemetry.upkeep();
        }
    });
}

fn limits(config: &LimitsConfig) -> Limits {
    Limits {
        max_clients: config.clients,
        authentication_timeout: config.authentication_timeout,
        connect_timeout: config.connect_timeout,
        statement_bytes: usize::try_from(config.statement_bytes).unwrap_or(usize::MAX),
        statements_per_client: config.statements_per_client,
        portals_per_client: config.portals_per_client,
        cached_judgements: config.cached_judgements,
    }
}

/// The signals the proxy answers.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Signals> {
        let on = |kind| signal(kind).context("cannot listen for signals");
        Ok(Signals {
            terminate: on(SignalKind::terminate())?,
            interrupt: on(SignalKind::interrupt())?,
            hangup: on(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) -> Asked {
        tokio::select! {
            _ = self.terminate.recv() => Asked::Stop,
            _ = self.interrupt.recv() => Asked::Stop,
            _ = self.hangup.recv() => Asked::Reload,
        }
    }

    async fn stop(&mut self) {
        while self.next().await != Asked::Stop {}
    }
}

/// What a signal asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// SIGTERM, SIGINT
    Stop,
    /// SIGHUP
    Reload,
}
