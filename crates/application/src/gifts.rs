//! Records gifts: facts with which points pass from an incarnation's holding to another one's.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Given, Recorder};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId};
use nosmoke_domain::point::{Account, hand_on};
use nosmoke_ports::{Ids, ReadFacts, StoreError, WriteFacts};
use nosmoke_reading::state::load;
use nosmoke_runtime::present::Present;

/// What the drafts of gifts have in common: the generation of the rules, the time and the source of ids.
#[derive(Clone, Copy)]
pub(crate) struct Recording<'a> {
    pub(crate) rules: u64,
    pub(crate) present: Present,
    pub(crate) ids: &'a dyn Ids,
}

impl Recording<'_> {
    fn drafts(&self, customer_id: CustomerId, given: Vec<Given>, traceparent: Option<&str>) -> Vec<Draft> {
        let draft = |given: Given| Draft {
            event_id: EventId(self.ids.ordered(self.present.clock)),
            customer_id,
            occurred_at: self.present.clock,
            recorded_at: self.present.clock,
            recorded_by: Recorder::Program,
            approved_by: None,
            causation_id: None,
            rules: self.rules,
            traceparent: traceparent.map(str::to_owned),
            payload: given.into(),
        };
        given.into_iter().map(draft).collect()
    }

    /// Records gifts of the current incarnation.
    pub(crate) fn give(
        &self,
        tx: &mut dyn WriteFacts,
        customer: CustomerId,
        given: Vec<Given>,
        traceparent: Option<&str>,
    ) -> Result<(), StoreError> {
        if !given.is_empty() {
            tx.append(self.drafts(customer, given, traceparent))?;
        }
        Ok(())
    }

    /// Lets the incarnations of this folder that ended hand on what they hold of a customer to the current one. Called
    /// in the transaction of each command that takes points, so that the check before it sees all that this folder
    /// holds.
    pub(crate) fn hand_on(&self, tx: &mut dyn WriteFacts, customer: CustomerId) -> Result<(), StoreError> {
        let mut ended = tx.own_incarnations()?;
        let (Some(here), false) = (ended.pop(), ended.is_empty()) else { return Ok(()) };
        let account = load::<Account>(tx, customer)?.state;
        for from in ended {
            let given = hand_on(&account, from, here, self.present.moment);
            if !given.is_empty() {
                tx.append_as(from, self.drafts(customer, given, None))?;
            }
        }
        Ok(())
    }
}

/// Returns a customer's account as it is once this folder's ended incarnations have handed on what they hold at a
/// moment.
pub(crate) fn handed_on(
    tx: &mut dyn ReadFacts,
    here: IncarnationId,
    customer: CustomerId,
    now: DateTime<Utc>,
) -> Result<Account, StoreError> {
    let ended = tx.own_incarnations()?;
    Ok(load::<Account>(tx, customer)?.state.handed_on(&ended, here, now))
}
