//! Asks, over a connection of the service login, whether consent was withdrawn that an older
//! snapshot does not show. Questions of many clients travel on one connection side by side.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Statement};

use crate::upstream::connect::{Fault, connect};

/// What to ask for.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// As `pg_current_snapshot()` spells them.
    pub snapshots: Vec<String>,
    /// Age of the oldest, in microseconds.
    pub age_us: u64,
    pub purposes: Vec<String>,
    /// Ids of the relations that conditions on people read.
    pub relations: Vec<u32>,
}

/// The connection that questions are asked on.
pub struct ConsentWatch {
    target: Config,
    asker: Mutex<Option<Arc<Asker>>>,
}

struct Asker {
    client: Client,
    question: Statement,
}

const QUESTION: &str = "SELECT pg_catalog.bool_or(l.c), pg_catalog.bool_and(l.c IS NOT NULL) \
    FROM pg_catalog.unnest($1) AS s, LATERAL (SELECT pgpurpose.changed_since(\
        s::pg_catalog.pg_snapshot, ($2 || ' us')::pg_catalog.interval, $3, $4) AS c) AS l";

impl ConsentWatch {
    /// Nothing is connected to until somebody asks.
    pub fn new(target: Config) -> ConsentWatch {
        ConsentWatch { target, asker: Mutex::new(None) }
    }

    /// `None`: the store is not there, or a relation is not watched.
    pub async fn changed(&self, change: &Change) -> Result<Option<bool>, Fault> {
        let kept = self.asker.lock().await.clone();
        if let Some(asker) = kept.filter(|asker| !asker.client.is_closed()) {
            match asker.ask(change).await {
                // The function may have been replaced, the server restarted: once more.
                Err(Fault::Query(_)) => *self.asker.lock().await = None,
                answer => return answer,
            }
        }
        match self.connected().await? {
            None => Ok(None),
            Some(asker) => asker.ask(change).await,
        }
    }

    /// `None`: the store is not there.
    async fn connected(&self) -> Result<Option<Arc<Asker>>, Fault> {
        let mut kept = self.asker.lock().await;
        if let Some(asker) = kept.as_ref().filter(|asker| !asker.client.is_closed()) {
            return Ok(Some(Arc::clone(asker)));
        }
        let client = connect(&self.target).await?;
        let types = [Type::TEXT_ARRAY, Type::TEXT, Type::TEXT_ARRAY, Type::OID_ARRAY];
        let question = match client.prepare_typed(QUESTION, &types).await {
            Ok(question) => question,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(Fault::Query(error)),
        };
        let asker = Arc::new(Asker { client, question });
        *kept = Some(Arc::clone(&asker));
        Ok(Some(asker))
    }
}

impl Asker {
    async fn ask(&self, change: &Change) -> Result<Option<bool>, Fault> {
        let age = change.age_us.to_string();
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&change.snapshots, &age, &change.purposes, &change.relations];
        match self.client.query_one(&self.question, &parameters).await {
            Ok(row) => {
                let changed: Option<bool> = row.try_get(0).map_err(Fault::Query)?;
                let known: Option<bool> = row.try_get(1).map_err(Fault::Query)?;
                Ok(match (changed, known) {
                    (Some(true), _) => Some(true),
                    (_, Some(true)) => Some(false),
                    (_, _) => None,
                })
            }
            Err(error) => Err(Fault::Query(error)),
        }
    }
}

fn is_missing(error: &tokio_postgres::Error) -> bool {
    let missing = [SqlState::UNDEFINED_FUNCTION, SqlState::INVALID_SCHEMA_NAME];
    error.code().is_some_and(|code| missing.contains(code))
}
