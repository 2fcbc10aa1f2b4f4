//! The customers' states and the documents that must be equal at all terminals once the networks have healed.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{Account, StandingCopy};
use nosmoke_ports::{InsideRow, Note, PenaltyRow, Profile, Reference};
use uuid::Uuid;

use super::invariants::{Broken, Invariant, ensure};

/// A customer's folded state and projections at one terminal.
#[derive(Debug, PartialEq)]
pub(super) struct CustomerState {
    pub(super) account: Account,
    pub(super) visits: Visits,
    pub(super) standing: Option<StandingCopy>,
    pub(super) penalties: Vec<PenaltyRow>,
    pub(super) inside: Vec<InsideRow>,
}

/// All documents in one terminal's journal.
#[derive(Debug, PartialEq)]
pub(super) struct Documents {
    pub(super) profiles: Vec<Profile>,
    pub(super) notes: Vec<Note>,
    pub(super) references: Vec<Reference>,
}

impl Documents {
    pub(super) fn lines(&self) -> BTreeSet<String> {
        let profiles = self.profiles.iter().map(|it| format!("{it:?}"));
        let notes = self.notes.iter().map(|it| format!("{it:?}"));
        profiles.chain(notes).chain(self.references.iter().map(|it| format!("{it:?}"))).collect()
    }
}

/// Resets those fields of an erased profile that may differ between terminals.
pub(super) fn without_local_fields(profile: Profile) -> Profile {
    if !profile.erased {
        return profile;
    }
    let event_id = nosmoke_domain::ids::EventId(Uuid::nil());
    Profile { revision: 0, event_id, base_revision: 0, bases: Vec::new(), registered_at: Default::default(), ..profile }
}

/// Checks that every customer has the same state at both terminals.
pub(super) fn check_same_states(
    invariant: Invariant,
    first: &BTreeMap<CustomerId, CustomerState>,
    other: &BTreeMap<CustomerId, CustomerState>,
    at: usize,
) -> Result<(), Broken> {
    for (customer, state) in first {
        let there = other.get(customer);
        let parts = |state: Option<&CustomerState>| -> BTreeSet<String> {
            format!("{state:?}").split_inclusive(", ").map(str::to_owned).collect()
        };
        ensure(invariant, there == Some(state), || {
            let (here, there) = (parts(Some(state)), parts(there));
            let (ours, theirs) = (here.difference(&there), there.difference(&here));
            format!("{customer}: {:?}\nat {at}: {:?}", Vec::from_iter(ours), Vec::from_iter(theirs))
        })?;
    }
    Ok(())
}
