//! Remembers the facts that were decoded last. A command reads its customer's newest facts several times, and after it
//! each context does; decoding them was the largest part of a command's work.

use std::collections::BTreeMap;

use nosmoke_domain::fact::{Fact, Hash, Malformed, Sealed, decode_kept};
use parking_lot::Mutex;

/// At twice as many facts (some megabytes), the older half is forgotten.
const HALF: usize = 1_024;

type Facts = BTreeMap<Hash, (Box<[u8]>, Fact)>;

struct Decoded {
    newer: Facts,
    older: Facts,
}

/// Shared by all journals of the process, because a fact's bytes mean the same everywhere.
static DECODED: Mutex<Decoded> = Mutex::new(Decoded { newer: BTreeMap::new(), older: BTreeMap::new() });

impl Decoded {
    fn add(&mut self, hash: Hash, bytes: &[u8], fact: &Fact) {
        if self.newer.len() >= HALF {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(hash, (bytes.into(), fact.clone()));
    }
}

/// Returns what [`decode_kept`] returns for these bytes; `hash` is that of their row.
///
/// # Errors
/// `Malformed` if the bytes aren't the JSON of an envelope.
pub(super) fn decoded(hash: Hash, bytes: &[u8]) -> Result<Fact, Malformed> {
    {
        let memory = DECODED.lock();
        // The bytes are compared too: a damaged row must not look sound.
        let known = memory.newer.get(&hash).or_else(|| memory.older.get(&hash)).filter(|(of, _)| **of == *bytes);
        if let Some((_, fact)) = known {
            return Ok(fact.clone());
        }
    }
    let fact = decode_kept(bytes)?;
    DECODED.lock().add(hash, bytes, &fact);
    Ok(fact)
}

/// Remembers a fact that was just added: it is read again within milliseconds. One that isn't understood here may be
/// understood when it is read.
pub(super) fn remember(sealed: &Sealed) {
    if sealed.fact.payload.fact_type().is_some() {
        DECODED.lock().add(sealed.hash, &sealed.bytes, &sealed.fact);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    fn fact(seq: u64) -> Vec<u8> {
        let id = "00000000-0000-7000-8000-000000000001";
        serde_json::to_vec(&serde_json::json!({
            "event_id": id, "facility_id": id, "terminal_id": id, "incarnation": id, "seq": seq, "customer_id": id,
            "occurred_at": "2026-12-01T00:00:00.000Z", "recorded_at": "2026-12-01T00:00:00.000Z",
            "recorded_by": { "kind": "program" }, "approved_by": null, "causation_id": null, "rules": 1, "after": [],
            "traceparent": null, "type": "CustomerErased", "version": 1, "payload": {},
        }))
        .unwrap()
    }

    #[test]
    fn only_equal_bytes_are_remembered_and_memory_is_bounded() {
        let hash = |number: u64| Hash(*blake3::hash(&number.to_be_bytes()).as_bytes());
        for number in 1..5_000 {
            assert_eq!(decoded(hash(number), &fact(number)).unwrap().seq, number);
            assert_eq!(decoded(hash(number), &fact(number)).unwrap().seq, number, "remembered");
        }
        assert!(decoded(hash(4_999), b"{}").is_err(), "a damaged row");
        assert_eq!(decoded(hash(4_999), &fact(7)).unwrap().seq, 7, "other bytes");
        let memory = DECODED.lock();
        assert!(memory.newer.len() <= HALF && memory.older.len() <= HALF);
    }
}
