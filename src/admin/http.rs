//! The routes of the admin port.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;

use super::readiness::{Condition, Readiness};
use crate::audit::sink::AuditSink;
use crate::telemetry::Telemetry;

/// What the routes tell about.
pub struct Admin {
    pub telemetry: Arc<Telemetry>,
    pub readiness: Arc<Readiness>,
    pub audit: Arc<dyn AuditSink>,
}

/// Serves the admin port until `stop` ends.
pub async fn serve(
    listener: TcpListener,
    admin: Admin,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let routes = Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(admin));
    axum::serve(listener, routes).with_graceful_shutdown(stop).await
}

async fn readyz(State(admin): State<Arc<Admin>>) -> impl IntoResponse {
    admin.readiness.set(Condition::Audit, !admin.audit.is_failing());
    let missing: Vec<&str> = Condition::ALL
        .into_iter()
        .filter(|condition| !admin.readiness.holds(*condition))
        .map(Condition::as_str)
        .collect();
    match missing.is_empty() {
        true => (StatusCode::OK, "ready\n".to_owned()),
        false => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {}\n", missing.join(", "))),
    }
}

async fn metrics(State(admin): State<Arc<Admin>>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, admin.telemetry.render())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::audit::sink::Written;
    use crate::model::record::{DecisionRecord, OutcomeRecord};

    struct Trail(bool);

    impl AuditSink for Trail {
        fn decision(&self, _: DecisionRecord) -> Written {
            Box::pin(async { Ok(()) })
        }

        fn outcome(&self, _: OutcomeRecord) {}

        fn is_failing(&self) -> bool {
            self.0
        }
    }

    async fn ask(trail: Trail, readiness: Readiness, path: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let telemetry = Arc::new(Telemetry::new());
        let admin = Admin { telemetry, readiness: Arc::new(readiness), audit: Arc::new(trail) };
        let server = tokio::spawn(serve(listener, admin, std::future::pending()));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        server.abort();
        answer
    }

    fn all_hold() -> Readiness {
        let readiness = Readiness::default();
        Condition::ALL.into_iter().for_each(|condition| readiness.set(condition, true));
        readiness
    }

    #[tokio::test]
    async fn it_is_ready_when_everything_holds() {
        let answer = ask(Trail(false), all_hold(), "/readyz").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ready\n"), "{answer}");
    }

    #[tokio::test]
    async fn what_is_missing_is_named() {
        let answer = ask(Trail(true), all_hold(), "/readyz").await;
        assert!(answer.starts_with("HTTP/1.1 503") && answer.ends_with(": audit\n"), "{answer}");
        let answer = ask(Trail(false), Readiness::default(), "/readyz").await;
        assert!(answer.ends_with("not ready: rules, upstream, serving\n"), "{answer}");
        let answer = ask(Trail(true), Readiness::default(), "/livez").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    #[tokio::test]
    async fn metrics_are_in_the_text_format() {
        let answer = ask(Trail(false), all_hold(), "/metrics").await;
        assert!(answer.contains("text/plain; version=0.0.4"), "{answer}");
        assert!(answer.contains("# TYPE pgpurpose_statements_total counter"), "{answer}");
    }
}
