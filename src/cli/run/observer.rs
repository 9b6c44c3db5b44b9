//! What connections tell, handed to the counters.

use std::sync::Arc;
use std::time::Duration;

use crate::judge::Judgement;
use crate::model::access::Access;
use crate::model::refusal::Reason;
use crate::server::{Observer, StatementEnd};
use crate::telemetry::Telemetry;

pub struct Counting(pub Arc<Telemetry>);

impl Observer for Counting {
    fn client_connected(&self) {
        self.0.client_connected();
    }

    fn client_disconnected(&self) {
        self.0.client_disconnected();
    }

    fn upstream_connected(&self) {
        self.0.upstream_connected();
    }

    fn upstream_disconnected(&self) {
        self.0.upstream_disconnected();
    }

    fn authentication_failed(&self) {
        self.0.authentication_failed();
    }

    fn judged(&self, judgement: &Judgement, access: &Access, took: Duration, cached: bool) {
        self.0.judged(judgement, access, took, cached);
    }

    fn refused(&self, reason: Reason, access: &Access) {
        self.0.refused(reason, access);
    }

    fn alarmed(&self) {
        self.0.alarmed();
    }

    fn statement_ended(&self, end: StatementEnd, _: &Access) {
        self.0.statement_ended(end.rows, end.took);
    }

    fn relayed(&self, to_server_bytes: usize, to_client_bytes: usize) {
        self.0.relayed(to_server_bytes, to_client_bytes);
    }
}
