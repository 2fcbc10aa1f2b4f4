//! What stands in the log: facts, profiles, notes and reference records as CloudEvents, and back.

mod facts;
mod records;

pub use facts::{Refused, TYPES, fact_record, is_erasure, read_fact, value_hash};
pub(crate) use facts::{Sent, event_headers, sent, source, source_of};
pub(crate) use records::KINDS;
pub use records::{ReadRecord, ReferenceValue, key_of, outgoing, read_record};
