//! The policies: what follows from a change, decided and recorded.

use std::sync::Arc;

use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Change, Clock, Ids, StoreError, Worker, Write};
use nosmoke_replication::hub_incarnation;
use nosmoke_runtime::Core;

use super::{earning, giving};

/// What the policies do with changes, inside one transaction: they decide, and so see every fact before.
pub(super) struct Policies {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    traces: Traces,
    /// There is a link, so that what is held here can go to the hub.
    handing_over: bool,
}

impl Policies {
    pub(super) fn new(core: &Core, handing_over: bool) -> Self {
        let Core { clock, ids, traces, .. } = core.clone();
        Self { clock, ids, traces, handing_over }
    }

    pub(super) fn follow(&self, tx: &mut dyn Write, worker: Worker, changes: &[Change]) -> Result<(), StoreError> {
        let now = self.clock.now();
        match worker {
            Worker::Earning => earning::follow(tx, changes, now, &*self.ids, &self.traces),
            Worker::Giving => giving::follow(tx, changes, now, &*self.ids, &self.traces),
            Worker::HandingOver => match if self.handing_over { hub_incarnation(tx)? } else { None } {
                Some(hub) => giving::hand_over_to_hub(tx, changes, hub, now, &*self.ids),
                None => Ok(()),
            },
            Worker::CheckIn | Worker::Point | Worker::Penalty | Worker::Mypage => Ok(()),
        }
    }
}
