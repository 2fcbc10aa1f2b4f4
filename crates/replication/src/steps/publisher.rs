//! The publisher: what hasn't been read back is handed over, own facts first. Only reading back confirms; so whatever a broker
//! lost is found out and sent again, and what is sent twice is recognised by its hash.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::EventId;
use nosmoke_ports::{Ids, Outgoing, Pace, PendingFact, PendingTotals, Read, RecordKey, StoreError, read};
use nosmoke_runtime::Step;
use nosmoke_runtime::measures::Node;

use crate::FacilityKey;
use crate::exchange::{Exchange, ExchangeError};
use crate::wire::{fact_record, outgoing};

/// Facts handed over in one step. Large ones keep the log's window full, and what leaves together costs the broker less.
const fn step(pace: Pace) -> usize {
    if matches!(pace, Pace::Free) { 4_000 } else { 250 }
}

/// Records that may be on their way at once.
const RECORDS_AT_ONCE: usize = 1_000;
/// Within a backlog of facts, records are looked at this often: each of those on their way is asked whether it has changed.
const RECORDS_TURN: TimeDelta = TimeDelta::milliseconds(250);
/// What was handed over and isn't read back for this long is handed over again.
const PATIENCE: TimeDelta = TimeDelta::seconds(15);

struct Ready {
    facts: Vec<PendingFact>,
    records: Vec<(RecordKey, Outgoing, Option<EventId>)>,
    waiting: bool,
}

impl Exchange {
    /// Hands over what waits, as much as is taken.
    ///
    /// # Errors
    /// The log's and the store's. The connection is to be begun anew then; everything is still pending.
    pub async fn publish(&self, pace: Pace) -> Result<Step, ExchangeError> {
        let step = step(pace);
        let (own_after, others_after, others) = {
            let session = self.session();
            if !session.connected || session.reading_new {
                return Ok(Step::Idle);
            }
            let [own, others] = session.handed_over;
            (own, others, session.unread.is_empty())
        };
        let own = self.ready(true, own_after, step).await?;
        let waiting = own.waiting;
        let mut more = self.hand_over_facts(0, own.facts, step).await?;
        // Others' facts lack only in a new log, or behind a gap; their own terminals come first.
        if others && more == Step::Idle {
            let foreign = self.ready(false, others_after, step).await?;
            more = self.hand_over_facts(1, foreign.facts, step).await?;
        }
        self.hand_over_records(own.records).await?;
        if waiting && more == Step::Idle {
            self.lose_patience();
        }
        Ok(more)
    }

    async fn ready(&self, own: bool, after: i64, step: usize) -> Result<Ready, StoreError> {
        let (ids, now) = (self.ids.clone(), self.clock.now());
        let (sent, looked_at) = {
            let session = self.session();
            (if own { session.handed_over_records.clone() } else { Default::default() }, session.records_looked_at)
        };
        let looked = looked_at.is_some_and(|at| (TimeDelta::zero()..RECORDS_TURN).contains(&(now - at)));
        let ready = read::<_, StoreError>(&*self.journal, move |tx| {
            let facts = tx.pending_facts(own, after, step)?;
            let look = own && !(looked && facts.len() == step);
            let records = if look { changed_records(tx, &sent, &*ids, now)? } else { Vec::new() };
            // Counting is left out where the answer is at hand: it takes longer the more waits.
            let waiting = !facts.is_empty() || !records.is_empty() || tx.pending_totals()? != PendingTotals::default();
            Ok((look, Ready { facts, records, waiting }))
        });
        let (look, ready) = ready.await?;
        if look {
            self.session().records_looked_at = Some(now);
        }
        Ok(ready)
    }

    async fn hand_over_facts(&self, whose: usize, facts: Vec<PendingFact>, step: usize) -> Result<Step, ExchangeError> {
        if facts.is_empty() {
            return Ok(Step::Idle);
        }
        let changes: Vec<i64> = facts.iter().map(|fact| fact.change_seq).collect();
        let now = self.clock.now();
        let ages: Vec<_> = facts.iter().map(|fact| (now - fact.occurred_at).to_std().unwrap_or_default()).collect();
        if whose == 0 {
            // Before it leaves: it may be back before this is told that it was taken.
            let known = |fact: &PendingFact| (fact.hash, (fact.customer_id, fact.change_seq));
            self.session().on_the_way.extend(facts.iter().map(known));
        }
        let count = self.log.publish(facts.into_iter().map(fact_record).collect()).await?;
        for age in ages.into_iter().take(count) {
            self.measures.record((Node::Sqlite, Node::Publisher), 1, age, true);
        }
        let mut session = self.session();
        session.window_is_full = count < changes.len();
        if let Some(last) = count.checked_sub(1).and_then(|last| changes.get(last)) {
            session.handed_over[whose] = *last;
            session.moved_at = Some(self.clock.now());
        }
        // A full window empties by itself; until then there is nothing to do (`run.rs` looks again soon).
        Ok(if count == changes.len() && count == step { Step::More } else { Step::Idle })
    }

    async fn hand_over_records(
        &self,
        records: Vec<(RecordKey, Outgoing, Option<EventId>)>,
    ) -> Result<(), ExchangeError> {
        if records.is_empty() {
            return Ok(());
        }
        let sent: Vec<_> = records.iter().map(|(key, _, event_id)| (*key, *event_id)).collect();
        let count = self.log.publish(records.into_iter().map(|(_, record, _)| record).collect()).await?;
        let mut session = self.session();
        session.handed_over_records.extend(sent.into_iter().take(count));
        session.moved_at = Some(self.clock.now());
        Ok(())
    }

    /// Nothing was handed over or read back for long, and yet something waits: from the lowest that does.
    fn lose_patience(&self) {
        let now = self.clock.now();
        let mut session = self.session();
        if session.unread.is_empty()
            && session.moved_at.is_some_and(|moved_at| now - moved_at > PATIENCE || now < moved_at)
        {
            session.publish_again();
            session.moved_at = Some(now);
        }
    }
}

/// Those that wait and weren't handed over as they are now.
fn changed_records(
    tx: &mut dyn Read,
    sent: &BTreeMap<RecordKey, Option<EventId>>,
    ids: &dyn Ids,
    now: DateTime<Utc>,
) -> Result<Vec<(RecordKey, Outgoing, Option<EventId>)>, StoreError> {
    let Some(origin) = tx.origin()? else { return Ok(Vec::new()) };
    let facility = FacilityKey::read(tx)?;
    let mut records = Vec::new();
    for key in tx.pending_records(RECORDS_AT_ONCE)? {
        if sent.get(&key).is_some_and(|sent| *sent == revision(tx, key).ok().flatten()) {
            continue;
        }
        if let Some((record, event_id)) = outgoing(tx, key, origin.terminal_id, facility.as_ref(), ids, now)? {
            records.push((key, record, event_id));
        }
    }
    Ok(records)
}

/// What tells a record apart from a later one of the same key.
fn revision(tx: &mut dyn Read, key: RecordKey) -> Result<Option<EventId>, StoreError> {
    Ok(match key {
        RecordKey::Profile(customer) => tx.profile(customer)?.map(|profile| profile.event_id),
        RecordKey::Note(..) => None,
        RecordKey::Reference(kind, id) => tx.reference(kind, id)?.map(|reference| reference.event_id),
    })
}
