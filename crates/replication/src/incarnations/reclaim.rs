//! Takes over the holdings of lost incarnations, customer by customer (ADR 0004): after a restore, those of the
//! folder's own earlier incarnations; on a manager's request, those of a terminal that won't come back.

use std::collections::BTreeSet;
use std::time::Duration;

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Approver, Draft, Recorder};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, TerminalId};
use nosmoke_domain::point::{Account, reclaim};
use nosmoke_ports::contract::{AppError, ErrorCode};
use nosmoke_ports::{Ids, Read, StoreError, Write, read};
use nosmoke_reading::reference;
use nosmoke_reading::state::load;
use nosmoke_runtime::Core;
use nosmoke_runtime::connection::ClusterConnection;
use nosmoke_runtime::present::Present;
use serde_json::json;

/// Most customers whose holdings are taken over in one transaction.
pub const RECLAIM_BATCH: usize = 100;
/// How long nothing of an incarnation must have been read before its points can be reclaimed.
pub const SILENCE: Duration = Duration::from_mins(2);

/// How long to wait until the messages that have just arrived are read.
const READING_WAIT: Duration = Duration::from_millis(100);

/// The incarnations of a lost terminal, and whether their points can be reclaimed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub incarnations: BTreeSet<IncarnationId>,
    /// How long they must still be silent; zero if their points can be reclaimed now.
    pub wait: Duration,
}

/// Returns the incarnations of this folder that were left behind.
///
/// # Errors
/// An error of the store.
pub fn left_behind(tx: &mut dyn Read) -> Result<BTreeSet<IncarnationId>, StoreError> {
    let own = tx.own_incarnations()?;
    let all = tx.incarnations()?.into_iter().map(|origin| origin.incarnation);
    Ok(all.filter(|incarnation| !own.contains(incarnation)).collect())
}

/// Returns the incarnations of a terminal from which points can be reclaimed, and how long to wait before. If the
/// terminal is this one, these are the incarnations left behind. Of any other terminal, these are the incarnations that
/// aren't heard; if a manager has retired it, all of them, at once.
///
/// An incarnation counts as silent if the log was read to its end and nothing of the incarnation was read for two
/// minutes in which this terminal's own heartbeats came back: so neither a slow network nor a wrong clock makes a live
/// terminal look lost.
///
/// # Errors
/// `not_set_up`, `not_connected`, `still_reading`, `unknown_terminal`, `terminal_alive`, or an error of the store.
pub async fn find_lost(core: &Core, terminal: TerminalId) -> Result<Lost, AppError> {
    expect_read(&core.connection)?;
    if !core.connection.is_at_end() {
        return Ok(Lost { incarnations: BTreeSet::new(), wait: READING_WAIT });
    }
    let (mut incarnations, is_retired) = read::<_, AppError>(&*core.journal, move |tx| {
        let here = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
        let mut incarnations = incarnations_of(tx, terminal)?;
        if terminal == here.terminal_id {
            incarnations.extend(left_behind(tx)?);
            let own = tx.own_incarnations()?;
            incarnations.retain(|incarnation| !own.contains(incarnation));
        }
        if incarnations.is_empty() && terminal != here.terminal_id {
            return Err(AppError::new(ErrorCode::UnknownTerminal));
        }
        Ok((incarnations, reference::retired(tx)?.contains(&terminal)))
    })
    .await?;
    if is_retired {
        return Ok(Lost { incarnations, wait: Duration::ZERO });
    }
    let now = core.clock.uptime();
    let heard: Vec<_> = incarnations.extract_if(.., |incarnation| core.heard.is_heard(*incarnation, now)).collect();
    if let Some(heard) = heard.first().filter(|_| incarnations.is_empty()) {
        return Err(alive(core, terminal, *heard).await?);
    }
    let silence = incarnations.iter().map(|incarnation| core.heard.silence(*incarnation, now)).min();
    Ok(Lost { incarnations, wait: SILENCE.saturating_sub(silence.unwrap_or(SILENCE)) })
}

/// Checks that this terminal is connected and has read the log to the end that it had when the connection began. Before
/// that, some payments of the lost terminal may be unknown here, and the points they spent would be taken over.
fn expect_read(connection: &ClusterConnection) -> Result<(), AppError> {
    if !connection.is_up() {
        return Err(AppError::new(ErrorCode::NotConnected));
    }
    if connection.has_read_all() { Ok(()) } else { Err(AppError::new(ErrorCode::StillReading)) }
}

fn incarnations_of(tx: &mut dyn Read, terminal: TerminalId) -> Result<BTreeSet<IncarnationId>, StoreError> {
    // Includes unknown incarnations that the terminal gave points to, because an ended one gives to the next one, which
    // may be left behind before it has recorded anything.
    let mut terminals = tx.receivers()?;
    terminals.extend(tx.terminals()?);
    terminals.extend(tx.heard()?.into_iter().map(|heard| (heard.incarnation, heard.terminal_id)));
    Ok(terminals.into_iter().filter(|(_, of)| *of == terminal).map(|(incarnation, _)| incarnation).collect())
}

async fn alive(core: &Core, terminal: TerminalId, heard: IncarnationId) -> Result<AppError, StoreError> {
    let at = core.heard.last(heard).map(|heard| heard.appended_at.timestamp_millis());
    let name = read::<_, StoreError>(&*core.journal, move |tx| reference::terminal_name(tx, terminal)).await?;
    Ok(AppError::with(ErrorCode::TerminalAlive, json!({ "terminalName": name, "lastHeardAt": at })))
}

/// Takes over the holdings of the incarnations `from`, for the next [`RECLAIM_BATCH`] customers by id, and gives the
/// incarnations up where a check-out of theirs can't earn any more. Returns the last customer id, to be passed as `after` in the next call; `None` at the end.
///
/// # Errors
/// `not_set_up`, or an error of the store.
pub fn reclaim_batch(
    tx: &mut dyn Write,
    after: Option<CustomerId>,
    from: &BTreeSet<IncarnationId>,
    (Present { clock: now, moment }, ids): (Present, &dyn Ids),
    (recorded_by, approved_by): (Recorder, Option<Approver>),
) -> Result<Option<CustomerId>, AppError> {
    let here = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?.incarnation;
    let rules = reference::rules(tx)?;
    let customers = tx.customers_with_facts(after, RECLAIM_BATCH)?;
    let mut drafts = Vec::new();
    for customer_id in &customers {
        let account = load::<Account>(tx, *customer_id)?.state;
        let visits = load::<Visits>(tx, *customer_id)?.state;
        let reclaimed =
            from.iter().flat_map(|from| reclaim(&account, visits.await_earning_by(*from), here, *from, moment));
        for reclaimed in reclaimed {
            drafts.push(Draft {
                event_id: EventId(ids.ordered(now)),
                customer_id: *customer_id,
                occurred_at: now,
                recorded_at: now,
                recorded_by,
                approved_by,
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
    Ok(customers.last().copied().filter(|_| customers.len() == RECLAIM_BATCH))
}
