//! A decorator of a log that continues the traces of facts. A published fact carries the `traceparent` of its publish
//! span. Reading the fact is a span of the same trace, from the fetch until the fact was applied to the journal (S9,
//! ADR 0023).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use nosmoke_domain::fact::FACT_TYPES;
use nosmoke_ports::authentication::Authenticator;
use nosmoke_ports::contract::{AppError, SpanStep};
use nosmoke_ports::traces::{TRACEPARENT, Traces, UnderWay, is_prompt};
use nosmoke_ports::{
    Clock, Fetched, Headers, Incoming, Journal, Log, LogError, LogView, Outgoing, Partition, StoreError, Topic, header,
    read,
};
use opentelemetry::Context;
use parking_lot::{Mutex, MutexGuard};

use crate::wire::{TYPES, source};

/// Up to this many facts per step get a span each; more facts are a backlog and share one span.
const MAX_OWN_SPANS: usize = 32;
/// The name that a shared span has in place of a fact type.
const BACKLOG: &str = "backlog";
/// Most traces that a shared span links to.
const MAX_LINKS: usize = 32;

#[derive(Debug)]
pub(crate) struct TracedLog {
    log: Arc<dyn Log>,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    traces: Traces,
    state: Mutex<TraceState>,
}

#[derive(Debug, Default)]
struct TraceState {
    /// The `ce_source` of this terminal's own messages.
    source: Option<String>,
    /// Open spans of the messages that were fetched last and aren't in the journal yet.
    reading: Vec<UnderWay>,
    /// The producer's window is full. Until it isn't, attempts to publish get no spans, because there are many.
    full: bool,
}

impl TracedLog {
    pub(crate) fn new(log: Arc<dyn Log>, journal: Arc<dyn Journal>, clock: Arc<dyn Clock>, traces: Traces) -> Self {
        Self { log, journal, clock, traces, state: Mutex::default() }
    }

    /// Ends the spans of the messages fetched last; `problem` is the reason why the messages couldn't be applied.
    pub(crate) fn taken(&self, problem: Option<String>) {
        let spans = std::mem::take(&mut self.state().reading);
        for span in spans {
            match &problem {
                None => span.end(),
                Some(problem) => span.end_with(problem.clone()),
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, TraceState> {
        self.state.lock()
    }

    /// Begins publish spans and writes their `traceparent` into the messages. Returns each span with the indices of its
    /// messages.
    fn begin_publishing(&self, messages: &mut [Outgoing]) -> Vec<(UnderWay, Vec<usize>)> {
        let now = self.clock.now();
        let traced: Vec<_> = (0..messages.len()).filter(|at| traceparent(&messages[*at].headers).is_some()).collect();
        let begun = self.begin(SpanStep::Publish, traced, |at| {
            let headers = &messages[at].headers;
            let from = self.traces.remote(traceparent(headers))?;
            let occurred_at = text(headers, "ce_time")?.parse().ok()?;
            Some(TracedFact { from, subject: subject(headers), is_prompt: is_prompt(occurred_at, now) })
        });
        for (span, indices) in &begun {
            let Some(traceparent) = self.traces.traceparent(&span.context()) else { continue };
            for at in indices {
                if let Some((_, value)) = messages[*at].headers.iter_mut().rev().find(|(name, _)| name == TRACEPARENT) {
                    *value = traceparent.clone().into_bytes();
                }
            }
        }
        begun
    }

    /// Begins spans for the traced facts among the fetched messages.
    fn begin_reading(&self, messages: &[Incoming]) -> Vec<UnderWay> {
        let (now, own) = (self.clock.now(), self.state().source.clone());
        let is_own = |at: &usize| own.is_some() && own.as_deref() == text(&messages[*at].headers, "ce_source");
        let is_traced = |at: &usize| {
            let message = &messages[*at];
            matches!(message.partition.topic, Topic::Facts | Topic::Requests) && traceparent(&message.headers).is_some()
        };
        let (read_back, applied) = (0..messages.len()).filter(is_traced).partition(is_own);
        let source = |at: usize| {
            let Incoming { headers, appended_at, .. } = &messages[at];
            let from = self.traces.remote(traceparent(headers))?;
            Some(TracedFact { from, subject: subject(headers), is_prompt: is_prompt(*appended_at, now) })
        };
        let steps = [(SpanStep::ReadBack, read_back), (SpanStep::Apply, applied)];
        steps.into_iter().flat_map(|(step, indices)| self.begin(step, indices, source)).map(|(span, _)| span).collect()
    }

    /// Begins a span for each prompt fact, and one shared span for all late facts. More than [`MAX_OWN_SPANS`] facts
    /// share one span; then only the headers of the facts that the span links to are parsed, to save time.
    fn begin(
        &self,
        step: SpanStep,
        indices: Vec<usize>,
        source: impl Fn(usize) -> Option<TracedFact>,
    ) -> Vec<(UnderWay, Vec<usize>)> {
        if indices.len() > MAX_OWN_SPANS {
            let from: Vec<_> = indices.iter().filter_map(|at| source(*at)).map(|it| it.from).take(MAX_LINKS).collect();
            return vec![(self.begin_shared(step, &from, indices.len()), indices)];
        }
        let (mut begun, mut late, mut late_indices) = (Vec::new(), Vec::new(), Vec::new());
        for at in indices {
            match source(at) {
                Some(it) if it.is_prompt => begun.push((self.traces.begin(step, it.subject, &it.from), vec![at])),
                Some(it) => {
                    late.push(it.from);
                    late_indices.push(at);
                }
                None => {}
            }
        }
        if !late.is_empty() {
            begun.push((self.begin_shared(step, &late, late.len()), late_indices));
        }
        begun
    }

    /// Begins a new trace for several facts, with links to the facts' own traces.
    fn begin_shared(&self, step: SpanStep, from: &[Context], facts: usize) -> UnderWay {
        let span = self.traces.begin_linked(step, BACKLOG, from.iter(), SystemTime::now());
        span.note("nosmoke.facts", i64::try_from(facts).unwrap_or(i64::MAX));
        span
    }
}

/// The headers of a fact that are needed for its span.
struct TracedFact {
    /// The span that the fact's `traceparent` names.
    from: Context,
    subject: &'static str,
    is_prompt: bool,
}

#[async_trait]
impl Log for TracedLog {
    async fn open(&self, key: &Arc<dyn Authenticator>) -> Result<LogView, LogError> {
        *self.state() = TraceState::default();
        let origin = read::<_, StoreError>(&*self.journal, |tx| tx.origin()).await;
        // Only needed to tell facts read back from facts applied, so an error is ignored here.
        self.state().source = origin.ok().flatten().map(|origin| source(origin.terminal_id));
        self.log.open(key).await
    }

    async fn read_from(&self, positions: &[(Partition, i64)]) -> Result<(), LogError> {
        self.log.read_from(positions).await
    }

    async fn fetch(&self, max_messages: usize, timeout: Duration) -> Result<Fetched, LogError> {
        let fetched = self.log.fetch(max_messages, timeout).await?;
        let reading = self.begin_reading(&fetched.messages);
        self.state().reading = reading;
        Ok(fetched)
    }

    async fn publish(&self, mut messages: Vec<Outgoing>) -> Result<usize, LogError> {
        let (full, count) = (self.state().full, messages.len());
        let begun = if full { Vec::new() } else { self.begin_publishing(&mut messages) };
        let taken = self.log.publish(messages).await;
        self.state().full = taken.as_ref().is_ok_and(|taken| *taken < count);
        for (span, indices) in begun {
            match &taken {
                Ok(count) => {
                    // Messages that weren't accepted are published again later.
                    let taken = indices.iter().filter(|at| *at < count).count();
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
    header(headers, name).and_then(|value| std::str::from_utf8(value).ok())
}

/// The name that spans of requests for points have in place of a fact type.
const REQUEST: &str = "PointsRequest";

/// Returns the fact's type from the `ce_type` header; "unknown" for types that this program doesn't know.
fn subject(headers: &Headers) -> &'static str {
    let name = text(headers, "ce_type").and_then(|it| it.strip_prefix(TYPES)).and_then(|it| it.split('.').nth(1));
    if name == Some("request") {
        return REQUEST;
    }
    FACT_TYPES.iter().map(|known| known.name()).find(|known| Some(*known) == name).unwrap_or("unknown")
}

#[cfg(test)]
mod tests;
