//! Tombstones of profiles without the fact that erases the customer. The fact may come a little later, from another
//! partition. If it doesn't, nobody was erased, and the profile is published again over the tombstone.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{DocumentKey, Priority, StoreError, Write, read, write};

use crate::LogMemory;
use crate::replicator::{ReplicationError, Replicator};

/// How long the fact may take after everything was read.
const FACT_TIMEOUT: Duration = Duration::from_secs(60);
/// How often waiting tombstones are looked at.
const LOOK_INTERVAL: Duration = Duration::from_secs(5);

impl Replicator {
    /// Publishes profiles again over tombstones that erase nobody.
    pub(super) async fn answer_tombstones(&self) -> Result<(), ReplicationError> {
        let up = self.core.clock.uptime();
        {
            let mut state = self.state();
            let looked = state.tombstones_looked_at.is_some_and(|at| up.saturating_sub(at) < LOOK_INTERVAL);
            let has_waited = state.read_all_at.is_some_and(|at| up.saturating_sub(at) >= FACT_TIMEOUT);
            if looked || !has_waited {
                return Ok(());
            }
            state.tombstones_looked_at = Some(up);
        }
        let memory = read::<_, StoreError>(&*self.core.journal, |tx| LogMemory::read(tx)).await?;
        let now = self.core.clock.now();
        let overdue: Vec<CustomerId> =
            memory.tombstones.into_iter().filter(|(_, since)| is_overdue(*since, now)).map(|(it, _)| it).collect();
        if overdue.is_empty() {
            return Ok(());
        }
        let unit = move |tx: &mut dyn Write| {
            let mut again = Vec::new();
            for customer in &overdue {
                let is_known = tx.profile(*customer)?.is_some_and(|it| it.revision > 0 && !it.erased);
                if is_known && !tx.is_erased(*customer)? {
                    let key = DocumentKey::Profile(*customer);
                    tx.mark_document_pending(key, true)?;
                    again.push(key);
                }
            }
            LogMemory::change(tx, |memory| memory.tombstones.retain(|customer, _| !overdue.contains(customer)))?;
            Ok::<Vec<DocumentKey>, StoreError>(again)
        };
        let (again, _) = write(&*self.core.journal, Priority::Background, unit).await?;
        let mut state = self.state();
        for key in &again {
            state.handed_over_documents.remove(key);
        }
        drop(state);
        if !again.is_empty() {
            tracing::warn!(documents = again.len(), "tombstones that erase nobody were answered by the documents");
            self.core.feed.nudge();
        }
        Ok(())
    }
}

/// A clock that was set back counts as overdue.
fn is_overdue(since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let waited = now - since;
    waited >= TimeDelta::seconds(60) || waited < TimeDelta::zero()
}
