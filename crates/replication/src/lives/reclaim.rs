//! What a lost terminal held is taken over by this one, customer by customer (ADR 0004): after a restore for the folder's
//! earlier lives, or by a manager for a terminal that will not come back.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use nosmoke_domain::fact::{Draft, Recorder};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, TerminalId};
use nosmoke_domain::point::{Account, reclaim};
use nosmoke_domain::points::Points;
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Clock, Ids, Read, Write};
use nosmoke_reading::names::Names;
use nosmoke_reading::reference;
use nosmoke_reading::state::load;
use nosmoke_runtime::link::{Link, LinkState};
use serde_json::json;

/// Customers taken over in one transaction.
pub const BLOCK: usize = 500;
/// A terminal heard within this time isn't lost.
const ALIVE: TimeDelta = TimeDelta::minutes(2);

/// Whether everything that the log holds was read: what a lost terminal had paid lowers what there is to take.
///
/// # Errors
/// `link_down`, `still_reading`.
pub fn expect_link(link: &Link) -> Result<(), AppError> {
    match link.state() {
        LinkState::Online { reading: false, .. } => Ok(()),
        LinkState::Online { .. } => Err(AppError::new(ErrorCode::StillReading)),
        LinkState::Alone | LinkState::Offline { .. } => Err(AppError::new(ErrorCode::LinkDown)),
    }
}

/// The lives of a lost terminal; of this one, the earlier ones.
///
/// # Errors
/// `not_set_up`, `unknown_terminal`, `terminal_alive`; the store's.
pub fn lost_lives(
    tx: &mut dyn Read,
    lost: TerminalId,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<BTreeSet<IncarnationId>, AppError> {
    let here = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
    let mut lives: BTreeSet<IncarnationId> =
        tx.terminals()?.into_iter().filter(|(_, terminal)| *terminal == lost).map(|(life, _)| life).collect();
    if lost == here.terminal_id {
        lives.extend(tx.lives()?.into_iter().map(|life| life.incarnation));
    } else if let Some(heard) = tx.heard()?.into_iter().find(|heard| heard.terminal_id == lost)
        && now - heard.received_at < ALIVE
    {
        let name = Names::read(tx)?.terminal_named(lost);
        let at = heard.received_at.timestamp_millis();
        return Err(AppError::with(ErrorCode::TerminalAlive, json!({ "terminalName": name, "lastHeardAt": at })));
    }
    if lives.is_empty() {
        return Err(AppError::new(ErrorCode::UnknownTerminal));
    }
    lives.remove(&here.incarnation);
    Ok(lives)
}

/// Takes over what these lives hold of the next customers by id. Gives the last of them; `None` at the end.
///
/// # Errors
/// `not_set_up`, the store's.
pub fn take_block(
    tx: &mut dyn Write,
    after: Option<CustomerId>,
    from: &BTreeSet<IncarnationId>,
    (clock, ids): (&dyn Clock, &dyn Ids),
    recorder: Recorder,
) -> Result<Option<CustomerId>, AppError> {
    let here = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.incarnation;
    let (now, rules) = (clock.now(), reference::rules(tx)?);
    let customers = tx.customers_with_facts(after, BLOCK)?;
    let mut drafts = Vec::new();
    for customer_id in &customers {
        let account = load::<Account>(tx, *customer_id)?.state;
        for from in from {
            let Ok(held) = Points::try_from(account.holdings.held(*from)) else { continue };
            let Ok(reclaimed) = reclaim(&account, here, *from, held, &[here].into()) else { continue };
            drafts.push(Draft {
                event_id: EventId(ids.ordered(now)),
                customer_id: *customer_id,
                occurred_at: now,
                recorded_by: recorder,
                causation_id: None,
                rules: rules.generation,
                traceparent: None,
                payload: reclaimed.into(),
            });
        }
    }
    if !drafts.is_empty() {
        tx.append(drafts)?;
    }
    Ok(customers.last().copied().filter(|_| customers.len() == BLOCK))
}
