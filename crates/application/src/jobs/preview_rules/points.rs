//! The points that last month's visits would have earned under a draft.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};
use nosmoke_domain::check_in::Visit;
use nosmoke_domain::days::{seoul_date, seoul_midnight};
use nosmoke_domain::fact::{CheckedOut, Payload};
use nosmoke_domain::ids::{CustomerId, EventId, VisitId};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{AppError, PreviewedPoints};
use nosmoke_ports::{Change, Read, RecordedQuery, StoreError, read};
use nosmoke_reading::rule_sets;
use nosmoke_reading::state::recorded;

use super::compared::{Compared, batch};
use crate::jobs::Progress;
use crate::queries::Queries;

/// What one customer earned in one day: visits by the rules, and the points that staff chose.
#[derive(Debug, Default, Clone, Copy)]
struct Day {
    visits: u64,
    chosen: i128,
}

#[derive(Debug, Default)]
struct Sums {
    visits: u64,
    earned: i128,
    days: HashMap<(CustomerId, NaiveDate), Day>,
}

/// One check-out under the draft.
struct Left {
    customer: CustomerId,
    day: NaiveDate,
    earned: i128,
    under_draft: Under,
}

enum Under {
    Nothing,
    ByRules,
    Chosen(i128),
}

/// Sums up the check-outs that happened in the month before this one (Asia/Seoul). They may have been entered until now, so
/// all that was recorded since that month began is read.
pub(super) async fn preview(
    queries: &Queries,
    compared: &Arc<Compared>,
    now: DateTime<Utc>,
    progress: &Progress,
) -> Result<PreviewedPoints, AppError> {
    let (from, until) = last_month(now);
    let generations = read::<_, StoreError>(&*queries.core.journal, |tx| rule_sets::by_generation(tx)).await?;
    let generations = Arc::new(generations);
    let (mut sums, mut taken_back, mut before, mut done) = (Sums::default(), BTreeSet::new(), None, progress.done());
    loop {
        let (limit, compared, generations) = (batch(queries).await, compared.clone(), generations.clone());
        let query = RecordedQuery { by: None, from: Some(from), until: None, before, limit };
        let known = std::mem::take(&mut taken_back);
        let month = from..until;
        let unit = move |tx: &mut dyn Read| page(tx, &query, &month, known, &compared.draft, &generations);
        let Page { left, taken_back: known, last, count } = read::<_, StoreError>(&*queries.core.journal, unit).await?;
        taken_back = known;
        left.into_iter().for_each(|left| sums.add(&left));
        done += count as u64;
        progress.advance(done, None)?;
        if count < limit {
            break;
        }
        before = last;
    }
    let draft = &compared.draft;
    let under_draft: i128 = sums.days.values().map(|day| draft.earned_in_day(day.visits, day.chosen)).sum();
    Ok(PreviewedPoints {
        from: from.timestamp_millis(),
        until: until.timestamp_millis(),
        visits: sums.visits,
        earned: u64::try_from(sums.earned).unwrap_or(u64::MAX),
        under_draft: u64::try_from(under_draft).unwrap_or(u64::MAX),
    })
}

impl Sums {
    fn add(&mut self, left: &Left) {
        self.visits += 1;
        self.earned += left.earned;
        let day = self.days.entry((left.customer, left.day)).or_default();
        match left.under_draft {
            Under::Nothing => {}
            Under::ByRules => day.visits += 1,
            Under::Chosen(points) => day.chosen += points,
        }
    }
}

fn last_month(now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let today = seoul_date(now);
    let first = today.with_day(1).unwrap_or(today);
    let before = first.checked_sub_months(Months::new(1)).unwrap_or(first);
    (seoul_midnight(before), seoul_midnight(first))
}

struct Page {
    left: Vec<Left>,
    /// The check-outs that a fact of this page or a later one took back. Pages are read newest first, so it comes before
    /// its check-out.
    taken_back: BTreeSet<EventId>,
    last: Option<(i64, i64)>,
    count: usize,
}

fn page(
    tx: &mut dyn Read,
    query: &RecordedQuery,
    month: &Range<DateTime<Utc>>,
    mut taken_back: BTreeSet<EventId>,
    draft: &Rules,
    generations: &BTreeMap<u64, Rules>,
) -> Result<Page, StoreError> {
    let changes = tx.recorded_by(query)?;
    let recorded_at_ms = |change: &Change| change.recorded.fact.recorded_at.timestamp_millis();
    let last = changes.last().map(|change| (recorded_at_ms(change), change.change_seq));
    let mut left = Vec::new();
    for change in &changes {
        let fact = &change.recorded.fact;
        match &fact.payload {
            Payload::CheckOutTakenBack(p) => drop(taken_back.insert(p.check_out)),
            Payload::CheckedOut(p) if !taken_back.remove(&fact.event_id) && month.contains(&fact.occurred_at) => {
                let rules = generations.get(&fact.rules);
                let under_draft = under(tx, p, fact.occurred_at, rules, draft)?;
                let earned = p.earning.map_or(0, |earning| earning.points.sum());
                left.push(Left { customer: fact.customer_id, day: seoul_date(fact.occurred_at), earned, under_draft });
            }
            _ => {}
        }
    }
    Ok(Page { left, taken_back, last, count: changes.len() })
}

/// What the draft would give for a check-out that was recorded under `rules`.
fn under(
    tx: &mut dyn Read,
    left: &CheckedOut,
    at: DateTime<Utc>,
    rules: Option<&Rules>,
    draft: &Rules,
) -> Result<Under, StoreError> {
    if let Some(earning) = left.earning {
        // As in the list of who did what: with a cap only points that staff chose have none, and without one those that
        // aren't the rules'.
        let is_chosen = rules.is_some_and(|rules| match rules.daily_cap {
            Some(_) => left.daily_cap.is_none(),
            None => earning.points != rules.points_per_visit,
        });
        if is_chosen {
            return Ok(Under::Chosen(earning.points.sum()));
        }
        if draft.minimum_stay_minutes.is_none() {
            return Ok(Under::ByRules);
        }
    }
    let Some((since, by_override)) = entry(tx, left.visit_id)? else { return Ok(Under::ByRules) };
    let is_short = |minutes| at.signed_duration_since(since) < TimeDelta::minutes(i64::from(minutes));
    let earns_nothing = by_override || draft.minimum_stay_minutes.is_some_and(is_short);
    Ok(if earns_nothing { Under::Nothing } else { Under::ByRules })
}

fn entry(tx: &mut dyn Read, visit_id: VisitId) -> Result<Option<(DateTime<Utc>, bool)>, StoreError> {
    let facts = tx.facts_about(&[visit_id.0].into())?;
    let visit = Visit::of(recorded(&facts));
    Ok(visit.entry.map(|entry| (entry.key.occurred_at, entry.by_override)))
}
