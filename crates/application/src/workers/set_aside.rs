//! Customers whose changes make a worker panic again and again. They are set aside for that worker alone, so that the others'
//! go on, and tried again with its next start. Kept beside the checkpoint, which passes over them.

use std::collections::BTreeMap;

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::setting;
use nosmoke_ports::{Priority, ReadSettings, StoreError, Worker, Write, WriteSettings, read, write};
use nosmoke_runtime::link::LinkState;

use super::policies::Policies;
use super::steps::Workers;
use super::{mypage, projection, rows};

/// Each with the first change that was passed over.
pub(super) type SetAside = BTreeMap<CustomerId, i64>;

impl Workers {
    /// Those that a worker has set aside.
    pub(super) async fn set_aside(&self, worker: Worker) -> Result<SetAside, StoreError> {
        read(&*self.core.journal, move |tx| kept(tx, worker)).await
    }

    /// Sets the customer of the next change aside.
    pub(super) async fn set_next_aside(&self, worker: Worker) -> Result<SetAside, StoreError> {
        let mypage = if worker == Worker::Mypage { Some(self.mypage.checkpoint().await?) } else { None };
        let unit = move |tx: &mut dyn Write| {
            let after = mypage.map_or_else(|| tx.checkpoint(worker), Ok)?;
            let mut set_aside = kept(tx, worker)?;
            if let Some(change) = tx.changes(after, 1)?.pop() {
                set_aside.entry(change.recorded.fact.customer_id).or_insert(change.change_seq);
                keep(tx, worker, &set_aside)?;
            }
            Ok::<_, StoreError>(set_aside)
        };
        Ok(write(&*self.core.journal, Priority::Background, unit).await?.0)
    }

    /// Does for a customer what the checkpoint has passed over, and takes them back.
    pub(super) async fn take_back(&self, worker: Worker, customer: CustomerId, from: i64) -> Result<(), StoreError> {
        if worker == Worker::Mypage {
            mypage::catch_up_on((&self.core, &*self.mypage), customer, from).await?;
        }
        let handing_over = matches!(self.core.link.state(), LinkState::Online { reading: false, .. });
        let policies = Policies::new(&self.core, handing_over);
        let rows = projection::passed_over(&self.core, worker, customer, from).await?;
        let unit = move |tx: &mut dyn Write| {
            rows.iter().try_for_each(|row| rows::put(tx, row))?;
            let changes = projection::up_to_checkpoint(tx, worker, customer, from)?;
            policies.follow(tx, worker, &changes)?;
            let mut set_aside = kept(tx, worker)?;
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

fn kept(tx: &mut dyn ReadSettings, worker: Worker) -> Result<SetAside, StoreError> {
    Ok(setting::read(tx, &key(worker))?.unwrap_or_default())
}

fn keep(tx: &mut dyn WriteSettings, worker: Worker, set_aside: &SetAside) -> Result<(), StoreError> {
    setting::put(tx, &key(worker), set_aside)
}
