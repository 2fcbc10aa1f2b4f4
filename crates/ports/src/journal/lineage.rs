//! What a document's revision says of those that it is based on, and its texts by field.

use nosmoke_domain::ids::EventId;

/// How many event ids a revision names of those that it is based on.
pub const BASES_MAX: usize = 8;

/// A document's texts by field, without ids and revisions.
pub type Texts = serde_json::Map<String, serde_json::Value>;

/// Returns the event ids that the next revision names as those that it is based on, newest first.
pub fn next_bases(event_id: EventId, bases: &[EventId]) -> Vec<EventId> {
    std::iter::once(event_id).chain(bases.iter().copied()).take(BASES_MAX).collect()
}

/// A revision, as far as it tells whether another one was made in knowledge of it.
#[derive(Debug, Clone, Copy)]
pub struct Lineage<'a> {
    pub revision: i64,
    pub event_id: EventId,
    pub bases: &'a [EventId],
}

impl Lineage<'_> {
    /// Whether this revision replaces `old` without being based on it. `was_read_back` says whether others may have read
    /// `old`: it decides where this revision has more bases than it names.
    pub fn overtakes(&self, old: &Lineage<'_>, was_read_back: bool) -> bool {
        if self.event_id == old.event_id || self.bases.contains(&old.event_id) {
            return false;
        }
        let names_all = self.bases.len() < BASES_MAX || self.revision.saturating_sub(old.revision) <= BASES_MAX as i64;
        names_all || !was_read_back
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: u128) -> EventId {
        EventId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_revision_that_names_the_other_one_does_not_overtake_it() {
        let old = Lineage { revision: 2, event_id: event(20), bases: &[event(10)] };
        let overtakes = |revision, bases: &[u128], was_read_back| {
            let bases: Vec<EventId> = bases.iter().map(|it| event(*it)).collect();
            Lineage { revision, event_id: event(99), bases: &bases }.overtakes(&old, was_read_back)
        };
        assert!(!old.overtakes(&old, false));
        assert!(overtakes(2, &[10], true), "two edits of one revision");
        assert!(!overtakes(3, &[20, 10], true));
        assert!(overtakes(3, &[21, 10], true), "two edits of a terminal that didn't know the first one");
        assert!(!overtakes(9, &[80, 70, 60, 50, 40, 30, 20, 10], true));
        assert!(overtakes(9, &[80, 70, 60, 50, 40, 30, 21, 10], true));
        // Beyond the named ones it counts whether others could know it.
        assert!(!overtakes(40, &[39, 38, 37, 36, 35, 34, 33, 32], true));
        assert!(overtakes(40, &[39, 38, 37, 36, 35, 34, 33, 32], false));
    }

    #[test]
    fn the_next_bases_are_the_newest() {
        let mut bases = Vec::new();
        for number in 1..=10 {
            bases = next_bases(event(number), &bases);
        }
        assert_eq!(bases, (3..=10).rev().map(event).collect::<Vec<_>>());
    }
}
