//! point's policy for incarnations that ended: hands on all that they held when they ended to the current one, customer by
//! customer (ADR 0018). A command of a customer doesn't wait for it: it hands on this customer's points itself. What an
//! ended incarnation receives later is handed on by the earning policy.

use std::collections::BTreeMap;

use nosmoke_ports::{Priority, StoreError, Write, read, write};
use nosmoke_reading::reference;
use nosmoke_replication::incarnations::ending::HandingOn;
use nosmoke_runtime::Step;
use nosmoke_runtime::connection::ConnectionState;

use super::handing_over::{Holders, LOOK_INTERVAL, READ_BACK_INTERVAL};
use super::steps::Workers;
use crate::gifts::Recording;

impl Workers {
    /// Hands on one block, if the block before was read back; `None` if nothing is left.
    pub(super) async fn hand_on_step(&self) -> Result<Option<Step>, StoreError> {
        let handing_on = read::<_, StoreError>(&*self.core.journal, |tx| HandingOn::read(tx)).await?;
        let Some(HandingOn { after }) = handing_on else { return Ok(None) };
        if self.core.connection.state() != ConnectionState::Alone {
            if !self.core.is_exchanging() {
                return Ok(Some(Step::After(LOOK_INTERVAL)));
            }
            if self.is_in_flight().await? {
                return Ok(Some(Step::After(READ_BACK_INTERVAL)));
            }
        }
        let (customers, last) = self.holding(Holders::Ended, after, &BTreeMap::new()).await?;
        let (present, ids) = (self.core.present.clone(), self.core.ids.clone());
        let unit = move |tx: &mut dyn Write| {
            let gifts = Recording { rules: reference::rules(tx)?.generation, present: present.read(), ids: &*ids };
            let before = tx.last_change()?;
            for customer in &customers {
                gifts.hand_on(tx, *customer)?;
            }
            HandingOn::put(tx, last.map(|last| HandingOn { after: Some(last) }))?;
            let recorded = tx.last_change()?;
            Ok::<_, StoreError>((recorded > before).then_some(recorded))
        };
        let (recorded, written) = write(&*self.core.journal, Priority::Background, unit).await?;
        self.handing_over.0.lock().in_flight = recorded;
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        Ok(Some(Step::More))
    }
}
