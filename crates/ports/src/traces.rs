//! Spans: what a click brings about in the contexts here and, by the traceparent that a fact carries, at the other terminals
//! (S9, ADR 0023). OpenTelemetry's terms and its API; what becomes of the spans is the composition's choice. A span says what
//! was done and how it ended, never to whom.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::fact::{Fact, FactType};
use opentelemetry::global::BoxedTracer;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::noop::NoopTracer;
use opentelemetry::trace::{Link, SpanBuilder, SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};

use crate::contract::{AppError, SpanStep};

/// What goes on after a longer time begins a trace of its own and links to where it came from: nobody waited any more.
pub const PROMPT: TimeDelta = TimeDelta::minutes(1);

/// The header and the field of a fact, as W3C Trace Context names it.
pub const TRACEPARENT: &str = "traceparent";

/// Makes one terminal's spans; cheap to clone.
#[derive(Clone)]
pub struct Traces(Arc<Means>);

struct Means {
    tracer: BoxedTracer,
    propagator: Option<Box<dyn TextMapPropagator + Send + Sync>>,
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").field("on", &self.0.propagator.is_some()).finish()
    }
}

impl Default for Traces {
    /// No spans: facts carry no traceparent.
    fn default() -> Self {
        Self(Arc::new(Means { tracer: BoxedTracer::new(Box::new(NoopTracer::new())), propagator: None }))
    }
}

impl Traces {
    /// Spans of this tracer; `propagator` reads and writes W3C's traceparent.
    pub fn new(tracer: BoxedTracer, propagator: Box<dyn TextMapPropagator + Send + Sync>) -> Self {
        Self(Arc::new(Means { tracer, propagator: Some(propagator) }))
    }

    /// Begins a span that goes on from `parent`, or a trace where that has none.
    pub fn begin(&self, step: SpanStep, subject: &str, parent: &Context) -> UnderWay {
        self.begin_at(step, subject, parent, SystemTime::now())
    }

    /// [`Self::begin`], some time ago.
    pub fn begin_at(&self, step: SpanStep, subject: &str, parent: &Context, at: SystemTime) -> UnderWay {
        self.start(builder(step, subject).with_start_time(at), parent)
    }

    /// A span of what followed from a fact, which was prompt or wasn't, and the traceparent of that. `None` for a fact of no
    /// trace.
    pub fn consequence(&self, step: SpanStep, of: &Fact, (now, began): (DateTime<Utc>, SystemTime)) -> Option<String> {
        let from = self.remote(of.traceparent.as_deref())?;
        let subject = of.payload.fact_type().map_or("", FactType::name);
        let span = if is_prompt(of.occurred_at, now) {
            self.begin_at(step, subject, &from, began)
        } else {
            self.begin_linked(step, subject, [&from], began)
        };
        let traceparent = self.traceparent(&span.context());
        span.end();
        traceparent
    }

    /// Begins a trace that links to others.
    pub fn begin_linked<'a>(
        &self,
        step: SpanStep,
        subject: &str,
        from: impl IntoIterator<Item = &'a Context>,
        at: SystemTime,
    ) -> UnderWay {
        let links = from.into_iter().map(|from| Link::with_context(from.span().span_context().clone())).collect();
        self.start(builder(step, subject).with_start_time(at).with_links(links), &Context::new())
    }

    /// Where a traceparent says that something came from; `None` for none and for one that isn't as W3C says.
    pub fn remote(&self, traceparent: Option<&str>) -> Option<Context> {
        let propagator = self.0.propagator.as_ref()?;
        let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent?.to_owned())]);
        let context = propagator.extract_with_context(&Context::new(), &carrier);
        context.span().span_context().is_valid().then_some(context)
    }

    /// The traceparent of what comes of this.
    pub fn traceparent(&self, context: &Context) -> Option<String> {
        let propagator = self.0.propagator.as_ref()?;
        let mut carrier = HashMap::new();
        propagator.inject_context(context, &mut carrier);
        carrier.remove(TRACEPARENT)
    }

    fn start(&self, builder: SpanBuilder, parent: &Context) -> UnderWay {
        let span = self.0.tracer.build_with_context(builder, parent);
        UnderWay(parent.with_span(span))
    }
}

fn builder(step: SpanStep, subject: &str) -> SpanBuilder {
    let kind = match step {
        SpanStep::Request => SpanKind::Server,
        SpanStep::Publish => SpanKind::Producer,
        SpanStep::ReadBack | SpanStep::Apply => SpanKind::Consumer,
        _ => SpanKind::Internal,
    };
    SpanBuilder::from_name(format!("{} {subject}", step.word())).with_kind(kind)
}

impl SpanStep {
    /// The first word of its spans' names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Click => "click",
            Self::Request => "request",
            Self::Command => "command",
            Self::Decision => "decision",
            Self::Transaction => "transaction",
            Self::Earning => "earning",
            Self::Giving => "giving",
            Self::Publish => "publish",
            Self::ReadBack => "read_back",
            Self::Apply => "apply",
            Self::Other => "other",
        }
    }
}

/// Whether what happened at `at` is so short a time ago that somebody may still wait. A clock that was set back says yes.
pub fn is_prompt(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - at <= PROMPT
}

/// A span that has begun; it ends when it is told to, or is dropped.
#[derive(Debug, Clone)]
pub struct UnderWay(Context);

impl UnderWay {
    /// What comes of it goes on from here.
    pub fn context(&self) -> Context {
        self.0.clone()
    }

    /// Something else that is known of it; no personal data.
    pub fn note(&self, key: &'static str, value: impl Into<opentelemetry::Value>) {
        self.0.span().set_attribute(KeyValue::new(key, value));
    }

    /// Ends it well.
    pub fn end(self) {
        self.0.span().end();
    }

    /// Ends it with what went wrong.
    pub fn end_with(self, problem: String) {
        let span = self.0.span();
        span.set_status(Status::error(problem));
        span.end();
    }

    /// Ends it as an answer says: refused and failed alike by the stable code.
    pub fn end_as<T>(self, answer: &Result<T, AppError>) {
        match answer {
            Ok(_) => self.end(),
            Err(error) => self.end_with(error.code.word()),
        }
    }
}
