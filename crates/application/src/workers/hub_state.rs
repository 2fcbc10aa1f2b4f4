//! What the hand-over to the hub remembers while the program runs.

use std::collections::BTreeMap;
use std::time::Duration;

use nosmoke_domain::ids::{CustomerId, IncarnationId};
use parking_lot::Mutex;

/// How long points stay after something was recorded or received for their customer. The start of the program counts as
/// such, because nobody knows what happened just before.
pub const REST_BEFORE_HANDING_OVER: Duration = Duration::from_secs(600);
/// Most customers in one block. The next block waits until this one was read back from the log, so that points that
/// somebody waits for never stand behind many others.
pub(super) const CUSTOMERS_IN_BLOCK: usize = 100;

/// The policy's state. It is held in memory: after a start, everything is looked at again.
#[derive(Debug, Default)]
pub(super) struct HandingOver(pub(super) Mutex<State>);

#[derive(Debug, Default)]
pub(super) struct State {
    /// The last change whose customer was noted as active.
    pub(super) noted: i64,
    /// When something was last recorded or received for a customer, by process time. Customers are removed when their
    /// points were handed over.
    pub(super) active: BTreeMap<CustomerId, Duration>,
    /// The hub to which all other customers' points are being handed over, and the last customer looked at.
    pub(super) sweep: Option<(IncarnationId, Option<CustomerId>)>,
    /// The hub to which all other customers' points were handed over.
    pub(super) swept: Option<IncarnationId>,
    /// The last fact of the block that was handed over last.
    pub(super) in_flight: Option<i64>,
}

impl State {
    /// Called while no hub is heard: keeps only what is still active. The rest is found by the next sweep.
    pub(super) fn rest(&mut self, now: Duration) {
        self.active.retain(|_, at| now.saturating_sub(*at) < REST_BEFORE_HANDING_OVER);
        (self.sweep, self.swept) = (None, None);
    }

    pub(super) fn take_rested(&mut self, now: Duration) -> Vec<CustomerId> {
        let has_rested = |(customer, at): (&CustomerId, &Duration)| {
            (now.saturating_sub(*at) >= REST_BEFORE_HANDING_OVER).then_some(*customer)
        };
        let rested: Vec<CustomerId> = self.active.iter().filter_map(has_rested).take(CUSTOMERS_IN_BLOCK).collect();
        for customer in &rested {
            self.active.remove(customer);
        }
        rested
    }
}
