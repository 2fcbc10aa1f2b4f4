//! The callbacks of librdkafka's clients. Errors that a client reports are kept, because they are the reasons of a
//! failed connection; log lines are rate-limited.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use nosmoke_ports::LogError;
use parking_lot::Mutex;
use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryResult, ProducerContext};

use crate::classify::{classify, code_of};
use crate::mailbox::Mailbox;
use crate::meaning::{Reported, reported};

/// Lines of the same kind are logged at most this often.
const REPEAT_INTERVAL: Duration = Duration::from_secs(60);
/// Most errors kept per client; the oldest are dropped.
const MAX_ERRORS: usize = 32;
/// Rate-limits log lines. The limiter is shared by all clients of a log, so that reconnecting doesn't reset it.
#[derive(Debug, Default)]
pub(crate) struct LogLimiter {
    kinds: Mutex<BTreeMap<String, (Instant, u32)>>,
}

impl LogLimiter {
    /// Returns the number of lines of this kind that were suppressed if a line may be logged now, else `None`. The map
    /// stays small: librdkafka has a few dozen kinds.
    fn may_log(&self, kind: &str) -> Option<u32> {
        let now = Instant::now();
        let mut kinds = self.kinds.lock();
        match kinds.get_mut(kind) {
            Some((last, suppressed)) if now.duration_since(*last) < REPEAT_INTERVAL => {
                *suppressed += 1;
                None
            }
            Some((last, suppressed)) => {
                *last = now;
                Some(std::mem::take(suppressed))
            }
            None => {
                kinds.insert(kind.to_owned(), (now, 0));
                Some(0)
            }
        }
    }

    pub(crate) fn log(&self, level: RDKafkaLogLevel, kind: &str, text: &str) {
        let Some(suppressed) = self.may_log(kind) else { return };
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(kind, suppressed, "Kafka: {text}"),
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => tracing::info!(kind, suppressed, "Kafka: {text}"),
            RDKafkaLogLevel::Debug => tracing::debug!(kind, suppressed, "Kafka: {text}"),
        }
    }
}

/// What a client has reported by its callbacks.
#[derive(Debug, Default)]
pub(crate) struct ClientReports {
    /// The newest is the last.
    errors: Mutex<VecDeque<LogError>>,
    /// Text of the last error.
    text: Mutex<String>,
    /// The end offset in the last end-of-partition event, until it is taken; -1 if there is none.
    end: AtomicI64,
}

impl ClientReports {
    fn error(&self, error: LogError, text: &str) {
        text.clone_into(&mut self.text.lock());
        let mut errors = self.errors.lock();
        if errors.len() == MAX_ERRORS {
            errors.pop_front();
        }
        errors.push_back(error);
    }

    pub(crate) fn errors(&self) -> Vec<LogError> {
        self.errors.lock().iter().cloned().collect()
    }

    pub(crate) fn last(&self) -> Option<LogError> {
        self.errors.lock().back().cloned()
    }

    pub(crate) fn text(&self) -> String {
        self.text.lock().clone()
    }

    pub(crate) fn take_end(&self) -> Option<i64> {
        let end = self.end.swap(-1, Ordering::Relaxed);
        (end >= 0).then_some(end)
    }
}

/// Receives librdkafka's callbacks, from the consumer and from the producer.
pub(crate) struct ClientCallbacks {
    pub(crate) log_limiter: Arc<LogLimiter>,
    pub(crate) reports: Arc<ClientReports>,
    /// Receives failed deliveries; `None` for a client that isn't a producer.
    pub(crate) mailbox: Option<Arc<Mailbox>>,
}

impl fmt::Debug for ClientCallbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCallbacks").finish_non_exhaustive()
    }
}

impl ClientContext for ClientCallbacks {
    fn log(&self, level: RDKafkaLogLevel, kind: &str, text: &str) {
        // If the broker closes the connection, librdkafka reports no error, only this log line.
        if kind == "FAIL" && matches!(level, RDKafkaLogLevel::Info | RDKafkaLogLevel::Warning) {
            let text = text.split_once("]: ").map_or(text, |(_thread, text)| text);
            self.reports.error(classify(RDKafkaErrorCode::BrokerTransportFailure, text), text);
        }
        self.log_limiter.log(level, kind, text);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        match reported(&error, reason) {
            Reported::End => self.reports.end.store(end_in(reason).unwrap_or(-1), Ordering::Relaxed),
            Reported::Nothing => {}
            Reported::Error { class, ends_delivery } => {
                if let (true, Some(mailbox)) = (ends_delivery, &self.mailbox) {
                    mailbox.delivery_failed(class.clone());
                }
                self.reports.error(class, reason);
            }
        }
    }

    fn stats_raw(&self, _: &[u8]) {}
}

impl ConsumerContext for ClientCallbacks {}

impl ProducerContext for ClientCallbacks {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let (Err((error, _)), Some(mailbox)) = (result, &self.mailbox) else { return };
        match code_of(error) {
            // We purged the message ourselves, so nothing failed.
            Some(RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight) => {}
            code => mailbox.delivery_failed(match code.map(|code| classify(code, &error.to_string())) {
                // `Unreachable` would mean that the client retries; but it has dropped this message.
                Some(LogError::Unreachable(text)) => LogError::Failed(text),
                Some(other) => other,
                None => LogError::Failed(error.to_string()),
            }),
        }
    }
}

/// Parses the offset in `... reached end of partition at offset 7 (HighwaterMark 7)`, because rdkafka passes on only
/// the text. The offset may be higher than the last message's plus one: the markers of transactions take offsets too.
fn end_in(reason: &str) -> Option<i64> {
    let digits = reason.split_once("end of partition at offset ")?.1;
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_partition_is_parsed_from_the_text() {
        let text = "Fetch from broker 1 reached end of partition at offset 7 (HighwaterMark 9)";
        assert_eq!(end_in(text), Some(7));
        assert_eq!(end_in("something else"), None);
    }

    #[test]
    fn repeated_lines_of_one_kind_are_suppressed() {
        let log_limiter = LogLimiter::default();
        assert_eq!(log_limiter.may_log("FAIL"), Some(0));
        assert_eq!(log_limiter.may_log("FAIL"), None);
        assert_eq!(log_limiter.may_log("OTHER"), Some(0));
    }
}
