//! Customers whose changes repeatedly make a worker panic. That worker sets them aside: it skips their changes, so that
//! it can process the other customers, and retries them at its next start. The list is stored in the journal, because
//! the checkpoint passes the skipped changes.

use std::collections::BTreeMap;

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::setting;
use nosmoke_ports::{Priority, ReadSettings, StoreError, Worker, Write, WriteSettings, read, write};

use super::steps::Workers;
use super::{earning, mypage, projection, rows};

/// The customers set aside, each with the first change that the worker skipped.
pub(crate) type SetAside = BTreeMap<CustomerId, i64>;

impl Workers {
    /// Returns the customers that a worker has set aside.
    pub(super) async fn set_aside(&self, worker: Worker) -> Result<SetAside, StoreError> {
        read(&*self.core.journal, move |tx| set_aside_by(tx, worker)).await
    }

    /// Sets aside the customer of the next change after the checkpoint. Returns all customers who are set aside.
    pub(super) async fn set_next_aside(&self, worker: Worker) -> Result<SetAside, StoreError> {
        let mypage = if worker == Worker::Mypage { Some(self.mypage.checkpoint().await?) } else { None };
        let unit = move |tx: &mut dyn Write| {
            let after = mypage.map_or_else(|| tx.checkpoint(worker), Ok)?;
            let mut set_aside = set_aside_by(tx, worker)?;
            if let Some(change) = tx.changes(after, 1)?.pop() {
                set_aside.entry(change.recorded.fact.customer_id).or_insert(change.change_seq);
                keep(tx, worker, &set_aside)?;
            }
            Ok::<_, StoreError>(set_aside)
        };
        Ok(write(&*self.core.journal, Priority::Background, unit).await?.0)
    }

    /// Processes a customer's skipped changes, and removes the customer from the list.
    pub(super) async fn take_back(&self, worker: Worker, customer: CustomerId, from: i64) -> Result<(), StoreError> {
        if worker == Worker::Mypage {
            mypage::catch_up_on((&self.core, &*self.mypage), customer, from).await?;
        }
        let (present, ids, traces) = (self.core.present.clone(), self.core.ids.clone(), self.core.traces.clone());
        let rows = projection::passed_over(&self.core, worker, customer, from).await?;
        let unit = move |tx: &mut dyn Write| {
            rows.iter().try_for_each(|row| rows::put(tx, row))?;
            let changes = projection::up_to_checkpoint(tx, worker, customer, from)?;
            if worker == Worker::Earning {
                earning::follow(tx, &changes, present.read(), &*ids, &traces)?;
            }
            let mut set_aside = set_aside_by(tx, worker)?;
            set_aside.remove(&customer);
            keep(tx, worker, &set_aside)
        };
        let ((), written) = write(&*self.core.journal, Priority::Background, unit).await?;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        Ok(())
    }
}

fn key(worker: Worker) -> String {
    format!("set_aside.{worker:?}")
}

/// Returns the customers that a worker has set aside.
pub(crate) fn set_aside_by(tx: &mut dyn ReadSettings, worker: Worker) -> Result<SetAside, StoreError> {
    Ok(setting::read(tx, &key(worker))?.unwrap_or_default())
}

fn keep(tx: &mut dyn WriteSettings, worker: Worker, set_aside: &SetAside) -> Result<(), StoreError> {
    setting::put(tx, &key(worker), set_aside)
}
