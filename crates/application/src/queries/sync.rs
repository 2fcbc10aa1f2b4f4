//! Queries of the Sync screen.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{
    Alarm, AppError, ConnectionProblem, ConnectionView, DifferenceView, DifferingCustomer, DigestState, Erasure,
    IncarnationView, OldestPending, Outage, QuarantinePage, QuarantineRow, StrangersKeyView, StrangersView, SyncView,
    TerminalView,
};
use nosmoke_ports::{
    Extent, Heard, QuarantineCursor, Quarantined, Read, ReadFacts, ReadProfiles, ReferenceKind, StoreError, Strangers,
    StrangersKey, read,
};
use nosmoke_reading::names::{Names, customer_name, masked};
use nosmoke_reading::reference;
use nosmoke_reading::state::load;
use nosmoke_replication::incarnations::reclaim::left_behind;
use nosmoke_replication::{Heartbeat, LogMemory, head_in};
use nosmoke_runtime::connection::{ClusterConnection, ConnectionState, Difference};
use nosmoke_runtime::heard::HeardIncarnations;

use super::Queries;
use super::desk::kind_of;

/// A smaller difference between the clocks isn't reported.
const MIN_CLOCK_OFFSET: TimeDelta = TimeDelta::minutes(1);
/// A terminal whose last heartbeat is older may be lost.
const SILENT_AFTER: TimeDelta = TimeDelta::minutes(2);
const MAX_ERASURES: usize = 20;
const QUARANTINE_PAGE: usize = 50;
const MAX_RAW_CHARS: usize = 4_000;
/// If there are more customers, their holdings aren't summed, because that would take too long for a view.
const MAX_COUNTED_CUSTOMERS: usize = 2_000;

impl Queries {
    /// Returns the content of the Sync screen.
    ///
    /// # Errors
    /// `not_set_up`, or an error of the store.
    pub async fn sync_view(&self) -> Result<SyncView, AppError> {
        let (connection, heard) = (self.core.connection.clone(), self.core.heard.clone());
        let (now, off_ms) = (self.core.present.moment(), self.core.present.off_ms());
        read(&*self.core.journal, move |tx| view(tx, (&connection, &heard), now, off_ms)).await
    }

    /// Returns quarantined messages, newest first.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn quarantine(&self, after: Option<i64>) -> Result<QuarantinePage, AppError> {
        let page = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let mut rows = tx.quarantined(after.map(QuarantineCursor), QUARANTINE_PAGE + 1)?;
            let more = rows.len() > QUARANTINE_PAGE;
            rows.truncate(QUARANTINE_PAGE);
            let next = rows.last().filter(|_| more).map(|(cursor, _)| cursor.0);
            let rows = rows.into_iter().map(|(_, message)| row(message)).collect();
            let (total, dropped) = (tx.quarantine_count()?, tx.dropped()?.quarantined);
            Ok(QuarantinePage { rows, total, dropped, next })
        })
        .await?;
        Ok(page)
    }
}

fn view(
    tx: &mut dyn Read,
    (connection, heard): (&ClusterConnection, &HeardIncarnations),
    now: DateTime<Utc>,
    off_ms: Option<i64>,
) -> Result<SyncView, AppError> {
    let origin = tx.origin()?.ok_or_else(|| AppError::new(nosmoke_ports::contract::ErrorCode::NotSetUp))?;
    let (memory, log, names) = (connection.memory(), LogMemory::read(tx)?, Names::read(tx)?);
    let (extent, totals, forked) = (tx.extent()?, tx.pending_totals()?, tx.forked()?);
    let heard = heard.newest(tx.heard()?);
    let terminals = terminals(tx, origin, &extent, (&names, totals.facts), (&heard, now))?;
    let mut alarms = Vec::new();
    for incarnation in forked {
        alarms.push(Alarm::Forked { terminal_name: names.terminal(incarnation), incarnation });
    }
    alarms.extend(log.new_incarnation_at.map(|at| Alarm::NewIncarnation { at: at.timestamp_millis() }));
    alarms.extend(log.taken_over.map(|taken_over| Alarm::TakenOver {
        terminal_name: names.terminal_named(taken_over.by),
        at: taken_over.at.timestamp_millis(),
    }));
    alarms.extend(log.new_log_at.map(|at| Alarm::NewLog { at: at.timestamp_millis() }));
    let different = terminals.iter().filter(|it| it.digest == DigestState::Different);
    for it in different {
        let found = memory.differences.get(&it.terminal_id);
        let difference = found.map(|found| difference(tx, found)).transpose()?;
        alarms.push(Alarm::DigestDiffers { terminal_name: it.name.clone(), difference });
    }
    let not_understood = tx.not_understood()?;
    if not_understood > 0 {
        alarms.push(Alarm::NeedsUpdate { facts: not_understood });
    }
    Ok(SyncView {
        as_of: now.timestamp_millis(),
        connection: match connection.state() {
            ConnectionState::Alone => ConnectionView::Alone,
            ConnectionState::Offline { since } => ConnectionView::Offline { since: since.timestamp_millis() },
            ConnectionState::Online { since, reading } => {
                ConnectionView::Online { since: since.timestamp_millis(), reading }
            }
        },
        pending: totals.facts,
        pending_documents: totals.documents,
        oldest: oldest(tx, totals.oldest)?,
        outage: memory
            .outage
            .map(|(from, to)| Outage { from: from.timestamp_millis(), to: to.map(|to| to.timestamp_millis()) }),
        last_error: memory
            .last_error
            .map(|(at, error)| ConnectionProblem { at: at.timestamp_millis(), error: AppError::from(&error) }),
        clock_off_ms: off_ms.filter(|off| is_off(*off)),
        facts: extent.facts,
        digest: extent.digest.to_string(),
        quarantined: tx.quarantine_count()?,
        erasures: erasures(tx, origin, &terminals, &heard)?,
        strangers: strangers(tx, memory.pushed_out)?,
        terminals,
        alarms,
    })
}

fn strangers(tx: &mut dyn Read, republished: u64) -> Result<Option<StrangersView>, StoreError> {
    let mut keys: BTreeMap<Option<String>, StrangersKeyView> = BTreeMap::new();
    for Strangers { key, messages, first, last, .. } in tx.strangers()? {
        let key_id = match key {
            StrangersKey::Named(id) => Some(id.to_string()),
            StrangersKey::Unnamed | StrangersKey::Others => None,
        };
        let (first_at, last_at) = (first.appended_at.timestamp_millis(), last.appended_at.timestamp_millis());
        let none = StrangersKeyView { key_id: key_id.clone(), messages: 0, first_at, last_at };
        let found = keys.entry(key_id).or_insert(none);
        found.messages = found.messages.saturating_add(messages);
        found.first_at = found.first_at.min(first_at);
        found.last_at = found.last_at.max(last_at);
    }
    let mut keys: Vec<StrangersKeyView> = keys.into_values().collect();
    keys.sort_by_key(|it| Reverse(it.last_at));
    let messages = keys.iter().fold(0_u64, |sum, it| sum.saturating_add(it.messages));
    Ok((!keys.is_empty()).then_some(StrangersView { messages, keys, republished }))
}

fn difference(tx: &mut dyn ReadProfiles, found: &Difference) -> Result<DifferenceView, StoreError> {
    let Difference { customer, altered_here, altered_there } = *found;
    let customer = customer.map(|it| {
        let named = customer_name(it.customer, tx.profile(it.customer)?.as_ref());
        let name = named.name.map(|name| masked(&name));
        Ok::<_, StoreError>(DifferingCustomer {
            customer_id: it.customer,
            name,
            tag: named.tag,
            here: it.here,
            there: it.there,
        })
    });
    Ok(DifferenceView { customer: customer.transpose()?, altered_here, altered_there })
}

fn is_off(off_ms: i64) -> bool {
    off_ms.unsigned_abs() > MIN_CLOCK_OFFSET.num_milliseconds().unsigned_abs()
}

fn oldest(tx: &mut dyn Read, change: Option<i64>) -> Result<Option<OldestPending>, StoreError> {
    let Some(change) = change else { return Ok(None) };
    let Some(change) = tx.changes(change - 1, 1)?.pop() else { return Ok(None) };
    let fact = &change.recorded.fact;
    let profile = tx.profile(fact.customer_id)?;
    Ok(Some(OldestPending {
        at: change.received_at.timestamp_millis(),
        kind: kind_of(&fact.payload),
        customer: profile.and_then(|it| it.name).map(|name| masked(&name)),
    }))
}

/// Returns all terminals: this one first, then the others by name.
fn terminals(
    tx: &mut dyn Read,
    here: Origin,
    extent: &Extent,
    (names, pending): (&Names, u64),
    (all_heard, now): (&[Heard], DateTime<Utc>),
) -> Result<Vec<TerminalView>, StoreError> {
    let (hub, forked, retired) = (reference::hub(tx)?, tx.forked()?, reference::retired(tx)?);
    let (left_behind, receivers) = (left_behind(tx)?, tx.receivers()?);
    let mut incarnations: BTreeMap<TerminalId, Vec<IncarnationView>> = BTreeMap::new();
    incarnations.entry(here.terminal_id).or_default();
    for reference in tx.references(ReferenceKind::Terminal)? {
        incarnations.entry(TerminalId(reference.id)).or_default();
    }
    for (incarnation, terminal_id) in tx.terminals()? {
        let seq = extent.heads.get(&incarnation).copied().unwrap_or(0);
        let forked = forked.contains(&incarnation);
        incarnations.entry(terminal_id).or_default().push(IncarnationView { incarnation, seq, forked });
    }
    let mut heard: BTreeMap<TerminalId, (DateTime<Utc>, DateTime<Utc>, Heartbeat)> = BTreeMap::new();
    let mut silent: BTreeSet<IncarnationId> = extent.heads.keys().copied().collect();
    for it in all_heard {
        incarnations.entry(it.terminal_id).or_default();
        if now - it.received_at <= SILENT_AFTER {
            silent.remove(&it.incarnation);
        }
        if let Some(heartbeat) = Heartbeat::read(&it.body) {
            heard.insert(it.terminal_id, (it.received_at, it.appended_at, heartbeat));
        }
    }
    let mut views = Vec::new();
    for (terminal_id, mut incarnations) in incarnations {
        let is_here = terminal_id == here.terminal_id;
        let said = heard.get(&terminal_id).filter(|_| !is_here);
        let present = if is_here { Some(here.incarnation) } else { said.map(|(_, _, it)| it.incarnation) };
        incarnations.sort_by_key(|incarnation| (Some(incarnation.incarnation) == present, incarnation.incarnation));
        let retired = retired.contains(&terminal_id);
        let mut lost: Vec<IncarnationId> = if is_here {
            left_behind.iter().copied().collect()
        } else {
            let all = incarnations.iter().map(|it| it.incarnation);
            all.filter(|it| retired || silent.contains(it)).collect()
        };
        lost.extend(receivers.iter().filter(|(_, of)| **of == terminal_id).map(|(incarnation, _)| *incarnation));
        views.push(TerminalView {
            terminal_id,
            name: names.terminal_named(terminal_id),
            here: is_here,
            hub: hub == Some(terminal_id),
            retired,
            last_heard_at: said.map(|(_, appended_at, _)| appended_at.timestamp_millis()),
            pending: if is_here { Some(pending) } else { said.map(|(_, _, it)| it.pending) },
            behind: said.map(|(_, _, it)| behind(extent, it)),
            digest: said.map_or(DigestState::NotYet, |(_, _, it)| it.compared(extent)),
            clock_off_ms: said
                .map(|(_, appended_at, it)| (it.clock - *appended_at).num_milliseconds())
                .filter(|off| is_off(*off)),
            version: said.map(|(_, _, it)| it.version.clone()),
            held: if lost.is_empty() { Some(0) } else { held(tx, &lost, now)? },
            incarnations,
        });
    }
    views.sort_by(|a, b| (!a.here, &a.name, a.terminal_id).cmp(&(!b.here, &b.name, b.terminal_id)));
    Ok(views)
}

/// Returns how many facts of this journal the other terminal hadn't read when it sent its heartbeat.
fn behind(extent: &Extent, heartbeat: &Heartbeat) -> u64 {
    let there = |(incarnation, head): (&IncarnationId, &u64)| {
        head_in(&heartbeat.heads, *incarnation).map_or(0, |there| head.saturating_sub(there))
    };
    extent.heads.iter().map(there).sum()
}

/// Sums the holdings of some incarnations over all customers; `None` if there are too many customers.
fn held(tx: &mut dyn ReadFacts, incarnations: &[IncarnationId], now: DateTime<Utc>) -> Result<Option<i64>, StoreError> {
    let customers = tx.customers_with_facts(None, MAX_COUNTED_CUSTOMERS + 1)?;
    if customers.len() > MAX_COUNTED_CUSTOMERS {
        return Ok(None);
    }
    let mut sum = 0;
    for customer in customers {
        let holdings = load::<Account>(tx, customer)?.state.holdings;
        let live = |of| holdings.lots(of).live(seoul_date(now)).total().max(0);
        sum += incarnations.iter().map(|incarnation| live(*incarnation)).sum::<i128>();
    }
    Ok(Some(to_i64(sum)))
}

/// Returns the latest erasures, each with the terminals that have applied it: those whose heartbeat says that they have
/// read the erasure's fact.
fn erasures(
    tx: &mut dyn Read,
    here: Origin,
    terminals: &[TerminalView],
    heard: &[Heard],
) -> Result<Vec<Erasure>, StoreError> {
    let heads: BTreeMap<TerminalId, Heartbeat> =
        heard.iter().filter_map(|it| Some((it.terminal_id, Heartbeat::read(&it.body)?))).collect();
    let mut views = Vec::new();
    for change in tx.erasures(MAX_ERASURES)? {
        let fact = &change.recorded.fact;
        let (mut applied, mut waiting) = (Vec::new(), Vec::new());
        for terminal in terminals {
            let head = heads.get(&terminal.terminal_id).and_then(|it| it.heads.get(&fact.origin.incarnation));
            let has = terminal.terminal_id == here.terminal_id || head.is_some_and(|head| *head >= fact.seq);
            let name = terminal.name.clone().unwrap_or_else(|| terminal.terminal_id.to_string());
            if has { applied.push(name) } else { waiting.push(name) }
        }
        views.push(Erasure {
            event_id: fact.event_id,
            at: fact.occurred_at.timestamp_millis(),
            tag: customer_name(fact.customer_id, None).tag,
            applied,
            waiting,
        });
    }
    Ok(views)
}

fn row(message: Quarantined) -> QuarantineRow {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    QuarantineRow {
        at: message.received_at.timestamp_millis(),
        topic: message.partition.topic.name().to_owned(),
        partition: message.partition.number,
        offset: message.offset,
        reason: message.reason,
        detail: message.detail,
        size: message.size,
        key: message.key.as_deref().map(text),
        headers: message.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        raw: text(&message.value).chars().take(MAX_RAW_CHARS).collect(),
    }
}
