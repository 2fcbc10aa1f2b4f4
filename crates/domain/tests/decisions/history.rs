//! Builds the facts of one customer.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::check_in::{Visit, Visits};
use nosmoke_domain::corrector::Corrector;
use nosmoke_domain::fact::{
    CheckedIn, CheckedOut, Draft, Earned, Earning, Hash, Novelty, Origin, Payload, Recorded, Recorder, seal,
};
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, RecorderId, VisitId};
use nosmoke_domain::lots::LastDay;
use nosmoke_domain::pay::Payment;
use nosmoke_domain::penalty::Penalty;
use nosmoke_domain::point::Account;
use nosmoke_domain::points::Points;
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::review::Case;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{CaseReason, Role, Standing};
use uuid::Uuid;

pub(crate) fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(n))
}

pub(crate) fn p(amount: u64) -> Points {
    Points::new(amount).unwrap()
}

/// Returns the time `minutes` after 10:00 in Seoul.
pub(crate) fn at(minutes: i64) -> DateTime<Utc> {
    "2026-11-20T01:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
}

/// The terminal that decides in these tests, and two others.
pub(crate) const HERE: u128 = 0xa;
pub(crate) const THERE: u128 = 0xb;
pub(crate) const YONDER: u128 = 0xc;

pub(crate) fn terminal(n: u128) -> IncarnationId {
    id(n)
}

/// The person who records all facts of these tests, in the role `role`, at the first of the incarnations `own`.
pub(crate) fn by<'a>(own: &'a [IncarnationId], role: Role, minute: i64, rules: &'a Rules) -> Corrector<'a> {
    Corrector { role, recorder_id: RecorderId(Uuid::from_u128(0x5)), here: own[0], own, now: at(minute), rules }
}

/// The refusal of staff's void of what was entered at a minute, by the default rules.
pub(crate) fn window_passed(minute: i64) -> Refusal {
    Refusal::VoidWindowPassed { minutes: 15, until: at(minute + 15), needed: Role::Supervisor }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    facts: Vec<Recorded>,
    rules: u64,
}

impl History {
    pub(crate) fn new() -> Self {
        Self { facts: Vec::new(), rules: 1 }
    }

    /// Adds a fact that a terminal recorded at a minute. The event id is the fact's number in this history, from 1.
    #[must_use]
    pub(crate) fn and(self, terminal: u128, minute: i64, payload: impl Into<Payload>) -> Self {
        self.fact(terminal, (minute, minute), &[], payload.into())
    }

    /// Adds a fact that was entered at the minute `recorded`.
    #[must_use]
    pub(crate) fn late(self, terminal: u128, minute: i64, recorded: i64, payload: impl Into<Payload>) -> Self {
        self.fact(terminal, (minute, recorded), &[], payload.into())
    }

    /// Adds a fact of a terminal that knew the facts with these numbers, besides its own.
    #[must_use]
    pub(crate) fn knowing(self, after: &[u128], terminal: u128, minute: i64, payload: impl Into<Payload>) -> Self {
        self.fact(terminal, (minute, minute), after, payload.into())
    }

    fn fact(mut self, terminal: u128, (minute, recorded): (i64, i64), after: &[u128], payload: Payload) -> Self {
        let number = self.facts.len() as u128 + 1;
        let draft = Draft {
            event_id: id::<EventId>(number),
            customer_id: id::<CustomerId>(0xc0),
            occurred_at: at(minute),
            recorded_at: at(recorded),
            recorded_by: Recorder::Staff { id: id(0x5), role: Role::Staff },
            approved_by: None,
            causation_id: None,
            rules: self.rules,
            traceparent: None,
            payload,
        };
        let origin = Origin { facility_id: id(1), terminal_id: id(terminal), incarnation: id(terminal) };
        let of_terminal = self.facts.iter().filter(|it| it.fact.origin == origin).count() as u64;
        let after = after.iter().map(|number| id::<EventId>(*number)).collect();
        let sealed = seal(draft, origin, of_terminal + 1, Hash::ZERO, after);
        self.facts.push(Recorded { fact: sealed.fact, hash: sealed.hash, novelty: Novelty::New });
        self
    }

    /// Sets the generation of the rules for the facts added after this.
    #[must_use]
    pub(crate) fn under(mut self, rules: u64) -> Self {
        self.rules = rules;
        self
    }

    #[must_use]
    pub(crate) fn checked_in(self, terminal: u128, minute: i64, visit: u128) -> Self {
        self.and(terminal, minute, checked_in(visit))
    }

    #[must_use]
    pub(crate) fn checked_out(self, terminal: u128, minute: i64, visit: u128, points: Option<u64>) -> Self {
        self.and(terminal, minute, checked_out(visit, points))
    }

    /// Adds a visit of ten minutes and its earning.
    #[must_use]
    pub(crate) fn earned(self, terminal: u128, minute: i64, visit: u128, points: u64) -> Self {
        self.checked_in(terminal, minute, visit).checked_out(terminal, minute + 10, visit, Some(points)).and(
            terminal,
            minute + 10,
            earned(visit, points),
        )
    }

    pub(crate) fn visits(&self) -> Visits {
        fold(&self.facts)
    }

    pub(crate) fn account(&self) -> Account {
        fold(&self.facts)
    }

    pub(crate) fn visit(&self, visit: u128) -> Visit {
        Visit::of(self.about(visit))
    }

    pub(crate) fn payment(&self, payment: u128) -> Payment {
        Payment::of(self.about(payment))
    }

    pub(crate) fn penalty(&self, penalty: u128) -> Penalty {
        Penalty::of(self.about(penalty))
    }

    /// Returns the open cases, each with the numbers of its facts in their order.
    pub(crate) fn cases(&self) -> Vec<(CaseReason, Vec<u128>)> {
        let open = self.all_cases().into_iter().filter(|case| case.resolution.is_none());
        open.map(|case| (case.id.reason, case.facts.iter().map(|id| id.0.as_u128()).collect())).collect()
    }

    pub(crate) fn all_cases(&self) -> Vec<Case> {
        nosmoke_domain::review::cases(id(0xc0), &self.facts, &BTreeSet::new())
    }

    pub(crate) fn facts(&self) -> &[Recorded] {
        &self.facts
    }

    fn about(&self, subject: u128) -> impl Iterator<Item = &Recorded> {
        let subject = Some(Uuid::from_u128(subject));
        self.facts.iter().filter(move |it| it.fact.subject() == subject || it.fact.related() == subject)
    }
}

pub(crate) fn checked_in(visit: u128) -> CheckedIn {
    CheckedIn {
        visit_id: id(visit),
        area_id: id(0xa1),
        standing: Standing::Allowed,
        outstanding: 0,
        standing_as_of: at(0),
        admission: None,
    }
}

/// An earning's id is its visit's id plus 1000.
pub(crate) fn checked_out(visit: u128, points: Option<u64>) -> CheckedOut {
    let earning =
        points.map(|points| Earning { earning_id: id(visit + 1000), points: p(points), expires_on: LastDay::Never });
    CheckedOut { visit_id: id(visit), earning, daily_cap: None }
}

pub(crate) fn earned(visit: u128, points: u64) -> Earned {
    Earned {
        earning_id: id(visit + 1000),
        visit_id: id::<VisitId>(visit),
        points: p(points),
        expires_on: LastDay::Never,
    }
}
