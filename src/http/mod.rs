//! The operator's port: `/healthz` for whatever restarts the process, `/metrics` for Prometheus.
//! Meant for a loopback address: it tells numbers, no records, and asks nobody who they are.
//!
//! `/healthz` answers 200 when the database does, 503 when it does not within two seconds.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use futures::future::BoxFuture;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::limit::RequestBodyLimitLayer;

/// A database that takes longer is as good as gone.
const PATIENCE: Duration = Duration::from_secs(2);
/// Nothing is read from a request's body.
const BODY_LIMIT: usize = 1024;
/// Buckets of everything measured in seconds: from the time of an acknowledgement to Slack's
/// three seconds and beyond.
const SECONDS: [f64; 11] = [
    0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 3.0, 10.0,
];

/// What the database said when it was asked.
#[derive(Debug, Clone)]
pub struct Health {
    /// Messages that wait to be sent.
    pub outbox: i64,
}

/// Asks the database. An error means that it does not answer.
pub type Probe = Arc<dyn Fn() -> BoxFuture<'static, anyhow::Result<Health>> + Send + Sync>;

/// Collects everything that is measured from now on. Called once, by `main`.
pub fn install_metrics() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()
}

#[derive(Clone)]
struct Port {
    probe: Probe,
    metrics: PrometheusHandle,
}

pub fn router(probe: Probe, metrics: PrometheusHandle) -> Router {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(render_metrics))
        .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
        .with_state(Port { probe, metrics })
}

/// Serves until the stop, then finishes the requests that have begun.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
) -> std::io::Result<()> {
    axum::serve(listener, router)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
}

async fn healthz(State(port): State<Port>) -> Response {
    let (status, said) = match tokio::time::timeout(PATIENCE, (port.probe)()).await {
        Ok(Ok(health)) => (
            StatusCode::OK,
            json!({"status": "ok", "database": "answers", "outbox": health.outbox}),
        ),
        Ok(Err(error)) => {
            tracing::warn!(error = format!("{error:#}"), "the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                json!({"status": "down", "database": "does not answer"}),
            )
        }
        Err(_) => {
            tracing::warn!(seconds = PATIENCE.as_secs(), "the database is too slow");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                json!({"status": "down", "database": "too slow"}),
            )
        }
    };
    (status, Json(said)).into_response()
}

async fn render_metrics(State(port): State<Port>) -> Response {
    // Without this a histogram keeps every single value until it is read.
    port.metrics.run_upkeep();
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], port.metrics.render()).into_response()
}

/// Asks a running process's `/healthz`: the health check of a container, which has no curl.
pub async fn ask(listen: SocketAddr) -> anyhow::Result<()> {
    use hyper_util::client::legacy::Client;
    use hyper_util::rt::TokioExecutor;

    // A port that listens everywhere is asked at home.
    let host = match listen {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => "127.0.0.1".to_owned(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => "[::1]".to_owned(),
        SocketAddr::V4(v4) => v4.ip().to_string(),
        SocketAddr::V6(v6) => format!("[{}]", v6.ip()),
    };
    let url = format!("http://{host}:{}/healthz", listen.port()).parse()?;
    let client = Client::builder(TokioExecutor::new()).build_http::<axum::body::Body>();
    let answer = tokio::time::timeout(PATIENCE * 2, client.get(url)).await??;
    anyhow::ensure!(answer.status().is_success(), "it said {}", answer.status());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn start(probe: Probe) -> SocketAddr {
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(serve(listener, router(probe, metrics), stop));
        address
    }

    #[tokio::test]
    async fn it_is_well_when_the_database_answers() {
        let probe: Probe = Arc::new(|| Box::pin(async { Ok(Health { outbox: 3 }) }));
        ask(start(probe).await).await.unwrap();
    }

    #[tokio::test]
    async fn it_is_down_when_the_database_does_not_answer() {
        let probe: Probe = Arc::new(|| Box::pin(async { anyhow::bail!("gone") }));
        let said = ask(start(probe).await).await.unwrap_err();
        assert_eq!(said.to_string(), "it said 503 Service Unavailable");
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_down_when_the_database_is_too_slow() {
        let probe: Probe = Arc::new(|| Box::pin(std::future::pending()));
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        let answer = healthz(State(Port { probe, metrics })).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
