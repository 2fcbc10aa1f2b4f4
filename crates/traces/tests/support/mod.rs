//! A store of spans in memory, and receivers of spans that don't answer.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use nosmoke_ports::{Span, SpanStore, StoreError, Trace, TraceCursor};
use opentelemetry::trace::TraceId;

#[derive(Debug, Default, Clone)]
pub struct Memory {
    spans: Arc<Mutex<Vec<Span>>>,
    full: bool,
}

impl Memory {
    pub fn full() -> Self {
        Self { full: true, ..Self::default() }
    }

    pub fn port(&self) -> Arc<dyn SpanStore> {
        Arc::new(self.clone())
    }

    pub fn spans(&self) -> Vec<Span> {
        self.spans.lock().unwrap().clone()
    }
}

#[async_trait]
impl SpanStore for Memory {
    async fn add(&self, spans: Vec<Span>) -> Result<(), StoreError> {
        if self.full {
            return Err(StoreError::DiskFull);
        }
        self.spans.lock().unwrap().extend(spans);
        Ok(())
    }

    async fn traces(&self, _: Option<TraceCursor>, _: bool, _: usize) -> Result<Vec<Trace>, StoreError> {
        Ok(Vec::new())
    }

    async fn trace(&self, _: TraceId) -> Result<Option<Trace>, StoreError> {
        Ok(None)
    }

    async fn spans(&self, _: TraceId, _: usize) -> Result<Vec<Span>, StoreError> {
        Ok(Vec::new())
    }
}

/// A URL at which connections are refused.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A receiver that accepts connections and never answers.
pub struct Silent(TcpListener);

pub fn silent() -> Silent {
    Silent(TcpListener::bind("127.0.0.1:0").unwrap())
}

impl Silent {
    pub fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }
}

pub async fn until(is: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < Duration::from_secs(60), "the condition wasn't met within 60 s");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
