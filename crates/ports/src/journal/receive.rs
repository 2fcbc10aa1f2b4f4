//! What comes from the log: facts and records, in any order, repeated, own and of others.

use nosmoke_domain::fact::Sealed;
use nosmoke_domain::ids::{CustomerId, IncarnationId};

use super::{Note, Profile, Reference, SearchKeys};
use crate::StoreError;

/// What became of facts that were read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Received {
    /// New here.
    pub added: u64,
    /// Incarnations newly seen to have forked.
    pub forked: Vec<IncarnationId>,
    /// Facts of this very incarnation, with a higher seq than its journal has: the journal is older than its log.
    pub own_ahead: bool,
}

/// A record that isn't a fact, as read from the log.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    Profile(Profile, SearchKeys),
    Note(Note),
    Reference(Reference),
    /// A person was erased elsewhere: profile and notes go.
    Erased(CustomerId),
}

/// What became of a record that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// It counts now.
    Taken,
    /// It is the one that is here: read back.
    Same,
    /// A higher one is here, which the log is to have again.
    Lower,
}

/// Takes what was read from the log.
pub trait Receive {
    /// Adds facts read from the log that aren't here yet, as they were written; those that are here are read back.
    fn receive(&mut self, facts: &[Sealed]) -> Result<Received, StoreError>;

    /// Counts a record read from the log, whatever the order: the higher stays, an erased person stays erased.
    fn receive_record(&mut self, record: &Record) -> Result<Merged, StoreError>;
}
