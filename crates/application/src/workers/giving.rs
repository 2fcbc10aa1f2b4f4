//! point's giving policy: gives points from this terminal's holding when another terminal requests them (ADR 0017).
//!
//! The points are given by recording the fact `Given`. This terminal's holding falls at once, even if the receiver
//! reads the fact much later, so that no point is ever held twice.

use std::collections::BTreeSet;
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Given;
use nosmoke_domain::ids::IncarnationId;
use nosmoke_domain::point::answer;
use nosmoke_ports::contract::SpanStep;
use nosmoke_ports::{Priority, Read, StoreError, Write, read, write};
use nosmoke_reading::{given_for, reference};
use nosmoke_runtime::points_requests::OpenRequest;

use super::Workers;
use crate::gifts::{Recording, handed_on};

impl Workers {
    /// Answers the open requests. Called whenever a request arrives, a command ends that waited for points itself, or
    /// something was recorded.
    ///
    /// # Errors
    /// An error of the journal.
    pub async fn answer_requests(&self) -> Result<(), StoreError> {
        for open in self.core.points_requests.open(self.core.clock.uptime()) {
            let look = open.clone();
            // Most looks find nothing to give, and mustn't occupy the writer.
            let now = self.core.present.moment();
            if read::<_, StoreError>(&*self.core.journal, move |tx| given(tx, &look, now)).await?.is_some() {
                self.give(open).await?;
            }
        }
        Ok(())
    }

    async fn give(&self, open: OpenRequest) -> Result<(), StoreError> {
        let (began, present) = (SystemTime::now(), self.core.present.read());
        let traceparent =
            self.core.traces.prompt_consequence(SpanStep::Giving, "PointsRequest", open.traceparent.as_deref(), began);
        let (ids, request) = (self.core.ids.clone(), open.clone());
        let unit = move |tx: &mut dyn Write| {
            let Some(given) = given(tx, &request, present.moment)? else { return Ok(false) };
            let gifts = Recording { rules: reference::rules(tx)?.generation, present, ids: &*ids };
            gifts.hand_on(tx, request.customer)?;
            gifts.give(tx, request.customer, vec![given], traceparent.as_deref())?;
            Ok::<_, StoreError>(true)
        };
        let (given, written) = write(&*self.core.journal, Priority::Gift, unit).await?;
        if given {
            self.core.points_requests.answered(&open, self.core.clock.uptime());
        }
        if let Some(written) = written {
            self.core.feed.wrote(written.last_change);
        }
        Ok(())
    }
}

fn given(tx: &mut dyn Read, open: &OpenRequest, now: DateTime<Utc>) -> Result<Option<Given>, StoreError> {
    let Some(here) = tx.origin()?.map(|origin| origin.incarnation) else { return Ok(None) };
    if retired(tx)?.contains(&open.request.to) {
        return Ok(None);
    }
    let account = handed_on(tx, here, open.customer, now)?;
    let given = given_for(tx, open.customer, open.request.id)?;
    Ok(answer(&account, here, &open.request, given, now))
}

/// Returns the incarnations of retired terminals.
fn retired(tx: &mut dyn Read) -> Result<BTreeSet<IncarnationId>, StoreError> {
    let retired = reference::retired(tx)?;
    if retired.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut terminals = tx.terminals()?;
    terminals.extend(tx.heard()?.into_iter().map(|heard| (heard.incarnation, heard.terminal_id)));
    Ok(terminals.into_iter().filter(|(_, terminal)| retired.contains(terminal)).map(|(of, _)| of).collect())
}
