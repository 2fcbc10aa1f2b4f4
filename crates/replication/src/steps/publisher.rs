//! The publisher hands everything pending over to the log, own facts first. A message counts as published only when it
//! was read back from the log, so messages that a broker lost are detected and sent again. Publishing is idempotent:
//! consumers recognise duplicates by their hash.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::EventId;
use nosmoke_ports::{DocumentKey, Ids, Outgoing, Pace, PendingFact, PendingTotals, Read, StoreError, read};
use nosmoke_runtime::Step;
use nosmoke_runtime::measures::Node;

use crate::FacilityKey;
use crate::replicator::{ReplicationError, Replicator};
use crate::wire::{fact_message, outgoing};

/// Most facts handed over in one step. A large batch keeps the producer's window full, and costs the broker less per
/// message.
const fn batch_size(pace: Pace) -> usize {
    if matches!(pace, Pace::Free) { 4_000 } else { 250 }
}

/// Most pending documents considered in one step.
const DOCUMENTS_BATCH: usize = 1_000;
/// During a backlog of facts, documents are checked only this often: each pending document costs a query for its
/// revision.
const DOCUMENT_CHECK_INTERVAL: TimeDelta = TimeDelta::milliseconds(250);
/// If nothing is read back from the log for this long while something is pending, everything pending is published
/// again.
const READ_BACK_TIMEOUT: TimeDelta = TimeDelta::seconds(15);

/// What is pending, read in one transaction.
struct PendingBatch {
    facts: Vec<PendingFact>,
    /// Documents that changed since they were last handed over, with their messages and the event ids of their
    /// revisions.
    documents: Vec<(DocumentKey, Outgoing, Option<EventId>)>,
    /// Whether anything at all is pending, handed over or not.
    any_pending: bool,
}

impl Replicator {
    /// Hands over one batch of pending facts and documents, or as much of it as the log accepts.
    ///
    /// # Errors
    /// An error of the log or of the store. The caller must reconnect then; what was to be published is still pending.
    pub async fn publish(&self, pace: Pace) -> Result<Step, ReplicationError> {
        let batch_size = batch_size(pace);
        let (own_after, others_after, others) = {
            let state = self.state();
            if !state.connected || state.reading_new {
                return Ok(Step::Idle);
            }
            let [own, others] = state.handed_over;
            (own, others, state.unread.is_empty())
        };
        let own = self.pending(true, own_after, batch_size).await?;
        let any_pending = own.any_pending;
        let mut more = self.hand_over_facts(0, own.facts, batch_size).await?;
        // Facts of other terminals are pending only if the log was replaced or has a gap. Own facts go first, because
        // the other terminals publish theirs themselves.
        if others && more == Step::Idle {
            let foreign = self.pending(false, others_after, batch_size).await?;
            more = self.hand_over_facts(1, foreign.facts, batch_size).await?;
        }
        self.hand_over_documents(own.documents).await?;
        if any_pending && more == Step::Idle {
            self.publish_again_after_timeout();
        }
        Ok(more)
    }

    async fn pending(&self, own: bool, after: i64, batch_size: usize) -> Result<PendingBatch, StoreError> {
        let (ids, now) = (self.core.ids.clone(), self.core.clock.now());
        let (checked_at, key) = {
            let state = self.state();
            (state.documents_checked_at, state.key.clone())
        };
        let checked_lately =
            checked_at.is_some_and(|at| (TimeDelta::zero()..DOCUMENT_CHECK_INTERVAL).contains(&(now - at)));
        let pending = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let facts = tx.pending_facts(own, after, batch_size)?;
            let check = own && !(checked_lately && facts.len() == batch_size);
            let documents = if check { pending_documents(tx)? } else { Vec::new() };
            // Counting everything pending comes last, because it is slow when much is pending. Mostly a batch shows it
            // already.
            let any_pending =
                !facts.is_empty() || !documents.is_empty() || tx.pending_totals()? != PendingTotals::default();
            Ok((check, facts, documents, any_pending))
        });
        let (checked, facts, mut changed, any_pending) = pending.await?;
        {
            let mut state = self.state();
            if checked {
                state.documents_checked_at = Some(now);
            }
            changed.retain(|(document, revision)| state.handed_over_documents.get(document) != Some(revision));
        }
        let documents = match key {
            Some(key) if !changed.is_empty() => {
                let read_them = move |tx: &mut dyn Read| messages_of(tx, &changed, &key, &*ids, now);
                read::<_, StoreError>(&*self.core.journal, read_them).await?
            }
            _ => Vec::new(),
        };
        Ok(PendingBatch { facts, documents, any_pending })
    }

    async fn hand_over_facts(
        &self,
        whose: usize,
        facts: Vec<PendingFact>,
        batch_size: usize,
    ) -> Result<Step, ReplicationError> {
        if facts.is_empty() {
            return Ok(Step::Idle);
        }
        let changes: Vec<i64> = facts.iter().map(|fact| fact.change_seq).collect();
        let now = self.core.clock.now();
        let ages: Vec<_> = facts.iter().map(|fact| (now - fact.occurred_at).to_std().unwrap_or_default()).collect();
        if whose == 0 {
            // Before publishing, because a fact may be read back before `publish` returns.
            let known = |fact: &PendingFact| (fact.hash, (fact.customer_id, fact.change_seq));
            self.state().in_flight.extend(facts.iter().map(known));
        }
        let count = self.log.publish(facts.into_iter().map(fact_message).collect()).await?;
        for age in ages.into_iter().take(count) {
            self.core.measures.observe((Node::Sqlite, Node::Publisher), 1, age, true);
        }
        let mut state = self.state();
        state.window_is_full = count < changes.len();
        if let Some(last) = count.checked_sub(1).and_then(|last| changes.get(last)) {
            state.handed_over[whose] = *last;
            state.progressed_at = Some(self.core.clock.now());
        }
        // With a full window there is nothing to do until messages were delivered (`run.rs` polls again soon).
        Ok(if count == changes.len() && count == batch_size { Step::More } else { Step::Idle })
    }

    async fn hand_over_documents(
        &self,
        documents: Vec<(DocumentKey, Outgoing, Option<EventId>)>,
    ) -> Result<(), ReplicationError> {
        if documents.is_empty() {
            return Ok(());
        }
        let sent: Vec<_> = documents.iter().map(|(key, _, event_id)| (*key, *event_id)).collect();
        let count = self.log.publish(documents.into_iter().map(|(_, message, _)| message).collect()).await?;
        let mut state = self.state();
        state.handed_over_documents.extend(sent.into_iter().take(count));
        state.progressed_at = Some(self.core.clock.now());
        Ok(())
    }

    /// Starts publishing again from the lowest pending change if nothing was handed over or read back for
    /// [`READ_BACK_TIMEOUT`].
    fn publish_again_after_timeout(&self) {
        let now = self.core.clock.now();
        let mut state = self.state();
        let is_overdue = |since: DateTime<Utc>| now - since > READ_BACK_TIMEOUT || now < since;
        if state.unread.is_empty() && state.progressed_at.is_some_and(is_overdue) {
            state.publish_again();
            state.progressed_at = Some(now);
        }
    }
}

/// Returns the pending documents with their present revisions.
fn pending_documents(tx: &mut dyn Read) -> Result<Vec<(DocumentKey, Option<EventId>)>, StoreError> {
    let keys = tx.pending_documents(DOCUMENTS_BATCH)?;
    keys.into_iter().map(|key| Ok((key, revision(tx, key)?))).collect()
}

/// Returns the messages of documents, with their revisions as they are now.
fn messages_of(
    tx: &mut dyn Read,
    documents: &[(DocumentKey, Option<EventId>)],
    facility: &FacilityKey,
    ids: &dyn Ids,
    now: DateTime<Utc>,
) -> Result<Vec<(DocumentKey, Outgoing, Option<EventId>)>, StoreError> {
    let Some(origin) = tx.origin()? else { return Ok(Vec::new()) };
    let mut messages = Vec::new();
    for (key, _) in documents {
        if let Some((message, event_id)) = outgoing(tx, *key, origin.terminal_id, facility, ids, now)? {
            messages.push((*key, message, event_id));
        }
    }
    Ok(messages)
}

/// Returns the event id of a document's present revision, which differs from that of any later revision.
fn revision(tx: &mut dyn Read, key: DocumentKey) -> Result<Option<EventId>, StoreError> {
    Ok(match key {
        DocumentKey::Profile(customer) => tx.profile(customer)?.map(|profile| profile.event_id),
        DocumentKey::Note(..) => None,
        DocumentKey::Reference(kind, id) => tx.reference(kind, id)?.map(|reference| reference.event_id),
    })
}
