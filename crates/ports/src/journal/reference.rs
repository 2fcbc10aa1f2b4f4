//! Reference documents: the set-up that all terminals of a facility share. If two terminals have different documents
//! with the same id, the one with the higher (revision, event_id) wins.

use nosmoke_domain::ids::EventId;
use uuid::Uuid;

use super::{Lineage, Texts};
use crate::StoreError;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferenceKind {
    Facility,
    Area,
    Rules,
    Staff,
    Terminal,
    /// The terminal that receives a customer's points when a visit has ended.
    Hub,
    /// The name of a token; its secret stays at the terminal that made it.
    Token,
    /// How long personal data is kept, and the notice about it.
    Keeping,
    /// The hash of the facility's recovery code.
    Recovery,
    /// The plan of a site.
    Plan,
    /// A piece of a plan's picture; its id is the hash of its bytes.
    PlanPiece,
}

impl ReferenceKind {
    /// Whether people edit such documents, again and again. A set of rules is published once; a token's name is never changed.
    pub const fn is_edited_by_people(self) -> bool {
        matches!(
            self,
            Self::Facility | Self::Area | Self::Staff | Self::Terminal | Self::Hub | Self::Keeping | Self::Plan
        )
    }

    /// Whether only terminals with the facility key can read the body.
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::Rules | Self::Staff | Self::Recovery | Self::Token | Self::Keeping)
    }
}

/// A reference document: a JSON body, identified by kind and id.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    pub kind: ReferenceKind,
    pub id: Uuid,
    pub revision: i64,
    pub event_id: EventId,
    pub base_revision: i64,
    /// The event ids of the revisions that this one is based on, newest first; at most 8.
    pub bases: Vec<EventId>,
    pub body: serde_json::Value,
}

impl Reference {
    pub fn lineage(&self) -> Lineage<'_> {
        Lineage { revision: self.revision, event_id: self.event_id, bases: &self.bases }
    }

    /// The body's fields.
    pub fn texts(&self) -> Texts {
        self.body.as_object().cloned().unwrap_or_default()
    }
}

/// A stored set of rules, not parsed yet: each command needs the rules in force, and parsing them costs more than all its
/// other reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRules {
    pub id: Uuid,
    /// JSON.
    pub body: String,
}

/// Reads reference documents.
pub trait ReadReference {
    fn reference(&mut self, kind: ReferenceKind, id: Uuid) -> Result<Option<Reference>, StoreError>;

    fn references(&mut self, kind: ReferenceKind) -> Result<Vec<Reference>, StoreError>;

    /// Returns the rule sets of the highest generation, by id: several if terminals that didn't hear each other
    /// published.
    fn newest_rules(&mut self) -> Result<Vec<StoredRules>, StoreError>;
}

/// Writes reference documents. They are pending until they are read back from the log.
pub trait WriteReference: ReadReference {
    fn put_reference(&mut self, reference: &Reference) -> Result<(), StoreError>;
}
