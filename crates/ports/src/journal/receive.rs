//! Adds facts and documents read from the log. They may come in any order and repeatedly, and may be this terminal's
//! own.

use std::collections::BTreeSet;

use nosmoke_domain::fact::Sealed;
use nosmoke_domain::ids::{CustomerId, IncarnationId};

use super::{Note, Profile, Reference, SearchKeys};
use crate::StoreError;

/// The result of receiving facts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// The number of facts that the journal didn't have before.
    pub added: u64,
    /// The incarnations that recorded them.
    pub recorders: BTreeSet<IncarnationId>,
    /// Incarnations of which these facts show for the first time that they have forked.
    pub forked: Vec<IncarnationId>,
    /// Whether the log has facts of this incarnation with a higher seq than the journal: the journal is older than the
    /// log, probably restored from a copy.
    pub own_ahead: bool,
}

/// A document, as read from the log.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    Profile(Profile, SearchKeys),
    Note(Note),
    Reference(Reference),
    /// A customer was erased at another terminal: profile and notes must be removed.
    Erased(CustomerId),
}

/// The result of receiving a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// The document replaced the local version.
    Taken,
    /// The document equals the local version, which therefore counts as read back from the log.
    Same,
    /// The local version has a higher revision and must be published again.
    Lower,
}

/// Adds facts and documents from the log to the journal.
pub trait Receive {
    /// Adds the facts that the journal doesn't have, with their original bytes, and marks the others as read back from
    /// the log.
    fn receive(&mut self, facts: &[Sealed]) -> Result<Received, StoreError>;

    /// Merges a document with the local version: the higher revision stays, and an erased customer stays erased. The
    /// result doesn't depend on the order of arrival.
    fn receive_document(&mut self, document: &Document) -> Result<Merged, StoreError>;
}
