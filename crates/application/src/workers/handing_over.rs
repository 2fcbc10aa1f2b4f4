//! point's policy for the hub: hands over this terminal's holdings to it, so that the points stay available while this
//! terminal is switched off (ADR 0017). Points stay while they may be needed here: while the customer is inside, and for
//! ten minutes after anything was recorded or received for the customer.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_domain::point::{Account, hand_over};
use nosmoke_ports::{Priority, ReadFacts, StoreError, Worker, Write, read, write};
use nosmoke_reading::reference;
use nosmoke_reading::state::load;
use nosmoke_replication::hub_incarnation;
use nosmoke_runtime::Step;
use tokio::time::{Instant, sleep};

use super::hub_state::{CUSTOMERS_IN_BLOCK, REST_BEFORE_HANDING_OVER};
use super::steps::{CHANGES_BATCH, Workers};
use crate::gifts::Recording;

/// Most customers looked at in one step of a sweep.
const CUSTOMERS_LOOKED_AT: usize = 500;
/// How often the policy looks whether a block was read back.
pub(super) const READ_BACK_INTERVAL: Duration = Duration::from_millis(50);
/// How often the policy looks for customers whose points have rested long enough.
pub(super) const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// How long the hand-over may take when the program closes.
const CLOSING_TIMEOUT: Duration = Duration::from_secs(5);

/// Whose holdings are looked for: the current incarnation's, or those of this folder's ended ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holders {
    Current,
    Ended,
}

impl Workers {
    /// Hands over one block, if a hub is heard and the block before was read back.
    pub(super) async fn hand_over_step(&self) -> Result<Step, StoreError> {
        self.note_activity().await?;
        if let Some(step) = self.hand_on_step().await? {
            return Ok(step);
        }
        let now = self.core.clock.uptime();
        let Some(hub) = self.heard_hub().await? else {
            self.handing_over.0.lock().rest(now);
            return Ok(Step::After(LOOK_INTERVAL));
        };
        if self.is_in_flight().await? {
            return Ok(Step::After(READ_BACK_INTERVAL));
        }
        let rested = self.handing_over.0.lock().take_rested(now);
        let (customers, looking) = if rested.is_empty() { self.sweep(hub, now).await? } else { (rested, true) };
        let handed_over = self.hand_over(customers, hub, true).await;
        if handed_over.is_err() {
            self.handing_over.0.lock().swept = None;
        }
        let next = if looking { Step::More } else { Step::After(LOOK_INTERVAL) };
        Ok(if handed_over? { Step::After(READ_BACK_INTERVAL) } else { next })
    }

    /// Hands over everything to the hub, within five seconds; called when the program closes.
    pub async fn hand_over_all(&self) {
        let deadline = Instant::now() + CLOSING_TIMEOUT;
        let all = async {
            let Some(hub) = self.heard_hub().await? else { return Ok(()) };
            let mut customers: Vec<CustomerId> =
                std::mem::take(&mut self.handing_over.0.lock().active).into_keys().collect();
            let mut after = None;
            loop {
                while !customers.is_empty() {
                    let block = customers.split_off(customers.len().saturating_sub(CUSTOMERS_IN_BLOCK));
                    self.hand_over(block, hub, false).await?;
                    while self.is_in_flight().await? {
                        sleep(READ_BACK_INTERVAL).await;
                    }
                }
                let (holding, last) = self.holding(Holders::Current, after, &BTreeMap::new()).await?;
                customers = holding;
                match last {
                    Some(last) => after = Some(last),
                    None if customers.is_empty() => return Ok::<_, StoreError>(()),
                    None => {}
                }
            }
        };
        match tokio::time::timeout_at(deadline, all).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the points held here couldn't be handed over to the hub"),
            Err(_) => tracing::info!("not all points held here could be handed over to the hub in time"),
        }
    }

    /// Notes the customers of whom something was recorded here or given to this terminal.
    async fn note_activity(&self) -> Result<(), StoreError> {
        loop {
            let after = self.handing_over.0.lock().noted;
            if after >= self.core.feed.last_written() {
                return Ok(());
            }
            let (here, changes) = read::<_, StoreError>(&*self.core.journal, move |tx| {
                Ok((tx.origin()?.map(|origin| origin.incarnation), tx.changes(after, CHANGES_BATCH)?))
            })
            .await?;
            let Some(last) = changes.last().map(|change| change.change_seq) else { return Ok(()) };
            let now = self.core.clock.uptime();
            let mut state = self.handing_over.0.lock();
            for change in changes {
                let fact = &change.recorded.fact;
                let is_here = match &fact.payload {
                    Payload::Given(given) => Some(given.to) == here,
                    _ => Some(fact.origin.incarnation) == here,
                };
                if is_here {
                    state.active.insert(fact.customer_id, now);
                }
            }
            state.noted = last;
            drop(state);
            self.core.feed.folded(Worker::HandingOver, last);
        }
    }

    /// The hub's incarnation, if points reach it: it is heard, this terminal is connected and isn't the hub itself.
    async fn heard_hub(&self) -> Result<Option<IncarnationId>, StoreError> {
        if !self.core.connection.has_read_all() || !self.core.is_exchanging() {
            return Ok(None);
        }
        let (hub, here) =
            read::<_, StoreError>(&*self.core.journal, |tx| Ok((hub_incarnation(tx)?, tx.origin()?))).await?;
        let now = self.core.clock.uptime();
        let here = here.map(|origin| origin.incarnation);
        Ok(hub.filter(|hub| Some(*hub) != here && self.core.heard.is_heard(*hub, now)))
    }

    pub(super) async fn is_in_flight(&self) -> Result<bool, StoreError> {
        let Some(last) = self.handing_over.0.lock().in_flight else { return Ok(false) };
        let pending = read::<_, StoreError>(&*self.core.journal, move |tx| tx.pending_among(&[last])).await?;
        if pending.is_empty() {
            self.handing_over.0.lock().in_flight = None;
        }
        Ok(!pending.is_empty())
    }

    /// Looks at further customers of whom nothing happened lately, once for each hub. Returns those who have points
    /// here, and whether there are customers left to look at.
    async fn sweep(&self, hub: IncarnationId, now: Duration) -> Result<(Vec<CustomerId>, bool), StoreError> {
        let (after, active) = {
            let mut state = self.handing_over.0.lock();
            if state.swept == Some(hub) || now < REST_BEFORE_HANDING_OVER {
                return Ok((Vec::new(), false));
            }
            let after = match state.sweep {
                Some((of, after)) if of == hub => after,
                _ => None,
            };
            state.sweep = Some((hub, after));
            (after, state.active.clone())
        };
        let (customers, last) = self.holding(Holders::Current, after, &active).await?;
        let mut state = self.handing_over.0.lock();
        state.sweep = last.map(|last| (hub, Some(last)));
        if last.is_none() {
            state.swept = Some(hub);
        }
        Ok((customers, last.is_some()))
    }

    /// Looks at the customers after `after`, by id. Returns those of whom these incarnations hold points, at most one
    /// block, without those in `active`; and the last customer looked at, `None` at the end.
    pub(super) async fn holding(
        &self,
        holders: Holders,
        after: Option<CustomerId>,
        active: &BTreeMap<CustomerId, Duration>,
    ) -> Result<(Vec<CustomerId>, Option<CustomerId>), StoreError> {
        let (active, now) = (active.clone(), self.core.present.moment());
        read::<_, StoreError>(&*self.core.journal, move |tx| {
            let mut of = tx.own_incarnations()?;
            let Some(here) = of.pop() else { return Ok((Vec::new(), None)) };
            if holders == Holders::Current {
                of = vec![here];
            }
            let (mut holding, mut last) = (Vec::new(), None);
            let customers = tx.customers_with_facts(after, CUSTOMERS_LOOKED_AT)?;
            let is_all = customers.len() < CUSTOMERS_LOOKED_AT;
            for customer in customers {
                if holding.len() == CUSTOMERS_IN_BLOCK {
                    return Ok((holding, last));
                }
                last = Some(customer);
                if !active.contains_key(&customer) && hold(tx, customer, &of, now)? {
                    holding.push(customer);
                }
            }
            Ok((holding, last.filter(|_| !is_all)))
        })
        .await
    }

    /// Gives these customers' holdings to the hub. With `resting`, leaves out customers who are inside here or whose
    /// points a command is waiting for. Returns whether anything was given.
    async fn hand_over(
        &self,
        customers: Vec<CustomerId>,
        hub: IncarnationId,
        resting: bool,
    ) -> Result<bool, StoreError> {
        if customers.is_empty() {
            return Ok(false);
        }
        let (present, ids, requests) =
            (self.core.present.clone(), self.core.ids.clone(), self.core.points_requests.clone());
        let unit = move |tx: &mut dyn Write| {
            let Some(here) = tx.origin()?.map(|origin| origin.incarnation) else { return Ok(None) };
            let gifts = Recording { rules: reference::rules(tx)?.generation, present: present.read(), ids: &*ids };
            let before = tx.last_change()?;
            for customer in &customers {
                if resting && (requests.waits_for(*customer) || is_inside_here(tx, *customer, here)?) {
                    continue;
                }
                let account = load::<Account>(tx, *customer)?.state;
                gifts.give(tx, *customer, hand_over(&account, here, hub, gifts.present.moment), None)?;
            }
            let last = tx.last_change()?;
            Ok::<_, StoreError>((last > before).then_some(last))
        };
        let (last, written) = write(&*self.core.journal, Priority::Background, unit).await?;
        self.handing_over.0.lock().in_flight = last;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        Ok(last.is_some())
    }
}

fn hold(
    tx: &mut dyn ReadFacts,
    customer: CustomerId,
    incarnations: &[IncarnationId],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let holdings = load::<Account>(tx, customer)?.state.holdings;
    Ok(holdings.holders(seoul_date(now)).any(|(holder, _)| incarnations.contains(&holder)))
}

/// Whether a visit that began here is open: the customer is inside, or the visit hasn't earned yet.
fn is_inside_here(tx: &mut dyn ReadFacts, customer: CustomerId, here: IncarnationId) -> Result<bool, StoreError> {
    let visits = load::<Visits>(tx, customer)?.state;
    Ok(visits.open.values().any(|visit| visit.entry.as_ref().is_some_and(|entry| entry.incarnation == here)))
}
