//! Edits of documents that were overtaken: a revision of another terminal, made without knowledge of this one, won. The
//! lost texts stay at the terminal where they were typed, until somebody takes or drops them.

use nosmoke_domain::ids::EventId;

use super::{DocumentKey, Texts};
use crate::StoreError;

/// An edit that was overtaken.
#[derive(Debug, Clone, PartialEq)]
pub struct OvertakenEdit {
    pub key: DocumentKey,
    /// The event id of the lost revision.
    pub event_id: EventId,
    /// The texts of the lost revision.
    pub mine: Texts,
    /// The texts before it, so that it can be told what the edit changed.
    pub before: Texts,
}

impl OvertakenEdit {
    /// The fields that the edit changed and that are otherwise now.
    pub fn lost<'a>(&'a self, now: &'a Texts) -> impl Iterator<Item = &'a String> {
        let changed = self.mine.iter().filter(|(field, mine)| self.before.get(*field) != Some(*mine));
        changed.filter(|(field, mine)| now.get(*field) != Some(*mine)).map(|(field, _)| field)
    }
}

/// Reads overtaken edits.
pub trait ReadEdits {
    /// Returns the overtaken edits of this terminal, the oldest first.
    fn overtaken_edits(&mut self, limit: usize) -> Result<Vec<OvertakenEdit>, StoreError>;

    fn overtaken_edit(&mut self, edit: EventId) -> Result<Option<OvertakenEdit>, StoreError>;

    /// Counts the overtaken edits, up to `limit`.
    fn count_overtaken_edits(&mut self, limit: usize) -> Result<usize, StoreError>;
}

/// Forgets overtaken edits. Receiving documents adds them, and the document's next revision here removes them.
pub trait WriteEdits: ReadEdits {
    fn drop_overtaken_edit(&mut self, edit: EventId) -> Result<(), StoreError>;
}
