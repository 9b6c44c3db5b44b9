//! Withdrawals of consent, asked of the server for readers by older snapshots.

use std::sync::Arc;

use crate::server::{BoxFuture, ConsentSource};
use crate::upstream::ServiceLogin;
use crate::upstream::consent::{Change, ConsentWatch};
use crate::wire::session::{ConsentQuestion, Narrowed};

/// Where questions of connections are asked.
pub struct Withdrawals(Arc<ConsentWatch>);

impl Withdrawals {
    pub fn new(login: ServiceLogin) -> Withdrawals {
        Withdrawals(Arc::new(ConsentWatch::new(login)))
    }
}

impl ConsentSource for Withdrawals {
    fn narrowed(&self, question: ConsentQuestion) -> BoxFuture<Narrowed> {
        let watch = Arc::clone(&self.0);
        let change = Change {
            snapshots: question.snapshots.into_iter().collect(),
            age_us: question.age_us,
            purposes: question.purposes.into_iter().collect(),
            relations: question.relations.into_iter().map(|relation| relation.0).collect(),
        };
        Box::pin(async move {
            match watch.changed(&change).await {
                Ok(Some(true)) => Narrowed::Yes,
                Ok(Some(false)) => Narrowed::No,
                Ok(None) => Narrowed::Unwatched,
                Err(fault) => {
                    tracing::error!(%fault, "withdrawals of consent cannot be asked for");
                    Narrowed::Unknown
                }
            }
        })
    }
}
