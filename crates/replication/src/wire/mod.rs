//! What stands in the log: facts, profiles, notes and reference records as CloudEvents, and back.

mod cloud_events;
mod facts;
mod records;
mod refused;

pub use cloud_events::TYPES;
pub(crate) use cloud_events::{event_headers, source, source_of};
pub(crate) use facts::{Sent, sent};
pub use facts::{fact_record, is_erasure, read_fact};
pub use records::{REFERENCE_KINDS, ReadRecord, ReferenceValue, key_of, outgoing, read_record};
pub use refused::Refused;
