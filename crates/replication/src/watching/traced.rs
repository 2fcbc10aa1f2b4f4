//! A log whose facts go on with their traces: what is handed over carries the span of its handing over, and what was read is a
//! span of the same trace here, from the reading until it is in the journal (S9, ADR 0023).

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use nosmoke_domain::fact::FACT_TYPES;
use nosmoke_ports::contract::{AppError, SpanStep};
use nosmoke_ports::traces::{TRACEPARENT, Traces, UnderWay, is_prompt};
use nosmoke_ports::{
    Clock, Fetched, Headers, Incoming, Journal, Log, LogError, LogView, Outgoing, Partition, StoreError, Topic, read,
};
use opentelemetry::Context;

use crate::wire::{TYPES, source};

/// Facts of one step that get spans of their own; more than that are a backlog, and get one together.
const OWN_SPANS: usize = 32;
/// What such a span is about.
const BACKLOG: &str = "backlog";
/// Traces that one span links to at most.
const LINKS: usize = 32;

#[derive(Debug)]
pub(crate) struct TracedLog {
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
    pub(crate) fn new(log: Arc<dyn Log>, journal: Arc<dyn Journal>, clock: Arc<dyn Clock>, traces: Traces) -> Self {
        Self { log, journal, clock, traces, state: Mutex::default() }
    }

    /// What was fetched last has been taken over, or why it wasn't.
    pub(crate) fn taken(&self, problem: Option<String>) {
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
        let places: Vec<_> = (0..records.len()).filter(|at| traceparent(&records[*at].headers).is_some()).collect();
        let begun = self.begin(SpanStep::Publish, places, |at| {
            let headers = &records[at].headers;
            let from = self.traces.remote(traceparent(headers))?;
            let occurred_at = text(headers, "ce_time")?.parse().ok()?;
            Some(Source { from, subject: subject(headers), is_prompt: is_prompt(occurred_at, now) })
        });
        for (span, places) in &begun {
            let Some(traceparent) = self.traces.traceparent(&span.context()) else { continue };
            for place in places {
                if let Some((_, value)) = records[*place].headers.iter_mut().find(|(name, _)| name == TRACEPARENT) {
                    *value = traceparent.clone().into_bytes();
                }
            }
        }
        begun
    }

    fn reading(&self, records: &[Incoming]) -> Vec<UnderWay> {
        let (now, own) = (self.clock.now(), self.state().source.clone());
        let is_own = |at: &usize| own.is_some() && own.as_deref() == text(&records[*at].headers, "ce_source");
        let is_traced = |at: &usize| {
            let record = &records[*at];
            record.partition.topic == Topic::Facts && traceparent(&record.headers).is_some()
        };
        let (read_back, applied) = (0..records.len()).filter(is_traced).partition(is_own);
        let source = |at: usize| {
            let Incoming { headers, appended_at, .. } = &records[at];
            let from = self.traces.remote(traceparent(headers))?;
            Some(Source { from, subject: subject(headers), is_prompt: is_prompt(*appended_at, now) })
        };
        let steps = [(SpanStep::ReadBack, read_back), (SpanStep::Apply, applied)];
        steps.into_iter().flat_map(|(step, places)| self.begin(step, places, source)).map(|(span, _)| span).collect()
    }

    /// A span for each that is prompt, unless they are many, and one together for the others. Of many only so many are looked
    /// at as it links to.
    fn begin(
        &self,
        step: SpanStep,
        places: Vec<usize>,
        source: impl Fn(usize) -> Option<Source>,
    ) -> Vec<(UnderWay, Vec<usize>)> {
        if places.len() > OWN_SPANS {
            let from: Vec<_> = places.iter().filter_map(|at| source(*at)).map(|it| it.from).take(LINKS).collect();
            return vec![(self.together(step, &from, places.len()), places)];
        }
        let (mut begun, mut late, mut late_places) = (Vec::new(), Vec::new(), Vec::new());
        for at in places {
            match source(at) {
                Some(it) if it.is_prompt => begun.push((self.traces.begin(step, it.subject, &it.from), vec![at])),
                Some(it) => {
                    late.push(it.from);
                    late_places.push(at);
                }
                None => {}
            }
        }
        if !late.is_empty() {
            begun.push((self.together(step, &late, late.len()), late_places));
        }
        begun
    }

    /// A trace of its own, of several facts.
    fn together(&self, step: SpanStep, from: &[Context], facts: usize) -> UnderWay {
        let span = self.traces.begin_linked(step, BACKLOG, from.iter(), SystemTime::now());
        span.note("nosmoke.facts", i64::try_from(facts).unwrap_or(i64::MAX));
        span
    }
}

/// Where a fact that carries its trace comes from.
struct Source {
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
                Err(error) => span.end_with(AppError::from(error).code.word()),
            }
        }
        taken
    }

    async fn close(&self) {
        self.log.close().await;
    }
}

fn traceparent(headers: &Headers) -> Option<&str> {
    text(headers, TRACEPARENT)
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
