//! The links of a customer's id with other ids of the same person.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fact::Payload;
use crate::ids::{CustomerId, LinkId};

/// The links recorded under one customer's id. A link counts unless it is parted, whichever of the two arrived first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    linked: BTreeSet<(LinkId, CustomerId)>,
    parted: BTreeSet<LinkId>,
}

impl Links {
    /// Folds a fact of this customer; facts of other types change nothing.
    pub fn apply(&mut self, payload: &Payload) {
        match payload {
            Payload::CustomersLinked(p) => {
                self.linked.insert((p.link_id, p.other_id));
            }
            Payload::CustomersParted(p) => {
                self.parted.insert(p.link_id);
            }
            _ => {}
        }
    }

    /// The links that count, each with the other id.
    pub fn joined(&self) -> impl Iterator<Item = (LinkId, CustomerId)> + '_ {
        self.linked.iter().copied().filter(|(link, _)| !self.parted.contains(link))
    }

    /// The links with another id that count.
    pub fn with(&self, other: CustomerId) -> impl Iterator<Item = LinkId> + '_ {
        self.joined().filter(move |(_, id)| *id == other).map(|(link, _)| link)
    }

    /// The other ids of all links, parted ones too.
    pub fn all(&self) -> impl Iterator<Item = (LinkId, CustomerId)> + '_ {
        self.linked.iter().copied()
    }

    pub fn is_parted(&self, link: LinkId) -> bool {
        self.parted.contains(&link)
    }

    pub fn is_empty(&self) -> bool {
        self.linked.is_empty() && self.parted.is_empty()
    }
}
