//! The headers of every message: CloudEvents 1.0 in Kafka's binary mode (ADR 0016).

use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::{Headers, Incoming, header};

/// Prefix of every `ce_type`.
pub const TYPES: &str = "app.nosmoke";

/// Returns the `ce_source` of a terminal's messages.
pub(crate) fn source(terminal: TerminalId) -> String {
    format!("/terminals/{terminal}")
}

/// Returns the terminal that a message's `ce_source` names.
pub(crate) fn source_of(message: &Incoming) -> Option<TerminalId> {
    let source = std::str::from_utf8(header(&message.headers, "ce_source")?).ok()?;
    source.strip_prefix("/terminals/")?.parse().ok()
}

/// Returns the headers that every message has.
pub(crate) fn event_headers(id: &str, event_type: &str, source: &str, time: &str) -> Headers {
    [
        ("ce_specversion", "1.0"),
        ("ce_id", id),
        ("ce_type", event_type),
        ("ce_source", source),
        ("ce_time", time),
        ("content-type", "application/json"),
    ]
    .map(|(name, value)| (name.into(), value.as_bytes().to_vec()))
    .into()
}
