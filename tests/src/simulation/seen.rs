//! What is compared of two terminals after healing.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::{Account, StandingCopy};
use nosmoke_ports::{InsideRow, Note, PenaltyRow, Profile, Reference};
use uuid::Uuid;

use super::invariants::{Broken, Invariant, hold};

/// What is compared of a customer.
#[derive(Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) account: Account,
    pub(super) visits: Visits,
    pub(super) standing: Option<StandingCopy>,
    pub(super) penalties: Vec<PenaltyRow>,
    pub(super) inside: Vec<InsideRow>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Records {
    pub(super) profiles: Vec<Profile>,
    pub(super) notes: Vec<Note>,
    pub(super) references: Vec<Reference>,
}

impl Records {
    pub(super) fn lines(&self) -> BTreeSet<String> {
        let profiles = self.profiles.iter().map(|it| format!("{it:?}"));
        let notes = self.notes.iter().map(|it| format!("{it:?}"));
        profiles.chain(notes).chain(self.references.iter().map(|it| format!("{it:?}"))).collect()
    }
}

/// When a person was erased elsewhere is each terminal's own.
pub(super) fn plain(profile: Profile) -> Profile {
    if !profile.erased {
        return profile;
    }
    let event_id = nosmoke_domain::ids::EventId(Uuid::nil());
    Profile { revision: 0, event_id, base_revision: 0, registered_at: Default::default(), ..profile }
}

pub(super) fn same(
    invariant: Invariant,
    first: &BTreeMap<CustomerId, Seen>,
    other: &BTreeMap<CustomerId, Seen>,
    at: usize,
) -> Result<(), Broken> {
    for (customer, seen) in first {
        let there = other.get(customer);
        let parts = |seen: Option<&Seen>| -> BTreeSet<String> {
            format!("{seen:?}").split_inclusive(", ").map(str::to_owned).collect()
        };
        hold(invariant, there == Some(seen), || {
            let (here, there) = (parts(Some(seen)), parts(there));
            let (ours, theirs) = (here.difference(&there), there.difference(&here));
            format!("{customer}: {:?}\nat {at}: {:?}", Vec::from_iter(ours), Vec::from_iter(theirs))
        })?;
    }
    Ok(())
}
