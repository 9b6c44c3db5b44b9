//! The catalog kept up to date over one connection of the service login.
//!
//! Who asks gets a picture begun after the question, and whoever asks meanwhile shares it: after
//! a storm of schema changes the server is read twice, not a thousand times. A change that leaves
//! every name as it was gives no new picture.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;
use tokio_postgres::{Client, Config};

use super::catalog::{Mark, catalog_from_json, changed, load_text};
use super::connect::{Fault, connect};
use crate::catalog::Catalog;

/// The catalog of one database, as last read.
pub struct CatalogWatch {
    target: Config,
    session: Mutex<Session>,
    /// Questions so far.
    asked: AtomicU64,
    epochs: AtomicU64,
    /// Keyed, so that nobody can prepare two pictures that look alike.
    hashes: RandomState,
}

#[derive(Default)]
struct Session {
    client: Option<Client>,
    mark: Mark,
    /// The last picture and the hash of the text it was read from.
    catalog: Option<(Arc<Catalog>, u64)>,
    /// The last question answered, and how.
    answered: u64,
    fault: Option<Arc<Fault>>,
}

impl CatalogWatch {
    /// Nothing is connected to until somebody asks.
    pub fn new(target: Config) -> CatalogWatch {
        CatalogWatch {
            target,
            session: Mutex::new(Session::default()),
            asked: AtomicU64::new(0),
            epochs: AtomicU64::new(0),
            hashes: RandomState::new(),
        }
    }

    /// The catalog as it is now. The same `Arc` as before if no name has changed.
    pub async fn catalog(&self) -> Result<Arc<Catalog>, Arc<Fault>> {
        let question = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut session = self.session.lock().await;
        if session.answered < question {
            // All who have asked by now wait for the lock, and are answered by this one look.
            let covered = self.asked.load(Ordering::SeqCst);
            session.fault = self.look(&mut session).await.err().map(Arc::new);
            session.answered = covered;
        }
        match (&session.fault, &session.catalog) {
            (Some(fault), _) => Err(Arc::clone(fault)),
            (None, Some((catalog, _))) => Ok(Arc::clone(catalog)),
            (None, None) => Err(Arc::new(Fault::Shape("no catalog".to_owned()))),
        }
    }

    /// A number no other catalog of this process has, also for those read on a client's session.
    pub fn next_epoch(&self) -> u64 {
        self.epochs.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Asks again on a new connection if the one kept fails: it may have been closed by a restart
    /// or a firewall.
    async fn look(&self, session: &mut Session) -> Result<(), Fault> {
        if let Some(client) = session.client.take().filter(|client| !client.is_closed()) {
            match self.look_on(&client, session).await {
                Ok(()) => {
                    session.client = Some(client);
                    return Ok(());
                }
                Err(Fault::Query(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        let client = connect(&self.target).await?;
        self.look_on(&client, session).await?;
        session.client = Some(client);
        Ok(())
    }

    async fn look_on(&self, client: &Client, session: &mut Session) -> Result<(), Fault> {
        // The mark is taken before the names are read, and kept only once they have been: what
        // changes in between is seen at the next look.
        let mut mark = session.mark.clone();
        if changed(client, &mut mark).await? || session.catalog.is_none() {
            let text = load_text(client).await?;
            let hash = self.hashes.hash_one(&text);
            if session.catalog.as_ref().is_none_or(|(_, last)| *last != hash) {
                let epoch = self.next_epoch();
                let read = tokio::task::spawn_blocking(move || catalog_from_json(&text, epoch));
                let catalog = read.await.map_err(|e| Fault::Shape(e.to_string()))??;
                session.catalog = Some((Arc::new(catalog), hash));
            }
        }
        session.mark = mark;
        Ok(())
    }
}
