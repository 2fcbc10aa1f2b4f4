//! What the clients say by themselves: kept as the reason of a failed connection, logged seldom.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nosmoke_ports::LogError;
use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::ConsumerContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryResult, ProducerContext};

use crate::classify::{classify, code_of};
use crate::lock::locked;
use crate::mailbox::Mailbox;

/// The same kind of line is logged once in this time.
const QUIET: Duration = Duration::from_secs(60);
const ERRORS_KEPT: usize = 32;
const GIVEN_UP: [RDKafkaErrorCode; 3] =
    [RDKafkaErrorCode::Fatal, RDKafkaErrorCode::UnsupportedFeature, RDKafkaErrorCode::Fenced];

/// Limits what is logged over all clients of a log, however often they are made anew.
#[derive(Debug, Default)]
pub(crate) struct Quiet {
    kinds: Mutex<BTreeMap<String, (Instant, u32)>>,
}

impl Quiet {
    /// How many lines of this kind were left out, when this one may be logged. librdkafka has some dozens of kinds.
    fn may_log(&self, kind: &str) -> Option<u32> {
        let now = Instant::now();
        let mut kinds = locked(&self.kinds);
        match kinds.get_mut(kind) {
            Some((last, left_out)) if now.duration_since(*last) < QUIET => {
                *left_out += 1;
                None
            }
            Some((last, left_out)) => {
                *last = now;
                Some(std::mem::take(left_out))
            }
            None => {
                kinds.insert(kind.to_owned(), (now, 0));
                Some(0)
            }
        }
    }

    fn log(&self, level: RDKafkaLogLevel, kind: &str, text: &str) {
        let Some(left_out) = self.may_log(kind) else { return };
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(kind, left_out, "Kafka: {text}"),
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => tracing::info!(kind, left_out, "Kafka: {text}"),
            RDKafkaLogLevel::Debug => tracing::debug!(kind, left_out, "Kafka: {text}"),
        }
    }
}

/// The errors that a client came upon, the newest last.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    errors: Mutex<VecDeque<LogError>>,
    /// What was said last.
    text: Mutex<String>,
    /// The end that the consumer is just telling of; -1 is none.
    end: AtomicI64,
}

impl Notes {
    fn error(&self, error: LogError, text: &str) {
        text.clone_into(&mut locked(&self.text));
        let mut errors = locked(&self.errors);
        if errors.len() == ERRORS_KEPT {
            errors.pop_front();
        }
        errors.push_back(error);
    }

    pub(crate) fn errors(&self) -> Vec<LogError> {
        locked(&self.errors).iter().cloned().collect()
    }

    pub(crate) fn last(&self) -> Option<LogError> {
        locked(&self.errors).back().cloned()
    }

    pub(crate) fn text(&self) -> String {
        locked(&self.text).clone()
    }

    pub(crate) fn take_end(&self) -> Option<i64> {
        let end = self.end.swap(-1, Ordering::Relaxed);
        (end >= 0).then_some(end)
    }
}

/// What librdkafka calls back into, of either client.
pub(crate) struct Context {
    pub(crate) quiet: Arc<Quiet>,
    pub(crate) notes: Arc<Notes>,
    /// Where failed deliveries go.
    pub(crate) mailbox: Option<Arc<Mailbox>>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, kind: &str, text: &str) {
        // Where the other side hangs up there is no error, only this line.
        if kind == "FAIL" && matches!(level, RDKafkaLogLevel::Info | RDKafkaLogLevel::Warning) {
            let text = text.split_once("]: ").map_or(text, |(_thread, text)| text);
            self.notes.error(classify(RDKafkaErrorCode::BrokerTransportFailure, text), text);
        }
        self.quiet.log(level, kind, text);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        match code_of(&error) {
            Some(RDKafkaErrorCode::PartitionEOF) => {
                self.notes.end.store(end_in(reason).unwrap_or(-1), Ordering::Relaxed);
            }
            // The one before it says why.
            Some(RDKafkaErrorCode::AllBrokersDown) => {}
            Some(code) => {
                let class = classify(code, reason);
                // A producer that has given up comes with what it gave up for. What happens on the way to the brokers,
                // the consumer meets too.
                let given_up = match &class {
                    LogError::NotAuthorised(_) => true,
                    LogError::Failed(_) => code as i32 > 0 || GIVEN_UP.contains(&code),
                    _ => false,
                };
                if let (true, Some(mailbox)) = (given_up, &self.mailbox) {
                    mailbox.delivery_failed(class.clone());
                }
                self.notes.error(class, reason);
            }
            None => self.notes.error(LogError::Failed(reason.to_owned()), reason),
        }
    }

    fn stats_raw(&self, _: &[u8]) {}
}

impl ConsumerContext for Context {}

impl ProducerContext for Context {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        let (Err((error, _)), Some(mailbox)) = (result, &self.mailbox) else { return };
        match code_of(error) {
            // We took them out ourselves.
            Some(RDKafkaErrorCode::PurgeQueue | RDKafkaErrorCode::PurgeInflight) => {}
            code => mailbox.delivery_failed(match code.map(|code| classify(code, &error.to_string())) {
                // Whoever is told that no server answers waits; this record is lost to the client.
                Some(LogError::Unreachable(text)) => LogError::Failed(text),
                Some(other) => other,
                None => LogError::Failed(error.to_string()),
            }),
        }
    }
}

/// The offset in `... reached end of partition at offset 7 (HighwaterMark 7)`. The binding passes the text on, and not
/// the offset; it isn't that of the last record plus one when the log ends in something that is no record.
fn end_in(reason: &str) -> Option<i64> {
    let digits = reason.split_once("end of partition at offset ")?.1;
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_partition_stands_in_the_text() {
        let text = "Fetch from broker 1 reached end of partition at offset 7 (HighwaterMark 9)";
        assert_eq!(end_in(text), Some(7));
        assert_eq!(end_in("something else"), None);
    }

    #[test]
    fn a_kind_of_line_is_logged_once_in_a_while() {
        let quiet = Quiet::default();
        assert_eq!(quiet.may_log("FAIL"), Some(0));
        assert_eq!(quiet.may_log("FAIL"), None);
        assert_eq!(quiet.may_log("OTHER"), Some(0));
    }
}
