//! What a click brought about, as a timeline: the spans that this terminal recorded of each trace (S9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::UtcMs;

/// What a span is about; it is the first word of its name (ADR 0023).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "snake_case")]
pub enum SpanStep {
    /// From the key or the button until the answer is there.
    Click,
    /// A request of the REST gateway.
    Request,
    /// A command, from its beginning until it is durable or refused.
    Command,
    /// What the domain decided, inside the transaction.
    Decision,
    /// From handing a unit to the writer until it is durable.
    Transaction,
    /// Point's earning policy.
    Earning,
    /// Point's answer to another terminal's question.
    Giving,
    /// A fact was handed to the cluster.
    Publish,
    /// It was read back from there.
    ReadBack,
    /// Another terminal's fact was taken over here.
    Apply,
    /// A span of a version that has more steps.
    #[serde(other)]
    Other,
}

/// Traces, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TracesInput {
    pub cursor: Option<String>,
    pub limit: u32,
    /// Those alone in which something failed or was refused.
    pub failed: bool,
    /// One trace, by its id.
    pub trace_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TracePage {
    pub traces: Vec<TraceRow>,
    pub cursor: Option<String>,
    /// Spans that couldn't be kept here, of this run of the program.
    pub lost: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TraceRow {
    /// 32 hex digits.
    pub trace_id: String,
    /// Of the span that began first here.
    pub step: SpanStep,
    /// What it was done to: the command's, the route's or the fact's name.
    pub subject: String,
    pub began_at: UtcMs,
    /// From the first span's beginning to the last one's end, in ms.
    pub took_ms: f64,
    /// Spans recorded here.
    pub spans: u32,
    /// Something failed or was refused.
    pub failed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TraceView {
    pub trace_id: String,
    pub began_at: UtcMs,
    pub took_ms: f64,
    /// In the order in which they began, the first 2,000. What other terminals recorded of the trace isn't here.
    pub spans: Vec<TraceSpan>,
    /// How many more there are.
    pub omitted: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct TraceSpan {
    /// 16 hex digits.
    pub span_id: String,
    /// It may be another terminal's, which isn't here.
    pub parent_id: Option<String>,
    pub step: SpanStep,
    pub subject: String,
    /// After the trace's beginning, in ms.
    pub offset_ms: f64,
    pub took_ms: f64,
    /// What went wrong, as a stable code or a detail.
    pub problem: Option<String>,
    /// What else is known of it; no personal data.
    pub attributes: BTreeMap<String, String>,
    /// Ids of the traces that it goes on with after a long time.
    pub links: Vec<String>,
}

/// Where spans are sent besides being kept here; nowhere at first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TracingSetting {
    /// OTLP over HTTP, as `http://127.0.0.1:4318`.
    pub otlp: Option<String>,
    /// Zipkin's API, as `http://127.0.0.1:9411`.
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

/// What became of the spans for one receiver, since it was set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct SpansSent {
    pub sent: u64,
    /// They aren't sent again.
    pub lost: u64,
    /// Of the last sending, when it failed.
    pub problem: Option<String>,
}
