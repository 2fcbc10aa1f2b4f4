//! Metrics for Prometheus: counters and latencies of requests, and gauges of the terminal that are updated at each
//! scrape. They hold no personal data: a route is labelled by its pattern.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use nosmoke_application::terminal::Terminal;
use nosmoke_ports::contract::{AppError, BreakerState, ContextState, ContextView};
use nosmoke_ports::{StoreError, read};
use nosmoke_runtime::connection::PassedOver;
use nosmoke_runtime::feed::WORKERS;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::words::word;

/// Upper bounds of the latency histogram's buckets, in seconds: from a read in memory to a payment that waits for other
/// terminals.
const BUCKETS: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 3.5];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResponseLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: String,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WorkerLabel {
    worker: &'static str,
}

/// A table with a limit, beyond which its oldest rows are dropped, or new ones passed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DroppedLabel {
    table: &'static str,
}

type Level = Gauge<i64, std::sync::atomic::AtomicI64>;

#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    answered: Family<ResponseLabels, Counter<u64, AtomicU64>>,
    took: Family<RouteLabels, Histogram, fn() -> Histogram>,
    lag: Family<WorkerLabel, Level>,
    pending: Level,
    quarantined: Level,
    dropped: Family<DroppedLabel, Level>,
    contexts: Contexts,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ContextLabel {
    context: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabel {
    context: String,
    state: String,
}

/// Gauges of the context units; their counts start at 0 when the program starts.
#[derive(Debug, Default)]
struct Contexts {
    /// 1 for the present state, 0 for the others.
    state: Family<StateLabel, Level>,
    lag: Family<ContextLabel, Level>,
    errors: Family<ContextLabel, Level>,
    retries: Family<ContextLabel, Level>,
    restarts: Family<ContextLabel, Level>,
    breaker: Family<StateLabel, Level>,
}

impl Contexts {
    fn register(&self, registry: &mut Registry) {
        registry.register("context_state", "1 for the context's present state", self.state.clone());
        registry.register(
            "context_lag",
            "Changes, facts or messages that the context hasn't processed",
            self.lag.clone(),
        );
        registry.register("context_errors", "Failed steps", self.errors.clone());
        registry.register("context_retries", "Retries after an error", self.retries.clone());
        registry.register("context_restarts", "Tasks restarted after a panic", self.restarts.clone());
        registry.register(
            "breaker_state",
            "1 for the present state of the breaker of calls to point",
            self.breaker.clone(),
        );
    }

    fn set(&self, views: Vec<ContextView>) {
        use {BreakerState as B, ContextState as S};
        for view in views {
            let context = word(view.name);
            let of = ContextLabel { context: context.clone() };
            self.lag.get_or_create(&of).set(level(view.lag));
            self.errors.get_or_create(&of).set(level(view.errors));
            self.retries.get_or_create(&of).set(level(view.retries));
            self.restarts.get_or_create(&of).set(level(view.restarts));
            for state in [S::Running, S::CatchingUp, S::Failing, S::Stopped] {
                let label = StateLabel { context: context.clone(), state: word(state) };
                self.state.get_or_create(&label).set((state == view.state).into());
            }
            let Some(breaker) = view.breaker else { continue };
            for state in [B::Closed, B::Open, B::HalfOpen] {
                let label = StateLabel { context: context.clone(), state: word(state) };
                self.breaker.get_or_create(&label).set((state == breaker.state).into());
            }
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("nosmoke");
        let answered = Family::default();
        let took = Family::new_with_constructor((|| Histogram::new(BUCKETS)) as fn() -> Histogram);
        let (lag, pending, quarantined) = (Family::default(), Level::default(), Level::default());
        registry.register("http_requests", "Requests answered", answered.clone());
        registry.register("http_request_seconds", "Duration of requests", took.clone());
        registry.register("feed_lag", "Changes that a worker hasn't processed", lag.clone());
        registry.register("pending_facts", "Facts that haven't been read back from the log", pending.clone());
        registry.register("quarantined_records", "Quarantined messages of the log", quarantined.clone());
        let dropped = Family::<DroppedLabel, Level>::default();
        registry.register("dropped_rows", "Rows dropped to keep a table within its limit", dropped.clone());
        let contexts = Contexts::default();
        contexts.register(&mut registry);
        Self { registry, answered, took, lag, pending, quarantined, dropped, contexts }
    }
}

impl Metrics {
    /// Updates the gauges, and returns all metrics in OpenMetrics text format.
    ///
    /// # Errors
    /// An error of the store.
    pub(crate) async fn text(&self, terminal: &Terminal) -> Result<String, AppError> {
        let counts =
            |tx: &mut dyn nosmoke_ports::Read| Ok((tx.pending_totals()?.facts, tx.quarantine_count()?, tx.dropped()?));
        let (pending, quarantined, dropped) = read::<_, StoreError>(&*terminal.core.journal, counts).await?;
        self.pending.set(level(pending));
        self.quarantined.set(level(quarantined));
        let PassedOver { gaps, terminals, tombstones } = terminal.core.connection.memory().passed_over;
        let tables = [
            ("quarantine", dropped.quarantined),
            ("heard", dropped.heard),
            ("gaps", gaps),
            ("terminals", terminals),
            ("tombstones", tombstones),
        ];
        for (table, rows) in tables {
            self.dropped.get_or_create(&DroppedLabel { table }).set(level(rows));
        }
        self.contexts.set(terminal.contexts().await?);
        let written = terminal.core.feed.last_written();
        for worker in WORKERS {
            let lag = written - terminal.core.feed.checkpoint(worker);
            self.lag.get_or_create(&WorkerLabel { worker: worker.name() }).set(lag.max(0));
        }
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            let _ = writeln!(text, "# EOF");
        }
        Ok(text)
    }
}

fn level(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) async fn count(
    State(metrics): State<Arc<Metrics>>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let method = match request.method().as_str() {
        known @ ("GET" | "POST" | "PUT" | "HEAD") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let route = matched.map_or_else(|| "other".to_owned(), |matched| matched.as_str().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let took = begun.elapsed().as_secs_f64();
    metrics.took.get_or_create(&RouteLabels { method: method.clone(), route: route.clone() }).observe(took);
    let status = response.status().as_u16();
    metrics.answered.get_or_create(&ResponseLabels { method, route, status }).inc();
    response
}
