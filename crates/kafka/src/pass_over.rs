//! Passes over a batch that the client library can't unpack: compressed wrongly, by an unknown method, or beyond what
//! it may unpack to. The library would report it again and again, and read nothing behind it.

use std::ffi::CString;
use std::time::{Duration, Instant};

use nosmoke_ports::LogError;
use rdkafka::Offset;
use rdkafka::bindings as ffi;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;

use crate::callbacks::ClientCallbacks;
use crate::classify::class_of;

/// How long the cluster may take to answer for one offset.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
const POLL_MS: i32 = 50;

/// Whether an error means that a batch can't be unpacked.
pub(crate) const fn is_unpackable(code: RDKafkaErrorCode) -> bool {
    matches!(code, RDKafkaErrorCode::BadCompression | RDKafkaErrorCode::NotImplemented)
}

/// What lies at an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// A batch that can't be unpacked, with the offset of its first message.
    Broken(i64),
    /// A message that can be read, or the end of the partition.
    Readable,
}

/// Returns the offset behind the batch at `offset`, from which the partition is read on; `None` if the cluster doesn't
/// answer or `stopped` becomes true. The batch says how long it is only inside, so offsets behind it are tried.
pub(crate) fn seek_behind(
    consumer: &BaseConsumer<ClientCallbacks>,
    (topic, number): (&str, i32),
    offset: i64,
    stopped: &dyn Fn() -> bool,
) -> Result<Option<i64>, LogError> {
    let Some(queue) = RawQueue::of(consumer, topic, number) else { return Ok(None) };
    let (_, end) = consumer.fetch_watermarks(topic, number, PROBE_TIMEOUT).map_err(|error| class_of(&error))?;
    let probe = |at: i64| -> Result<Option<Found>, LogError> {
        if at >= end {
            // An offset that doesn't exist would end the reading of the partition.
            return Ok(Some(Found::Readable));
        }
        consumer.seek(topic, number, Offset::Offset(at), PROBE_TIMEOUT).map_err(|error| class_of(&error))?;
        let begin = Instant::now();
        while begin.elapsed() < PROBE_TIMEOUT && !stopped() {
            if let Some(found) = queue.poll() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    };
    let behind = end_of_broken(offset, probe)?;
    if let Some(behind) = behind {
        consumer.seek(topic, number, Offset::Offset(behind), PROBE_TIMEOUT).map_err(|error| class_of(&error))?;
    }
    Ok(behind)
}

/// Finds the first offset behind the broken batch at `offset`: first by ever larger steps, then between the last two.
fn end_of_broken<E>(offset: i64, mut probe: impl FnMut(i64) -> Result<Option<Found>, E>) -> Result<Option<i64>, E> {
    let Some(first) = probe(offset)? else { return Ok(None) };
    if first == Found::Readable {
        return Ok(Some(offset));
    }
    let (mut inside, mut step) = (offset, 1_i64);
    let mut behind = loop {
        let at = inside.saturating_add(step);
        match probe(at)? {
            None => return Ok(None),
            Some(found) if found == first => (inside, step) = (at, step.saturating_mul(2)),
            Some(_) => break at,
        }
    };
    while behind - inside > 1 {
        let middle = inside + (behind - inside) / 2;
        match probe(middle)? {
            None => return Ok(None),
            Some(found) if found == first => inside = middle,
            Some(_) => behind = middle,
        }
    }
    Ok(Some(behind))
}

/// A partition's queue, read without rdkafka: its errors don't name the offset.
struct RawQueue(*mut ffi::rd_kafka_queue_t);

impl RawQueue {
    fn of(consumer: &BaseConsumer<ClientCallbacks>, topic: &str, number: i32) -> Option<Self> {
        let topic = CString::new(topic).ok()?;
        // SAFETY: the client outlives this call, and librdkafka copies the name.
        let queue =
            unsafe { ffi::rd_kafka_queue_get_partition(consumer.client().native_ptr(), topic.as_ptr(), number) };
        (!queue.is_null()).then_some(Self(queue))
    }

    fn poll(&self) -> Option<Found> {
        use ffi::rd_kafka_resp_err_t as Code;
        // SAFETY: the queue is valid until it is dropped; a message that isn't null is valid until it is destroyed.
        unsafe {
            let message = ffi::rd_kafka_consume_queue(self.0, POLL_MS);
            if message.is_null() {
                return None;
            }
            let found = match (*message).err {
                Code::RD_KAFKA_RESP_ERR_NO_ERROR | Code::RD_KAFKA_RESP_ERR__PARTITION_EOF => Some(Found::Readable),
                Code::RD_KAFKA_RESP_ERR__BAD_COMPRESSION | Code::RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED => {
                    Some(Found::Broken((*message).offset))
                }
                _ => None,
            };
            ffi::rd_kafka_message_destroy(message);
            found
        }
    }
}

impl Drop for RawQueue {
    fn drop(&mut self) {
        // SAFETY: this is the only release of the reference that `of` obtained.
        unsafe { ffi::rd_kafka_queue_destroy(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Batches by their first and next offset, and whether they are broken.
    fn end(batches: &[(i64, i64, bool)], offset: i64) -> (Option<i64>, usize) {
        let mut probes = 0;
        let found = end_of_broken(offset, |at| {
            probes += 1;
            let batch = batches.iter().find(|(first, next, _)| (*first..*next).contains(&at));
            let found = batch.filter(|(.., broken)| *broken).map_or(Found::Readable, |batch| Found::Broken(batch.0));
            Ok::<_, ()>(Some(found))
        });
        (found.unwrap(), probes)
    }

    #[test]
    fn the_offset_behind_a_broken_batch_is_found_exactly_and_soon() {
        let one = [(0, 5, false), (5, 6, true), (6, 7, false)];
        assert_eq!(end(&one, 5), (Some(6), 2));
        assert_eq!(end(&one, 3), (Some(3), 1), "nothing is passed over that can be read");
        // Another broken batch behind a readable one isn't taken for the same.
        let two = [(0, 11, true), (11, 21, false), (21, 41, true), (41, 99, false)];
        assert_eq!(end(&two, 0).0, Some(11));
        assert_eq!(end(&two, 7).0, Some(11));
        assert_eq!(end(&two, 21).0, Some(41));
        let (found, probes) = end(&[(0, 1_000_000, true)], 0);
        assert_eq!(found, Some(1_000_000));
        assert!(probes < 45, "{probes}");
    }

    #[test]
    fn without_an_answer_nothing_is_passed_over() {
        assert_eq!(end_of_broken(5, |_| Ok::<_, ()>(None)), Ok(None));
    }
}
