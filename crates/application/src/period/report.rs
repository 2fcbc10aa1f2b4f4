//! Derives the figures of a period. Its cost depends on the days and on the customers, not on the number of facts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::ids::{AreaId, IncarnationId, TerminalId};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{
    AppError, DayFigure, DayItem, DayLine, EntryKind, OtherTerminal, PeriodArea, PeriodCustomer, PeriodInput,
    PeriodPart, PeriodReport, PeriodTerminal,
};
use nosmoke_ports::{CustomerSums, DayKey, DaySum, PeriodRows, Read, StoreError, Worker, presence, read};
use nosmoke_reading::names::{Names, customer_name, rows_by_id};
use nosmoke_reading::{reference, rule_sets};
use nosmoke_runtime::heard::HeardIncarnations;

use super::asked::Period;
use crate::day::{Figures, departures_of, endings, other_terminals, refusals};
use crate::jobs::complete::{behind, expect_none_set_aside, wait_for_all};
use crate::queries::Queries;

/// Derives the figures of a period: from the sums of its days, and from all customers once if points can expire or
/// penalties can lapse. `meanwhile` is called while Mypage's projector is waited for.
///
/// # Errors
/// Those of [`Queries::period`], or that of `meanwhile`.
pub(super) async fn derive(
    queries: &Queries,
    input: &PeriodInput,
    meanwhile: impl FnMut() -> Result<(), AppError>,
) -> Result<PeriodReport, AppError> {
    let period = Period::of(queries, input)?;
    let query = period.query(input);
    let last_change = wait_for_all(queries, meanwhile).await?;
    queries.core.feed.caught_up(&[Worker::CheckIn]).await;
    let mut rows = queries.mypage.period(query).await?;
    // The read model may have begun again meanwhile.
    if rows.checkpoint < last_change {
        return Err(behind(last_change - rows.checkpoint));
    }
    expect_none_set_aside(queries, None).await?;
    for row in endings(queries, query.range()).await? {
        rows.days.entry(DayKey::of(&row)).or_default().add(DaySum::of(&row), 1);
    }
    let refusals = refusals(queries, query.range()).await?;
    let (now, heard) = (queries.core.present.moment(), queries.core.heard.clone());
    let answer = move |tx: &mut dyn Read| {
        let own: BTreeSet<IncarnationId> = tx.own_incarnations()?.into_iter().collect();
        let rules = rule_sets::by_generation(tx)?;
        let (lines, parts) = figures(&period, &rows, (&rules, &own), &refusals);
        let last = period.to.min(seoul_date(now)).max(period.from);
        Ok(PeriodReport {
            from: period.from.to_string(),
            to: period.to.to_string(),
            as_of: now.timestamp_millis(),
            days: u32::try_from((last - period.from).num_days() + 1).unwrap_or(1),
            lines,
            parts,
            areas: areas(tx, &period, &rows, now)?,
            top: top(tx, rows.top)?,
            terminals: terminals(tx, &rows.days, &own, &heard)?,
            pending: tx.pending_totals()?.facts,
        })
    };
    Ok(read::<_, StoreError>(&*queries.core.journal, answer).await?)
}

/// The figures of the period and of its parts.
fn figures(
    period: &Period,
    rows: &PeriodRows,
    (rules, own): (&BTreeMap<u64, Rules>, &BTreeSet<IncarnationId>),
    refusals: &BTreeMap<NaiveDate, i64>,
) -> (Vec<DayLine>, Vec<PeriodPart>) {
    let mut of_parts: Vec<(Figures, i64)> = period.parts.iter().map(|_| (Figures::new(), 0)).collect();
    for (key, sum) in &rows.days {
        let part = period.part_of(key.day).and_then(|part| of_parts.get_mut(part));
        let Some((figures, _)) = part else { continue };
        figures.add_lines(key, sum, departures_of(key, rules), own.contains(&key.incarnation));
    }
    for (day, count) in refusals {
        if let Some((_, of_part)) = period.part_of(*day).and_then(|part| of_parts.get_mut(part)) {
            *of_part += count;
        }
    }
    let mut all = Figures::new();
    let mut parts = Vec::with_capacity(of_parts.len());
    for ((figures, refusals), (first, last)) in of_parts.into_iter().zip(&period.parts) {
        all.merge(&figures);
        let is_some = |line: &DayLine| {
            [Some(line.here), line.facility].into_iter().flatten().any(|figure| figure != DayFigure::default())
        };
        let lines = figures.into_lines(refusals).into_iter().filter(is_some).collect();
        parts.push(PeriodPart { from: first.to_string(), to: last.to_string(), lines });
    }
    // Points that terminals gave to each other have no line on Mypage.
    let lines = all.into_lines(refusals.values().sum()).into_iter().filter(|line| line.item != DayItem::Given);
    (lines.collect(), parts)
}

/// The areas in use and those that were visited. Who is still inside counts up to now.
fn areas(
    tx: &mut dyn Read,
    period: &Period,
    rows: &PeriodRows,
    now: DateTime<Utc>,
) -> Result<Vec<PeriodArea>, StoreError> {
    let mut known = reference::areas(tx)?;
    // Retired ones after those in use.
    known.sort_by_key(|(_, body)| body.retired);
    let in_use = known.iter().filter(|(_, body)| !body.retired).count();
    let area = |area_id, name| PeriodArea { area_id, name, visits: 0, inside_ms: [0; 24] };
    let mut areas: Vec<PeriodArea> = known.into_iter().map(|(id, body)| area(id, Some(body.name))).collect();
    let of_hours = rows.hours.iter().map(|((area, hour), ms)| (*area, *hour, *ms));
    let mut hours: Vec<(AreaId, u8, i64)> = of_hours.collect();
    for visit in tx.inside(None)? {
        let parts = presence(visit.area_id, visit.since, now).into_iter();
        let of_period = parts.filter(|(key, _)| (period.from..=period.to).contains(&key.day));
        hours.extend(of_period.map(|(key, ms)| (key.area_id, key.hour, ms)));
    }
    let visits = rows.days.iter().filter(|(key, _)| key.kind == EntryKind::Visit && !key.voided);
    let visits: Vec<(AreaId, i64)> = visits.filter_map(|(key, sum)| Some((key.area_id?, sum.lines))).collect();
    let visited: BTreeSet<AreaId> = visits.iter().map(|visit| visit.0).chain(hours.iter().map(|hour| hour.0)).collect();
    for area_id in visited.iter().copied() {
        if areas.iter().all(|area| area.area_id != area_id) {
            areas.push(area(area_id, None));
        }
    }
    let place: BTreeMap<AreaId, usize> = areas.iter().enumerate().map(|(place, area)| (area.area_id, place)).collect();
    for (area_id, count) in visits {
        if let Some(area) = place.get(&area_id).and_then(|place| areas.get_mut(*place)) {
            area.visits += count;
        }
    }
    for (area_id, hour, ms) in hours {
        let area = place.get(&area_id).and_then(|place| areas.get_mut(*place));
        if let Some(of_hour) = area.and_then(|area| area.inside_ms.get_mut(usize::from(hour))) {
            *of_hour += ms;
        }
    }
    let is_shown = |(place, area): &(usize, PeriodArea)| *place < in_use || visited.contains(&area.area_id);
    Ok(areas.into_iter().enumerate().filter(is_shown).map(|(_, area)| area).collect())
}

fn top(tx: &mut dyn Read, top: Vec<CustomerSums>) -> Result<Vec<PeriodCustomer>, StoreError> {
    let customers = rows_by_id(tx, top.iter().map(|sums| sums.customer_id))?;
    let customer = |sums: CustomerSums| PeriodCustomer {
        customer: customer_name(sums.customer_id, customers.get(&sums.customer_id).map(|row| &row.profile)),
        visits: sums.visits,
        earned: sums.earned,
        paid: sums.paid,
        penalty_points: sums.penalty_points,
    };
    Ok(top.into_iter().map(customer).collect())
}

/// This terminal, and the others that are in use or recorded a line of the period.
fn terminals(
    tx: &mut dyn Read,
    days: &BTreeMap<DayKey, DaySum>,
    own: &BTreeSet<IncarnationId>,
    heard: &HeardIncarnations,
) -> Result<Vec<PeriodTerminal>, StoreError> {
    let Some(here) = tx.origin()?.map(|origin| origin.terminal_id) else { return Ok(Vec::new()) };
    let (names, of_incarnation, retired) = (Names::read(tx)?, tx.terminals()?, reference::retired(tx)?);
    let mut lines: BTreeMap<TerminalId, i64> = BTreeMap::new();
    for (key, sum) in days {
        let terminal =
            if own.contains(&key.incarnation) { Some(here) } else { of_incarnation.get(&key.incarnation).copied() };
        if let Some(terminal) = terminal {
            *lines.entry(terminal).or_default() += sum.lines;
        }
    }
    let mut others = other_terminals(tx, heard)?;
    // One whose facts another terminal passed on, and of which nothing else is known here.
    for terminal_id in lines.keys().copied() {
        if terminal_id != here && others.iter().all(|other| other.terminal_id != terminal_id) {
            let name = names.terminal_named(terminal_id);
            others.push(OtherTerminal { terminal_id, name, heard_at: None });
        }
    }
    let of_here = OtherTerminal { terminal_id: here, name: names.terminal_named(here), heard_at: None };
    let shown = std::iter::once(of_here).chain(others).map(|terminal| PeriodTerminal {
        is_here: terminal.terminal_id == here,
        lines: lines.get(&terminal.terminal_id).copied().unwrap_or_default(),
        terminal,
    });
    Ok(shown.filter(|it| it.is_here || it.lines > 0 || !retired.contains(&it.terminal.terminal_id)).collect())
}
