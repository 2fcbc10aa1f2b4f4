//! Reference data: what all terminals of a facility are set up with. Of two with one id the higher
//! (revision, event_id) counts.

use nosmoke_domain::ids::EventId;
use uuid::Uuid;

use crate::StoreError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferenceKind {
    Facility,
    Area,
    Rules,
    Staff,
    Terminal,
    /// Which terminal holds the points of visits that have ended.
    Hub,
}

/// Reference data: a JSON body by kind and id.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub id: Uuid,
    pub revision: i64,
    pub event_id: EventId,
    pub base_revision: i64,
    pub body: serde_json::Value,
}

/// Reads reference data.
pub trait ReadReference {
    fn reference(&mut self, kind: ReferenceKind, id: Uuid) -> Result<Option<Reference>, StoreError>;

    fn references(&mut self, kind: ReferenceKind) -> Result<Vec<Reference>, StoreError>;
}

/// Writes reference data. What is put here is pending until read back.
pub trait WriteReference: ReadReference {
    fn put_reference(&mut self, reference: &Reference) -> Result<(), StoreError>;
}
