//! The state of the simulated facility: its customers, who is inside, and the planned actions.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::fact::{Draft, Payload, Recorder};
use nosmoke_domain::ids::{AreaId, CustomerId, EventId, NoteId, PenaltyId, VisitId};
use nosmoke_domain::rules::Rules;
use nosmoke_ports::search_keys;
use nosmoke_ports::{Note, Profile};
use nosmoke_reading::reference::AreaBody;

use super::action::Action;
use super::block::Block;
use super::calendar::{Calendar, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use super::draw::Draw;
use super::people::person;

/// How many customers the facility has.
pub(super) const CUSTOMERS: usize = 1_406;
/// About how many facts the year has; the result differs from this by a few percent.
pub(super) const FACTS: u64 = 104_020;
/// How many customers are inside at the end, one of them forgotten.
pub(super) const INSIDE: usize = 13;

const AREAS: [(&str, Option<u32>); 4] =
    [("동문 흡연구역", Some(12)), ("서문 흡연구역", Some(8)), ("옥상 정원", Some(20)), ("북측 임시부스", None)];

/// In the first days, [`FIRST_CUSTOMERS`] customers are registered, as if they had been customers before the year
/// began.
const FIRST_DAYS: usize = 20;
const FIRST_CUSTOMERS: usize = 866;
/// The average number of facts for each visit, including payments and penalties.
const FACTS_PER_VISIT: f64 = 3.3;
const PENALTIES_PER_DAY: f64 = 2.8;
const CORRECTIONS_PER_DAY: f64 = 0.3;

/// A customer in the simulation.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) id: CustomerId,
    pub(super) known_since_ms: i64,
    /// How often the customer comes, relative to the others.
    weight: f64,
    pub(super) area: usize,
    /// The customer's balance in points (P).
    pub(super) balance: u64,
    /// The last day with earnings, and the points earned on it.
    pub(super) earned: (NaiveDate, u64),
    pub(super) penalties: Vec<OpenPenalty>,
    pub(super) penalties_ever: u32,
    pub(super) inside: Option<Stay>,
}

/// A penalty with points outstanding.
#[derive(Debug)]
pub(super) struct OpenPenalty {
    pub(super) penalty_id: PenaltyId,
    pub(super) imposed: u64,
    pub(super) outstanding: u64,
    pub(super) educated: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Stay {
    pub(super) visit_id: VisitId,
    pub(super) since_ms: i64,
    pub(super) area: usize,
    pub(super) by_override: bool,
}

#[derive(Debug)]
pub(super) struct Facility {
    pub(super) draw: Draw,
    pub(super) calendar: Calendar,
    pub(super) rules: Rules,
    recorder: Recorder,
    areas: [AreaId; 4],
    present: [u32; 4],
    pub(super) guests: Vec<Guest>,
    weights: f64,
    /// The planned actions, sorted by time, and those of one time in the order in which they were planned.
    due: BTreeMap<(i64, u64), Action>,
    planned: u64,
    recorded: u64,
    block: Block,
}

impl Facility {
    pub(super) fn new(seed: u64, now: DateTime<Utc>, recorder: Recorder, rules: Rules) -> Self {
        let mut draw = Draw::new(seed);
        let calendar = Calendar::new(now);
        let areas = std::array::from_fn(|_| draw.ordered(calendar.end_ms(0) - DAY_MS));
        let mut facility = Self {
            draw,
            calendar,
            rules,
            recorder,
            areas,
            present: [0; 4],
            guests: Vec::with_capacity(CUSTOMERS),
            weights: 0.0,
            due: BTreeMap::new(),
            planned: 0,
            recorded: 0,
            block: Block::default(),
        };
        facility.plan_the_end();
        facility
    }

    pub(super) fn areas(&self) -> Vec<(AreaId, AreaBody)> {
        let body = |(position, (name, capacity)): (u32, (&str, Option<u32>))| AreaBody {
            name: name.to_owned(),
            capacity,
            retired: false,
            position,
        };
        self.areas.into_iter().zip((1..).zip(AREAS).map(body)).collect()
    }

    /// Plans the visits of the customers who are inside at the end, and two check-ins that were decided without knowing
    /// a ban.
    fn plan_the_end(&mut self) {
        let now_ms = self.calendar.now_ms;
        let forgotten = i64::from(self.rules.forgotten_after_hours) * HOUR_MS + self.draw.from(12, 55) * MINUTE_MS;
        self.plan(now_ms - forgotten, Action::Stay { area: 2 });
        for area in [0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3].into_iter().take(INSIDE - 1) {
            let at_ms = now_ms - self.draw.from(2 * MINUTE_MS, 48 * MINUTE_MS);
            self.plan(at_ms, Action::Stay { area });
        }
        for (days_ago, settled) in [(200, true), (3, false)] {
            let at_ms = self.calendar.open_time(&mut self.draw, now_ms - days_ago * DAY_MS, 0);
            self.plan(at_ms, Action::BanUnknownYet { settled });
        }
    }

    /// Simulates one day; returns `None` for a day after today.
    pub(super) fn run_day(&mut self, day: usize) -> Option<Block> {
        if day >= self.calendar.len() {
            return None;
        }
        self.register(day);
        self.plan_visits(day);
        let weight = self.calendar.weight(day);
        let more_or_less = 0.5 + self.draw.share();
        for _ in 0..self.draw.about(PENALTIES_PER_DAY * weight * more_or_less) {
            let at_ms = self.calendar.time(&mut self.draw, day);
            self.plan(at_ms, Action::Impose);
        }
        for _ in 0..self.draw.about(CORRECTIONS_PER_DAY * weight) {
            let at_ms = self.calendar.time(&mut self.draw, day);
            self.plan(at_ms, Action::Adjust);
        }
        let end_ms = self.calendar.end_ms(day);
        while let Some(entry) = self.due.first_entry().filter(|entry| entry.key().0 < end_ms) {
            let ((at_ms, _), action) = entry.remove_entry();
            self.happen(at_ms, action);
        }
        self.recorded += self.block.drafts.len() as u64;
        Some(std::mem::take(&mut self.block))
    }

    fn register(&mut self, day: usize) {
        let later = self.calendar.len().saturating_sub(FIRST_DAYS).max(1);
        let known = match day.checked_sub(FIRST_DAYS) {
            None => FIRST_CUSTOMERS * (day + 1) / FIRST_DAYS,
            Some(since) => FIRST_CUSTOMERS + (CUSTOMERS - FIRST_CUSTOMERS) * (since + 1) / later,
        };
        while self.guests.len() < known {
            let at_ms = self.calendar.time(&mut self.draw, day);
            let registered_at = time(at_ms);
            let person = person(&mut self.draw, self.guests.len(), registered_at);
            let id = self.draw.customer();
            let profile = Profile {
                customer_id: id,
                revision: 1,
                event_id: self.draw.ordered(at_ms),
                base_revision: 0,
                name: person.name,
                phone: person.phone,
                card: person.card,
                registered_at,
                consent_on: None,
                erased: false,
            };
            let keys = search_keys::keys(profile.name.as_deref(), profile.phone.as_deref(), profile.card.as_deref());
            self.block.customers.push((profile, keys));
            // A few customers come daily, some every week, most only now and then.
            let weight = match self.draw.index(100) {
                0..8 => 6.0 + 3.0 * self.draw.share(),
                8..38 => 1.2 + 1.3 * self.draw.share(),
                _ => 0.15 + 0.45 * self.draw.share(),
            };
            let area = self.draw.of(&[0, 0, 0, 0, 1, 1, 2, 2, 2, 3], 0);
            self.weights += weight;
            let guest = self.guests.len();
            let (penalties, inside) = (Vec::new(), None);
            self.guests.push(Guest {
                id,
                known_since_ms: at_ms,
                weight,
                area,
                balance: 0,
                earned: (NaiveDate::MIN, 0),
                penalties,
                penalties_ever: 0,
                inside,
            });
            let first_visit_ms = at_ms + self.draw.from(20 * SECOND_MS, 90 * SECOND_MS);
            self.plan(first_visit_ms, Action::CheckIn { guest });
        }
        self.block.customers.sort_by_key(|(profile, _)| profile.registered_at);
    }

    /// Plans as many visits as are needed to reach the number of facts that the year should have by the end of this
    /// day.
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn plan_visits(&mut self, day: usize) {
        let wanted = FACTS as f64 * self.calendar.share(day) - self.recorded as f64;
        let visits = (wanted / FACTS_PER_VISIT - self.block.customers.len() as f64).max(0.0);
        for guest in 0..self.guests.len() {
            let expected = self.guests.get(guest).map_or(0.0, |it| visits * it.weight / self.weights);
            for _ in 0..self.draw.about(expected) {
                let at_ms = self.calendar.time(&mut self.draw, day);
                self.plan(at_ms, Action::CheckIn { guest });
            }
        }
    }

    pub(super) fn plan(&mut self, at_ms: i64, action: Action) {
        self.planned += 1;
        self.due.insert((at_ms, self.planned), action);
    }

    /// Adds a fact about a customer to the day's block.
    pub(super) fn record(
        &mut self,
        at_ms: i64,
        guest: usize,
        causation_id: Option<EventId>,
        payload: impl Into<Payload>,
    ) -> EventId {
        let event_id = self.draw.ordered(at_ms);
        if let Some(guest) = self.guests.get(guest) {
            self.block.drafts.push(Draft {
                event_id,
                customer_id: guest.id,
                occurred_at: time(at_ms),
                recorded_at: time(at_ms),
                recorded_by: self.recorder,
                approved_by: None,
                causation_id,
                rules: self.rules.generation,
                traceparent: None,
                payload: payload.into(),
            });
        }
        event_id
    }

    /// Adds a note about a customer, with one of these texts.
    pub(super) fn note(&mut self, at_ms: i64, guest: usize, texts: &[&str]) -> Option<NoteId> {
        let customer_id = self.guests.get(guest)?.id;
        let text = self.draw.of(texts, "").to_owned();
        let note_id = self.draw.ordered(at_ms);
        self.block.notes.push(Note { note_id, customer_id, text });
        Some(note_id)
    }

    /// Lets a customer enter this area or, if it is full, the next one that isn't. Returns the area entered.
    pub(super) fn enter(&mut self, area: usize) -> Option<usize> {
        let area = (area..area + AREAS.len()).map(|area| area % AREAS.len()).find(|area| {
            let (present, capacity) = (self.present.get(*area), AREAS.get(*area).and_then(|(_, capacity)| *capacity));
            capacity.is_none_or(|capacity| present.is_some_and(|present| *present < capacity))
        })?;
        *self.present.get_mut(area)? += 1;
        Some(area)
    }

    pub(super) fn leave(&mut self, area: usize) {
        if let Some(present) = self.present.get_mut(area) {
            *present = present.saturating_sub(1);
        }
    }

    pub(super) fn area_id(&self, area: usize) -> Option<AreaId> {
        self.areas.get(area).copied()
    }
}

pub(super) fn time(at_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default()
}
