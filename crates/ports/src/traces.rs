//! Makes spans for the steps that a click causes: in the contexts of this terminal and, by the traceparent in the
//! facts, at other terminals (S9, ADR 0023). Uses OpenTelemetry's API; the composition root decides where the spans are
//! sent. A span says which step ran and how it ended, but never names the customer.

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

/// A step that starts later than this after its cause gets a trace of its own with a link, because nobody is waiting
/// for its result.
pub const MAX_PROMPT_AGE: TimeDelta = TimeDelta::minutes(1);

/// The name of the W3C Trace Context header, and of the field of a fact with the same content.
pub const TRACEPARENT: &str = "traceparent";

/// Makes one terminal's spans; cheap to clone.
#[derive(Clone)]
pub struct Traces(Arc<Shared>);

struct Shared {
    tracer: BoxedTracer,
    propagator: Option<Box<dyn TextMapPropagator + Send + Sync>>,
}

impl fmt::Debug for Traces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traces").field("on", &self.0.propagator.is_some()).finish()
    }
}

impl Default for Traces {
    /// Makes no spans; facts then have no traceparent.
    fn default() -> Self {
        Self(Arc::new(Shared { tracer: BoxedTracer::new(Box::new(NoopTracer::new())), propagator: None }))
    }
}

impl Traces {
    /// Makes spans with this tracer; `propagator` reads and writes W3C's traceparent.
    pub fn new(tracer: BoxedTracer, propagator: Box<dyn TextMapPropagator + Send + Sync>) -> Self {
        Self(Arc::new(Shared { tracer, propagator: Some(propagator) }))
    }

    /// Begins a span as a child of the span in `parent`, or in a new trace if `parent` has no span.
    pub fn begin(&self, step: SpanStep, subject: &str, parent: &Context) -> UnderWay {
        self.begin_at(step, subject, parent, SystemTime::now())
    }

    /// Like [`Self::begin`], with a start in the past.
    pub fn begin_at(&self, step: SpanStep, subject: &str, parent: &Context, at: SystemTime) -> UnderWay {
        self.start(builder(step, subject).with_start_time(at), parent)
    }

    /// Records a span for work that a fact caused, and returns the span's traceparent. If the fact is recent, the span
    /// belongs to the fact's trace, else to a new trace with a link to it. `None` if the fact has no trace.
    pub fn consequence(&self, step: SpanStep, of: &Fact, (now, began): (DateTime<Utc>, SystemTime)) -> Option<String> {
        let subject = of.payload.fact_type().map_or("", FactType::name);
        let traceparent = of.traceparent.as_deref();
        if is_prompt(of.occurred_at, now) {
            return self.prompt_consequence(step, subject, traceparent, began);
        }
        let from = self.remote(traceparent)?;
        self.ended(self.begin_linked(step, subject, [&from], began))
    }

    /// Like [`Self::consequence`], for the consequence of something recent that isn't a fact.
    pub fn prompt_consequence(
        &self,
        step: SpanStep,
        subject: &str,
        traceparent: Option<&str>,
        began: SystemTime,
    ) -> Option<String> {
        let from = self.remote(traceparent)?;
        self.ended(self.begin_at(step, subject, &from, began))
    }

    fn ended(&self, span: UnderWay) -> Option<String> {
        let traceparent = self.traceparent(&span.context());
        span.end();
        traceparent
    }

    /// Begins a span in a new trace that links to other traces.
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

    /// Reads a traceparent; `None` if there is none, or it isn't valid W3C Trace Context.
    pub fn remote(&self, traceparent: Option<&str>) -> Option<Context> {
        let propagator = self.0.propagator.as_ref()?;
        let carrier = HashMap::from([(TRACEPARENT.to_owned(), traceparent?.to_owned())]);
        let context = propagator.extract_with_context(&Context::new(), &carrier);
        context.span().span_context().is_valid().then_some(context)
    }

    /// Returns the traceparent to pass to work that this context causes.
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
    /// The first word of the names of this step's spans.
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

/// Whether a cause at the time `at` is so recent that someone may still wait for the result. Also true if the clock was
/// set back.
pub fn is_prompt(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - at <= MAX_PROMPT_AGE
}

/// A span that has begun. It ends when one of the `end` methods is called or when it is dropped.
#[derive(Debug, Clone)]
pub struct UnderWay(Context);

impl UnderWay {
    /// Returns the context to pass as `parent` to child spans.
    pub fn context(&self) -> Context {
        self.0.clone()
    }

    /// Adds an attribute, which must not contain personal data.
    pub fn note(&self, key: &'static str, value: impl Into<opentelemetry::Value>) {
        self.0.span().set_attribute(KeyValue::new(key, value));
    }

    /// Ends the span without an error.
    pub fn end(self) {
        self.0.span().end();
    }

    /// Ends the span with an error.
    pub fn end_with(self, problem: String) {
        let span = self.0.span();
        span.set_status(Status::error(problem));
        span.end();
    }

    /// Ends the span with the result of a command. An error, also a refusal, is recorded as its stable code.
    pub fn end_as<T>(self, answer: &Result<T, AppError>) {
        match answer {
            Ok(_) => self.end(),
            Err(error) => self.end_with(error.code.word()),
        }
    }
}
