//! Cancel keys: what a client was given, and what the server knows the session by.
//!
//! A client gets the server's own process id (so that `pg_terminate_backend` and the sender of a
//! notification mean what they mean without a proxy) with a secret of ours; the server's secret
//! never leaves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::wire::startup::cancel_packet;

/// How long the passing on of one cancel request may take.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(10);

/// Keys of all sessions that are open.
#[derive(Debug, Default)]
pub struct CancelKeys {
    secrets: Mutex<HashMap<(i32, i32), i32>>,
}

/// A key that is known as long as its session lives.
pub struct CancelKey {
    keys: Arc<CancelKeys>,
    process: i32,
    secret: i32,
}

impl CancelKeys {
    /// Takes the server's key and makes one for the client.
    pub fn register(self: &Arc<Self>, process: i32, server_secret: i32) -> CancelKey {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut secret: i32 = rand::random();
        while secrets.contains_key(&(process, secret)) {
            secret = rand::random();
        }
        secrets.insert((process, secret), server_secret);
        CancelKey { keys: Arc::clone(self), process, secret }
    }

    fn server_secret(&self, process: i32, secret: i32) -> Option<i32> {
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.get(&(process, secret)).copied()
    }

    /// Passes a client's cancel request on. A wrong key is ignored, as the server ignores it.
    pub async fn pass_on(&self, upstream: &str, process: i32, secret: i32) {
        let Some(secret) = self.server_secret(process, secret) else { return };
        let request = async {
            let mut server = TcpStream::connect(upstream).await?;
            server.write_all(&cancel_packet(process, secret)).await?;
            // The server closes when it has signalled; only then may the client be let go.
            server.read(&mut [0]).await
        };
        let _ = tokio::time::timeout(CANCEL_TIMEOUT, request).await;
    }
}

impl CancelKey {
    pub fn process(&self) -> i32 {
        self.process
    }

    pub fn secret(&self) -> i32 {
        self.secret
    }
}

impl Drop for CancelKey {
    fn drop(&mut self) {
        let mut secrets = self.keys.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.remove(&(self.process, self.secret));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_while_its_session_lives_and_only_with_its_secret() {
        let keys = Arc::new(CancelKeys::default());
        let key = keys.register(7, 99);
        assert_eq!(keys.server_secret(7, key.secret()), Some(99));
        assert_eq!(keys.server_secret(8, key.secret()), None);
        assert_eq!(keys.server_secret(7, key.secret().wrapping_add(1)), None);
        let secret = key.secret();
        drop(key);
        assert_eq!(keys.server_secret(7, secret), None);
    }
}
