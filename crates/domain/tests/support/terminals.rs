//! Simulated terminals that record facts of one customer. Each decides with the facts that it has, and receives the
//! others' facts late and out of order.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::check_in::{
    Admission, CheckInInput, CheckOutInput, TakeBackInput, Visit, Visits, check_in, check_out, take_back,
};
use nosmoke_domain::corrector::Corrector;
use nosmoke_domain::days::Days;
use nosmoke_domain::fact::{Draft, Hash, LevelsRevised, Novelty, Payload, Recorded, Recorder, seal};
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::{
    CustomerId, EventId, IncarnationId, PaymentId, PenaltyDeductionId, PenaltyId, RecorderId, StaffId, VisitId,
};
use nosmoke_domain::lapse::{How, Lapse};
use nosmoke_domain::pay::{self, Payment};
use nosmoke_domain::penalty::{self, Deduct, Penalty};
use nosmoke_domain::point::{self, Account, PointsRequest, StandingCopy};
use nosmoke_domain::points::{Delta, Points};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::{Level, Prohibit, Rules};
use nosmoke_domain::words::{AdjustReason, Ground, PenaltyCode, Role, VoidReason};
use uuid::Uuid;

use crate::arbitrary::{incarnation, origin};
use crate::journal::{Journal, Snapshot};

/// An operation that is tried at a terminal. A `usize` chooses one of the existing items.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation {
    /// A whole visit that earns these points.
    Visit(u64),
    Pay(u64),
    VoidPayment(usize),
    Adjust(i64),
    /// Answers the request of another terminal for this many points.
    Answer(usize, u64),
    /// Takes back one of the check-outs.
    TakeBack(usize),
    HandOver(usize),
    /// Imposes a penalty, and pays for a deduction of all its points.
    BuyOff(u64),
    /// Voids one of the deductions.
    VoidDeduction(usize),
    Reclaim(usize),
    /// Another rule set is published, which all terminals have at once: what lapses, ends and expires under it is by
    /// these numbers of days and months.
    ChangeRules {
        lapse: Option<u32>,
        quiet: bool,
        ban: Option<u32>,
        months: Option<u32>,
    },
    /// The terminal receives one fact of another terminal.
    Receive(usize),
    /// The terminal receives all facts of the others.
    ReceiveAll,
}

#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) here: IncarnationId,
    number: u128,
    journal: Journal,
    snapshot: Snapshot,
    pub(crate) account: Account,
}

/// All terminals, and every fact that any of them recorded.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) terminals: Vec<Terminal>,
    pub(crate) facts: Vec<Recorded>,
    rules: Rules,
    /// Whether each fact takes half a day, else a minute.
    long: bool,
    next_id: u128,
}

impl World {
    pub(crate) fn of(terminals: u8) -> Self {
        let terminal = |number: u8| Terminal {
            here: incarnation(number.into()),
            number: number.into(),
            journal: Journal::default(),
            snapshot: Snapshot::default(),
            account: Account::default(),
        };
        // Half of the worlds let points expire while they are looked at.
        let expiry_months = terminals.is_multiple_of(2).then_some(1);
        let rules = Rules { price_per_penalty_point: Points::new(3).ok(), expiry_months, ..Rules::default() };
        let (terminals, long) = ((0..terminals).map(terminal).collect(), expiry_months.is_some());
        Self { terminals, facts: Vec::new(), rules, long, next_id: 0xfac7_0000 }
    }

    pub(crate) fn whole(&self) -> Account {
        fold(&self.facts)
    }

    fn id<T: From<Uuid>>(&mut self) -> T {
        self.next_id += 1;
        T::from(Uuid::from_u128(self.next_id))
    }

    /// The time by a terminal's clock; each clock is fast by another number of minutes, up to ten. Where points expire,
    /// each fact takes half a day.
    pub(crate) fn now(&self, at: usize) -> DateTime<Utc> {
        let steps = i64::try_from(self.facts.len()).unwrap();
        let passed = if self.long { TimeDelta::hours(steps * 12) } else { TimeDelta::minutes(steps) };
        let fast = TimeDelta::minutes(i64::try_from((at * 7) % 11).unwrap());
        "2026-11-20T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + passed + fast
    }

    /// A supervisor at a terminal.
    fn corrector<'a>(&'a self, at: usize, own: &'a [IncarnationId]) -> Corrector<'a> {
        let (role, recorder_id) = (Role::Supervisor, RecorderId(Uuid::from_u128(8)));
        let (here, now) = (self.terminals[at].here, self.now(at));
        Corrector { role, recorder_id, here, own, now, rules: &self.rules }
    }

    fn record(&mut self, at: usize, payload: impl Into<Payload>) {
        let draft = Draft {
            event_id: self.id::<EventId>(),
            customer_id: CustomerId(Uuid::from_u128(7)),
            occurred_at: self.now(at),
            recorded_at: self.now(at),
            recorded_by: Recorder::Staff { id: StaffId(Uuid::from_u128(8)), role: Role::Staff },
            approved_by: None,
            causation_id: None,
            rules: self.rules.generation,
            traceparent: None,
            payload: payload.into(),
        };
        let terminal = &self.terminals[at];
        let seq = u64::try_from(terminal.journal.facts.len()).unwrap() + 1;
        let sealed = seal(draft, origin(terminal.number), seq, Hash::ZERO, Vec::new());
        let recorded = Recorded { fact: sealed.fact, hash: sealed.hash, novelty: Novelty::New };
        self.facts.push(recorded.clone());
        self.terminals[at].receive(&[recorded]);
    }

    /// Tries an operation at a terminal, which its own decision may refuse.
    pub(crate) fn try_to(&mut self, at: usize, operation: Operation) -> Result<(), Refusal> {
        let here = self.terminals[at].here;
        match operation {
            Operation::Visit(points) => self.visit(at, Points::new(points).unwrap())?,
            Operation::Pay(points) => {
                let ids = (self.id(), self.id());
                let account = self.terminals[at].account.summary(here, self.now(at));
                let paid = pay::pay(&account, Points::new(points).unwrap(), ids, None)?;
                self.record(at, paid);
            }
            Operation::VoidPayment(index) => {
                let known = &self.terminals[at].journal.facts;
                let paid: Vec<PaymentId> = known.iter().filter_map(payment).collect();
                let Some(id) = paid.get(index % paid.len().max(1)).copied() else { return Ok(()) };
                let payment = Payment::of(self.about(at, id.0));
                let voided = pay::void(id, &payment, VoidReason::MISTAKEN, &self.corrector(at, &[here]))?.0;
                self.record(at, voided);
            }
            Operation::Adjust(points) => {
                let (id, points) = (self.id(), Delta::new(points).unwrap());
                let account = self.terminals[at].account.summary(here, self.now(at));
                let adjusted = point::adjust(&account, id, points, AdjustReason::GOODWILL, None, &self.rules)?;
                self.record(at, adjusted);
            }
            Operation::Answer(to, points) => {
                let (to, points) = (self.terminals[to % self.terminals.len()].here, Points::new(points).unwrap());
                let request = PointsRequest { id: self.id(), to, points };
                if let Some(given) = point::answer(&self.terminals[at].account, here, &request, 0, self.now(at)) {
                    self.record(at, given);
                }
            }
            Operation::TakeBack(index) => {
                let known = &self.terminals[at].journal.facts;
                let ended: Vec<VisitId> = known.iter().filter_map(check_out_of).collect();
                let Some(visit_id) = ended.get(index % ended.len().max(1)).copied() else { return Ok(()) };
                let visit = Visit::of(self.about(at, visit_id.0));
                let taken_back = take_back(TakeBackInput {
                    visit_id,
                    visit: &visit,
                    visits: &Visits::default(),
                    account: &self.terminals[at].account.summary(here, self.now(at)),
                    by: self.corrector(at, &[here]),
                })?;
                self.record(at, taken_back);
            }
            Operation::HandOver(to) => {
                let hub = self.terminals[to % self.terminals.len()].here;
                for given in point::hand_over(&self.terminals[at].account, here, hub, self.now(at)) {
                    self.record(at, given);
                }
            }
            Operation::BuyOff(points) => self.buy_off(at, Points::new(points).unwrap())?,
            Operation::VoidDeduction(index) => {
                let known = &self.terminals[at].journal.facts;
                let made: Vec<_> = known.iter().filter_map(deduction_of).collect();
                let Some((penalty_id, deduction_id)) = made.get(index % made.len().max(1)).copied() else {
                    return Ok(());
                };
                let (ids, penalty) = ((penalty_id, deduction_id), Penalty::of(self.about(at, penalty_id.0)));
                let own = [here];
                let by = self.corrector(at, &own);
                let (voided, _) = penalty::void_deduction(ids, &penalty, VoidReason::MISTAKEN, &by)?;
                self.record(at, voided);
            }
            Operation::Reclaim(from) => {
                let from = self.terminals[from % self.terminals.len()].here;
                let visits: Visits = fold(&self.terminals[at].journal.facts);
                let awaits = visits.await_earning_by(from);
                for reclaimed in point::reclaim(&self.terminals[at].account, awaits, here, from, self.now(at)) {
                    self.record(at, reclaimed);
                }
            }
            Operation::ChangeRules { lapse, quiet, ban, months } => {
                let days = |days: Option<u32>| days.and_then(|days| Days::new(days).ok());
                let how = if quiet { How::Quiet } else { How::Fixed };
                let level = Level { at: self.rules.levels.prohibit_at(), days: days(ban) };
                self.rules.generation += 1;
                self.rules.lapse = days(lapse).map(|days| Lapse { days, how });
                self.rules.expiry_months = months;
                self.rules.levels.prohibit = Prohibit::try_from(vec![level]).unwrap();
                let levels = self.rules.levels.clone();
                self.record(at, LevelsRevised { levels });
            }
            Operation::Receive(index) => {
                let journal = &self.terminals[at].journal;
                let missing: Vec<&Recorded> = self
                    .facts
                    .iter()
                    .filter(|fact| !journal.facts.iter().any(|known| known.hash == fact.hash))
                    .collect();
                let Some(fact) = missing.get(index % missing.len().max(1)).map(|fact| (*fact).clone()) else {
                    return Ok(());
                };
                self.terminals[at].receive(&[fact]);
            }
            Operation::ReceiveAll => {
                let facts = self.facts.clone();
                self.terminals[at].receive(&facts);
            }
        }
        Ok(())
    }

    fn visit(&mut self, at: usize, points: Points) -> Result<(), Refusal> {
        let (visit_id, now, rules) = (self.id(), self.now(at), self.rules.clone());
        let standing = StandingCopy::clean(&rules, now);
        let area = Admission { area_id: self.id(), others: 0, capacity: None };
        // Decides as if the customer had no earlier visits, so that a visit that is open at another terminal doesn't
        // prevent this one.
        let visits = Visits::default();
        let input = CheckInInput {
            visits: &visits,
            joined: &[],
            standing: &standing,
            area,
            admission: None,
            visit_id,
            now,
            rules: &rules,
        };
        for payload in check_in(input)? {
            self.record(at, payload);
        }
        let (visit, earning_id) = (Visit::of(self.about(at, visit_id.0)), self.id());
        let input = CheckOutInput {
            visit_id,
            visit: &visit,
            visits: &visits,
            earning_id,
            points: Some(points),
            confirm_forgotten: false,
            now,
            moment: now,
            rules: &rules,
        };
        let out = check_out(input)?;
        self.record(at, out);
        let visit = Visit::of(self.about(at, visit_id.0));
        let earned = point::earn(visit_id, &visit, self.terminals[at].here).unwrap();
        self.record(at, earned);
        Ok(())
    }

    fn buy_off(&mut self, at: usize, points: Points) -> Result<(), Refusal> {
        let (here, rules) = (self.terminals[at].here, self.rules.clone());
        let ids = (self.id(), self.id());
        let account = self.terminals[at].account.summary(here, self.now(at));
        let imposed = penalty::impose(&account, ids, PenaltyCode::BASIC, Some(points), (None, None), &rules)?;
        self.record(at, imposed);
        let penalty = Penalty::of(self.about(at, ids.0.0));
        let pay = Some(self.id());
        let (deduction_id, ground) = (self.id(), Ground::SERVICE);
        let input = Deduct { deduction_id, penalty_id: ids.0, ground, points: Some(points), note_id: None, pay };
        let deducted =
            penalty::deduct(input, &penalty, &self.terminals[at].account.summary(here, self.now(at)), &rules)?;
        self.record(at, deducted);
        Ok(())
    }

    fn about(&self, at: usize, id: Uuid) -> impl Iterator<Item = &Recorded> {
        let is_about = move |fact: &&Recorded| fact.fact.subject() == Some(id) || fact.fact.related() == Some(id);
        self.terminals[at].journal.facts.iter().filter(is_about)
    }
}

impl Terminal {
    fn receive(&mut self, facts: &[Recorded]) {
        let newer: Vec<Recorded> = facts.iter().filter_map(|fact| self.journal.add(fact)).collect();
        let (account, _) = self.snapshot.advance::<Account>(&newer, &self.journal);
        self.account = account;
    }
}

fn check_out_of(recorded: &Recorded) -> Option<VisitId> {
    match &recorded.fact.payload {
        Payload::CheckedOut(out) => Some(out.visit_id),
        _ => None,
    }
}

fn deduction_of(recorded: &Recorded) -> Option<(PenaltyId, PenaltyDeductionId)> {
    match &recorded.fact.payload {
        Payload::PenaltyDeducted(deducted) => Some((deducted.penalty_id, deducted.deduction_id)),
        _ => None,
    }
}

fn payment(recorded: &Recorded) -> Option<PaymentId> {
    match &recorded.fact.payload {
        Payload::Paid(paid) => Some(paid.payment_id()),
        _ => None,
    }
}
