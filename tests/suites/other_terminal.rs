//! Another terminal of a desk's facility, of which the desk only receives facts.

use chrono::TimeDelta;
use nosmoke_domain::fact::{Approver, Draft, Hash, Origin, Payload, Recorder, Sealed, seal};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_ports::{Clock, Priority, StoreError, Write, read, write};
use uuid::Uuid;

use crate::support::Desk;

/// Another terminal of the facility, whose facts this one receives.
pub struct Other {
    pub origin: Origin,
    pub seq: u64,
    /// Who records there.
    pub recorded_by: Recorder,
    pub approved_by: Option<Approver>,
    /// How long ago what it enters now happened.
    pub entered_late: TimeDelta,
}

impl Other {
    pub async fn of(desk: &Desk) -> Self {
        let here = read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.origin()).await.unwrap().unwrap();
        let id = Uuid::new_v4();
        let origin = Origin { terminal_id: id.into(), incarnation: id.into(), ..here };
        Self { origin, seq: 0, recorded_by: Recorder::Program, approved_by: None, entered_late: TimeDelta::zero() }
    }

    /// Seals a fact of a terminal that knew only its own.
    pub fn fact(&mut self, desk: &Desk, customer_id: CustomerId, payload: impl Into<Payload>) -> Sealed {
        self.named_fact(desk, EventId(Uuid::now_v7()), customer_id, payload)
    }

    /// Seals a fact with this event id.
    pub fn named_fact(
        &mut self,
        desk: &Desk,
        event_id: EventId,
        customer_id: CustomerId,
        payload: impl Into<Payload>,
    ) -> Sealed {
        self.seq += 1;
        let at = desk.clock.now();
        let draft = Draft {
            event_id,
            customer_id,
            occurred_at: at - self.entered_late,
            recorded_at: at,
            recorded_by: self.recorded_by,
            approved_by: self.approved_by,
            causation_id: None,
            rules: 1,
            traceparent: None,
            payload: payload.into(),
        };
        seal(draft, self.origin, self.seq, Hash::ZERO, Vec::new())
    }

    /// Lets the desk receive a fact that this terminal records now.
    pub async fn record(&mut self, desk: &Desk, customer: CustomerId, payload: impl Into<Payload>) {
        let fact = self.fact(desk, customer, payload);
        receive(desk, vec![fact]).await;
    }
}

/// Lets a desk receive facts as replication does.
pub async fn receive(desk: &Desk, facts: Vec<Sealed>) {
    let unit = move |tx: &mut dyn Write| {
        tx.receive(&facts)?;
        tx.last_change()
    };
    let (last, _) = write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap();
    desk.terminal.core.feed.wrote(last);
    desk.settle().await;
}
