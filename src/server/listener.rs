//! Accepts clients and sees them out.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::connection::{Connection, FAREWELL_TIMEOUT};
use super::end::{End, shutting_down};
use super::gateway::{Gateway, Observer, Shutdown};
use super::judging::{Judging, Rules, Shared};
use super::login;
use crate::model::refusal::{Reason, Refusal, SqlState};
use crate::wire::refuse::{Severity, put_refusal};

/// Pause after a failed accept (out of descriptors, most likely).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves clients until told to stop and the last one has gone.
pub async fn serve(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    shutdown: watch::Receiver<Shutdown>,
) {
    serve_with(listener, gateway, Arc::new(Rules), shutdown).await;
}

/// The same, with another judge.
pub async fn serve_with(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    judging: Arc<dyn Judging>,
    mut shutdown: watch::Receiver<Shutdown>,
) {
    let shared = Arc::new(Shared::new(Arc::clone(&gateway), judging));
    let most = gateway.limits.max_clients;
    let places = Arc::new(Semaphore::new(most));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = shutdown.wait_for(|state| *state != Shutdown::Running) => break,
        };
        let Ok((client, peer)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let shared = Arc::clone(&shared);
        match Arc::clone(&places).try_acquire_owned() {
            Ok(place) => {
                let shutdown = shutdown.clone();
                tokio::spawn(async move {
                    client_task(shared, client, peer, shutdown).await;
                    drop(place);
                });
            }
            Err(_) => {
                tokio::spawn(turn_away(client));
            }
        }
    }
    drop(listener);
    // Each client holds a place until it has gone.
    let most = u32::try_from(most).unwrap_or(u32::MAX);
    let _ = places.acquire_many(most).await;
}

async fn client_task(
    shared: Arc<Shared>,
    client: TcpStream,
    peer: SocketAddr,
    mut shutdown: watch::Receiver<Shutdown>,
) {
    let observer = Arc::clone(&shared.gateway.observer);
    let _connected = Connected::new(Arc::clone(&observer));
    let _ = client.set_nodelay(true);
    let opened = tokio::select! {
        opened = login::open(&shared, client, peer) => opened,
        _ = shutdown.wait_for(|state| *state == Shutdown::Now) => return,
    };
    let mut opened = match opened {
        Ok(opened) => opened,
        Err(closed) => return tracing::debug!(%peer, ?closed, "no session"),
    };
    let _key = opened.key.take();
    observer.upstream_connected();
    let mut connection = Connection::new(shared, opened);
    let end = loop {
        let state = *shutdown.borrow_and_update();
        match state {
            Shutdown::Running => {}
            Shutdown::Draining => connection.is_draining = true,
            Shutdown::Now => break End::Refused(Box::new(shutting_down())),
        }
        tokio::select! {
            biased;
            end = poll_fn(|cx| connection.poll(cx)) => break end,
            changed = shutdown.changed() => {
                if changed.is_err() {
                    break End::Refused(Box::new(shutting_down()));
                }
            }
        }
    };
    observer.upstream_disconnected();
    connection.abandon(&end);
    match &end {
        End::Refused(refusal) => connection.farewell(refusal).await,
        End::Io(error) => tracing::debug!(%peer, %error, "connection lost"),
        End::Closed => {}
    }
}

/// Tells a client that there is no place for it.
async fn turn_away(mut client: TcpStream) {
    let refusal = Refusal::new(
        Reason::Limit,
        SqlState::TOO_MANY_CONNECTIONS,
        "sorry, too many clients already",
    );
    let mut message = Vec::new();
    put_refusal(&mut message, &refusal, Severity::Fatal);
    let telling = async {
        let _ = client.write_all(&message).await;
        let _ = client.shutdown().await;
    };
    let _ = tokio::time::timeout(FAREWELL_TIMEOUT, telling).await;
}

/// Counts a client as long as it lives, however its task ends.
struct Connected(Arc<dyn Observer>);

impl Connected {
    fn new(observer: Arc<dyn Observer>) -> Connected {
        observer.client_connected();
        Connected(observer)
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.client_disconnected();
    }
}
