//! A log whose facts go on with their traces: what is handed over carries the span of its handing over, and what was read is a
//! span of the same trace here, from the reading until it is in the journal (S9, ADR 0023).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use nosmoke_domain::fact::FACT_TYPES;
use opentelemetry::Context;

use super::wire::{TYPES, source};
use crate::connection::worded;
use crate::contract::SpanStep;
use crate::ports::{
    Clock, Fetched, Headers, Incoming, Journal, Log, LogError, LogView, Outgoing, Partition, StoreError, Topic, read,
};
use crate::traces::{TRACEPARENT, Traces, UnderWay, is_prompt};

/// Facts of one step that get spans of their own; more than that are a backlog, and get one together.
const OWN_SPANS: usize = 32;
/// What such a span is about.
const BACKLOG: &str = "backlog";
/// Traces that one span links to at most.
const LINKS: usize = 32;

#[derive(Debug)]
pub(super) struct TracedLog {
    log: Arc<dyn Log>,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    traces: Traces,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What this terminal's records name as their source.
    source: Option<String>,
    /// Of what was fetched last and isn't in the journal yet.
    reading: Vec<UnderWay>,
    /// The log took less than it was handed: each attempt until it has room would be a span.
    full: bool,
}

impl TracedLog {
    pub(super) fn new(log: Arc<dyn Log>, journal: Arc<dyn Journal>, clock: Arc<dyn Clock>, traces: Traces) -> Self {
        Self { log, journal, clock, traces, state: Mutex::default() }
    }

    /// What was fetched last has been taken over, or why it wasn't.
    pub(super) fn taken(&self, problem: Option<String>) {
        let spans = std::mem::take(&mut self.state().reading);
        for span in spans {
            match &problem {
                None => span.end(),
                Some(problem) => span.end_with(problem.clone()),
            }
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives records the spans of their handing over as traceparents, and the places of each span's records.
    fn handing_over(&self, records: &mut [Outgoing]) -> Vec<(UnderWay, Vec<usize>)> {
        let now = self.clock.now();
        let sources = records.iter().enumerate().filter_map(|(at, record)| {
            let from = self.traces.remote(text(&record.headers, TRACEPARENT))?;
            let occurred_at = text(&record.headers, "ce_time")?.parse().ok()?;
            Some(Source { at, from, subject: subject(&record.headers), is_prompt: is_prompt(occurred_at, now) })
        });
        let begun = self.begin(SpanStep::Publish, sources.collect());
        for (span, places) in &begun {
            let Some(traceparent) = self.traces.traceparent(&span.context()) else { continue };
            for place in places {
                let headers = &mut records[*place].headers;
                headers.retain(|(name, _)| name != TRACEPARENT);
                headers.push((TRACEPARENT.into(), traceparent.clone().into_bytes()));
            }
        }
        begun
    }

    fn reading(&self, records: &[Incoming]) -> Vec<UnderWay> {
        let (now, own) = (self.clock.now(), self.state().source.clone());
        let (mut read_back, mut applied) = (Vec::new(), Vec::new());
        for (at, record) in records.iter().enumerate().filter(|(_, record)| record.partition.topic == Topic::Facts) {
            let Some(from) = self.traces.remote(text(&record.headers, TRACEPARENT)) else { continue };
            let is_own = own.is_some() && own.as_deref() == text(&record.headers, "ce_source");
            let sources = if is_own { &mut read_back } else { &mut applied };
            let is_prompt = is_prompt(record.appended_at, now);
            sources.push(Source { at, from, subject: subject(&record.headers), is_prompt });
        }
        let begun = [self.begin(SpanStep::ReadBack, read_back), self.begin(SpanStep::Apply, applied)];
        begun.into_iter().flatten().map(|(span, _)| span).collect()
    }

    /// A span for each that is prompt, unless they are many, and one together for the others.
    fn begin(&self, step: SpanStep, sources: Vec<Source>) -> Vec<(UnderWay, Vec<usize>)> {
        let prompt = sources.iter().filter(|source| source.is_prompt).count();
        let (own, together): (Vec<_>, Vec<_>) =
            sources.into_iter().partition(|source| source.is_prompt && prompt <= OWN_SPANS);
        let mut begun: Vec<_> = own
            .into_iter()
            .map(|Source { at, from, subject, .. }| (self.traces.begin(step, subject, &from), vec![at]))
            .collect();
        if !together.is_empty() {
            let span = self.traces.begin_linked(
                step,
                BACKLOG,
                together.iter().map(|it| &it.from).take(LINKS),
                SystemTime::now(),
            );
            span.note("nosmoke.facts", i64::try_from(together.len()).unwrap_or(i64::MAX));
            begun.push((span, together.into_iter().map(|it| it.at).collect()));
        }
        begun
    }
}

/// A fact that carries its trace.
struct Source {
    /// Its place among the records.
    at: usize,
    from: Context,
    subject: &'static str,
    is_prompt: bool,
}

#[async_trait]
impl Log for TracedLog {
    async fn open(&self) -> Result<LogView, LogError> {
        *self.state() = State::default();
        let origin = read::<_, StoreError>(&*self.journal, |tx| tx.origin()).await;
        // It only tells read back from applied; whoever can't read the journal fails elsewhere.
        self.state().source = origin.ok().flatten().map(|origin| source(origin.terminal_id));
        self.log.open().await
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.log.read_from(positions).await
    }

    async fn fetch(&self, max_records: usize, patience: Duration) -> Result<Fetched, LogError> {
        let fetched = self.log.fetch(max_records, patience).await?;
        self.state().reading = self.reading(&fetched.records);
        Ok(fetched)
    }

    async fn publish(&self, mut records: Vec<Outgoing>) -> Result<usize, LogError> {
        let (full, count) = (self.state().full, records.len());
        let begun = if full { Vec::new() } else { self.handing_over(&mut records) };
        let taken = self.log.publish(records).await;
        self.state().full = taken.as_ref().is_ok_and(|taken| *taken < count);
        for (span, places) in begun {
            match &taken {
                Ok(count) => {
                    // What isn't taken is handed over again.
                    let taken = places.iter().filter(|place| *place < count).count();
                    span.note("nosmoke.taken", i64::try_from(taken).unwrap_or(i64::MAX));
                    span.end();
                }
                Err(error) => span.end_with(worded(error).code.word()),
            }
        }
        taken
    }

    async fn close(&self) {
        self.log.close().await;
    }
}

fn text<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    let value = headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_slice());
    value.and_then(|value| std::str::from_utf8(value).ok())
}

/// The type of a fact by the header that names it; what isn't one of ours has no name here.
fn subject(headers: &Headers) -> &'static str {
    let name = text(headers, "ce_type").and_then(|it| it.strip_prefix(TYPES)).and_then(|it| it.split('.').nth(1));
    FACT_TYPES.iter().map(|known| known.name()).find(|known| Some(*known) == name).unwrap_or("unknown")
}

#[cfg(test)]
mod tests;
