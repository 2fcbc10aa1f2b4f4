//! The messages in the log: encodes facts, profiles, notes and reference documents as CloudEvents, and decodes them.

mod cloud_events;
mod documents;
mod facts;
mod refused;
mod requests;
mod timely;

pub use cloud_events::TYPES;
pub(crate) use cloud_events::{event_headers, source, source_of};
pub(crate) use documents::document_key;
pub use documents::{REFERENCE_KINDS, ReadDocument, ReferenceValue, key_of, outgoing, read_document};
pub(crate) use facts::{OwnFact, recognise_own};
pub use facts::{fact_message, is_erasure, read_fact};
pub use refused::{Refused, quarantined};
pub use requests::PointsRequestValue;
pub(crate) use requests::{ReadRequest, read_request, request_message};
pub(crate) use timely::is_timely;
