//! Traces as timelines: the spans that this terminal recorded after a click (S9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::UtcMs;

/// The step that a span measures; the first word of its name (ADR 0023).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum SpanStep {
    /// From the key press or click in the window until its answer arrives.
    Click,
    /// A request of the REST gateway.
    Request,
    /// A command, until its facts are durable or it is refused.
    Command,
    /// The domain's decision, inside the transaction.
    Decision,
    /// From queueing a unit of work for the journal's writer until the unit is durable.
    Transaction,
    /// Point's earning policy records an earning.
    Earning,
    /// Point gives points in answer to another terminal's request.
    Giving,
    /// A fact was sent to the Kafka cluster.
    Publish,
    /// The fact was read back from the Kafka cluster.
    ReadBack,
    /// Another terminal's fact was added to this journal.
    Apply,
    /// A step that only a newer version of the program knows.
    #[serde(other)]
    Other,
}

/// The input of listing traces, which are sorted newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TracesInput {
    pub cursor: Option<String>,
    pub limit: u32,
    /// Return only traces in which a step failed or was refused.
    pub failed: bool,
    /// Return only the trace with this id.
    pub trace_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TracePage {
    pub traces: Vec<TraceRow>,
    pub cursor: Option<String>,
    /// The number of spans that this terminal couldn't store since the program started.
    pub lost: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TraceRow {
    /// 32 hex digits.
    pub trace_id: String,
    /// The step of the first span that this terminal recorded.
    pub step: SpanStep,
    /// The name of the command, route or type of fact.
    pub subject: String,
    pub began_at: UtcMs,
    /// From the first span's start to the last one's end, in ms.
    pub took_ms: f64,
    /// The number of spans that this terminal recorded.
    pub spans: u32,
    /// Whether a step failed or was refused.
    pub failed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TraceView {
    pub trace_id: String,
    pub began_at: UtcMs,
    pub took_ms: f64,
    /// The first 2,000 spans, sorted by their start. Spans that other terminals recorded aren't included.
    pub spans: Vec<TraceSpan>,
    /// How many spans are left out.
    pub omitted: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TraceSpan {
    /// 16 hex digits.
    pub span_id: String,
    /// The id of the parent span; it may be a span of another terminal, which isn't in this list.
    pub parent_id: Option<String>,
    pub step: SpanStep,
    pub subject: String,
    /// The start of the span in ms since the start of the trace.
    pub offset_ms: f64,
    pub took_ms: f64,
    /// The error, as a stable code or a detail.
    pub problem: Option<String>,
    /// Further data about the step; never personal data.
    pub attributes: BTreeMap<String, String>,
    /// The ids of linked traces: earlier ones that caused this step, too long ago for it to belong to the same trace.
    pub links: Vec<String>,
}

/// The addresses of receivers to which this terminal sends its spans, besides storing them; none by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TracingSetting {
    /// A receiver of OTLP over HTTP, such as `http://127.0.0.1:4318`.
    pub otlp: Option<String>,
    /// A Zipkin server, such as `http://127.0.0.1:9411`.
    pub zipkin: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TracingView {
    pub setting: TracingSetting,
    pub otlp: Option<SpansSent>,
    pub zipkin: Option<SpansSent>,
}

/// The numbers of spans sent to one receiver, since the receiver was configured.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct SpansSent {
    pub sent: u64,
    /// The number of spans that couldn't be sent; they aren't retried.
    pub lost: u64,
    /// The error of the last attempt, if it failed.
    pub problem: Option<String>,
}
