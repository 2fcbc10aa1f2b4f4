//! What the Sync screen shows.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{IncarnationId, TerminalId};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::{
    Alarm, AppError, DifferenceView, DifferingCustomer, DigestState, Erasure, IncarnationView, LinkProblem, LinkView,
    OldestPending, Outage, QuarantinePage, QuarantineRow, SyncView, TerminalView,
};
use nosmoke_ports::{
    Extent, QuarantineCursor, Quarantined, Read, ReadFacts, ReadProfiles, ReferenceKind, StoreError, read,
};
use nosmoke_reading::names::{Names, customer_name, masked};
use nosmoke_reading::reference;
use nosmoke_reading::state::load;
use nosmoke_replication::{Heartbeat, LogMemory};
use nosmoke_runtime::link::{Difference, Link, LinkState};

use super::Queries;
use super::desk::kind_of;

/// A clock that is off by less says nothing.
const CLOCK_OFF: TimeDelta = TimeDelta::minutes(1);
/// A terminal not heard for this long may be lost.
const SILENT: TimeDelta = TimeDelta::minutes(2);
const ERASURES: usize = 20;
const QUARANTINE_ROWS: usize = 50;
const RAW_LETTERS: usize = 4_000;
/// Customers whose holdings are counted for one view at most.
const COUNTED: usize = 2_000;

impl Queries {
    /// # Errors
    /// `not_set_up`, the store's.
    pub async fn sync_view(&self) -> Result<SyncView, AppError> {
        let (now, link) = (self.core.clock.now(), self.core.link.clone());
        read(&*self.core.journal, move |tx| view(tx, &link, now)).await
    }

    /// Records that were set aside, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn quarantine(&self, after: Option<i64>) -> Result<QuarantinePage, AppError> {
        let page = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let mut rows = tx.quarantined(after.map(QuarantineCursor), QUARANTINE_ROWS + 1)?;
            let more = rows.len() > QUARANTINE_ROWS;
            rows.truncate(QUARANTINE_ROWS);
            let next = rows.last().filter(|_| more).map(|(cursor, _)| cursor.0);
            let rows = rows.into_iter().map(|(_, record)| row(record)).collect();
            Ok(QuarantinePage { rows, total: tx.quarantine_count()?, next })
        })
        .await?;
        Ok(page)
    }
}

fn view(tx: &mut dyn Read, link: &Link, now: DateTime<Utc>) -> Result<SyncView, AppError> {
    let origin = tx.origin()?.ok_or_else(|| AppError::new(nosmoke_ports::contract::ErrorCode::NotSetUp))?;
    let (memory, log, names) = (link.memory(), LogMemory::read(tx)?, Names::read(tx)?);
    let (extent, totals, forked) = (tx.extent()?, tx.pending_totals()?, tx.forked()?);
    let terminals = terminals(tx, origin, &extent, (&names, totals.facts), now)?;
    let mut alarms = Vec::new();
    for incarnation in forked {
        alarms.push(Alarm::Forked { terminal_name: names.terminal(incarnation), incarnation });
    }
    alarms.extend(log.new_life_at.map(|at| Alarm::NewLife { at: at.timestamp_millis() }));
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
        link: match link.state() {
            LinkState::Alone => LinkView::Alone,
            LinkState::Offline { since } => LinkView::Offline { since: since.timestamp_millis() },
            LinkState::Online { since, reading } => LinkView::Online { since: since.timestamp_millis(), reading },
        },
        pending: totals.facts,
        pending_records: totals.records,
        oldest: oldest(tx, totals.oldest)?,
        outage: memory
            .outage
            .map(|(from, to)| Outage { from: from.timestamp_millis(), to: to.map(|to| to.timestamp_millis()) }),
        last_error: memory
            .last_error
            .map(|(at, error)| LinkProblem { at: at.timestamp_millis(), error: AppError::from(&error) }),
        clock_off_ms: memory.clock_off_ms.filter(|off| is_off(*off)),
        facts: extent.facts,
        digest: extent.digest.to_string(),
        quarantined: tx.quarantine_count()?,
        erasures: erasures(tx, origin, &terminals)?,
        sealed_profiles: log.sealed_records,
        terminals,
        alarms,
    })
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
    off_ms.unsigned_abs() > CLOCK_OFF.num_milliseconds().unsigned_abs()
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

/// This terminal first, then by name.
fn terminals(
    tx: &mut dyn Read,
    here: Origin,
    extent: &Extent,
    (names, pending): (&Names, u64),
    now: DateTime<Utc>,
) -> Result<Vec<TerminalView>, StoreError> {
    let (hub, forked, own_lives) = (reference::hub(tx)?, tx.forked()?, tx.lives()?);
    let mut lives: BTreeMap<TerminalId, Vec<IncarnationView>> = BTreeMap::new();
    lives.entry(here.terminal_id).or_default();
    for reference in tx.references(ReferenceKind::Terminal)? {
        lives.entry(TerminalId(reference.id)).or_default();
    }
    for (incarnation, terminal_id) in tx.terminals()? {
        let seq = extent.heads.get(&incarnation).copied().unwrap_or(0);
        let forked = forked.contains(&incarnation);
        lives.entry(terminal_id).or_default().push(IncarnationView { incarnation, seq, forked });
    }
    let mut heard: BTreeMap<TerminalId, (DateTime<Utc>, DateTime<Utc>, Heartbeat)> = BTreeMap::new();
    for it in tx.heard()? {
        lives.entry(it.terminal_id).or_default();
        if let Some(heartbeat) = Heartbeat::read(&it.body) {
            heard.insert(it.terminal_id, (it.received_at, it.appended_at, heartbeat));
        }
    }
    let mut views = Vec::new();
    for (terminal_id, mut incarnations) in lives {
        let is_here = terminal_id == here.terminal_id;
        let said = heard.get(&terminal_id).filter(|_| !is_here);
        let present = if is_here { Some(here.incarnation) } else { said.map(|(_, _, it)| it.incarnation) };
        incarnations.sort_by_key(|life| (Some(life.incarnation) == present, life.incarnation));
        let silent = said.is_none_or(|(received_at, ..)| now - *received_at > SILENT);
        let lost: Vec<IncarnationId> = if is_here {
            own_lives.iter().map(|it| it.incarnation).filter(|it| *it != here.incarnation).collect()
        } else {
            incarnations
                .iter()
                .filter(|it| silent || Some(it.incarnation) != present)
                .map(|it| it.incarnation)
                .collect()
        };
        views.push(TerminalView {
            terminal_id,
            name: names.terminal_named(terminal_id),
            here: is_here,
            hub: hub == Some(terminal_id),
            last_heard_at: said.map(|(received_at, ..)| received_at.timestamp_millis()),
            pending: if is_here { Some(pending) } else { said.map(|(_, _, it)| it.pending) },
            behind: said.map(|(_, _, it)| behind(extent, it)),
            digest: said.map_or(DigestState::NotYet, |(_, _, it)| it.compared(extent)),
            clock_off_ms: said
                .map(|(_, appended_at, it)| (it.at - *appended_at).num_milliseconds())
                .filter(|off| is_off(*off)),
            version: said.map(|(_, _, it)| it.version.clone()),
            held: if lost.is_empty() { Some(0) } else { held(tx, &lost)? },
            incarnations,
        });
    }
    views.sort_by(|a, b| (!a.here, &a.name, a.terminal_id).cmp(&(!b.here, &b.name, b.terminal_id)));
    Ok(views)
}

/// Facts that are here and that the other hadn't.
fn behind(extent: &Extent, heartbeat: &Heartbeat) -> u64 {
    let there = |incarnation: &IncarnationId| heartbeat.heads.get(incarnation).copied().unwrap_or(0);
    extent.heads.iter().map(|(incarnation, head)| head.saturating_sub(there(incarnation))).sum()
}

/// What some lives hold of all customers; `None` where there are too many customers to count them for a view.
fn held(tx: &mut dyn ReadFacts, lives: &[IncarnationId]) -> Result<Option<i64>, StoreError> {
    let customers = tx.customers_with_facts(None, COUNTED + 1)?;
    if customers.len() > COUNTED {
        return Ok(None);
    }
    let mut sum = 0;
    for customer in customers {
        let holdings = load::<Account>(tx, customer)?.state.holdings;
        sum += lives.iter().map(|life| holdings.held(*life).max(0)).sum::<i128>();
    }
    Ok(Some(to_i64(sum)))
}

/// An erasure is applied where its fact was read.
fn erasures(tx: &mut dyn Read, here: Origin, terminals: &[TerminalView]) -> Result<Vec<Erasure>, StoreError> {
    let heads: BTreeMap<TerminalId, Heartbeat> =
        tx.heard()?.into_iter().filter_map(|it| Some((it.terminal_id, Heartbeat::read(&it.body)?))).collect();
    let mut views = Vec::new();
    for change in tx.erasures(ERASURES)? {
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

fn row(record: Quarantined) -> QuarantineRow {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    QuarantineRow {
        at: record.received_at.timestamp_millis(),
        topic: record.partition.topic.name().to_owned(),
        partition: record.partition.number,
        offset: record.offset,
        reason: record.reason,
        detail: record.detail,
        size: record.size,
        key: record.key.as_deref().map(text),
        headers: record.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
        raw: text(&record.value).chars().take(RAW_LETTERS).collect(),
    }
}
