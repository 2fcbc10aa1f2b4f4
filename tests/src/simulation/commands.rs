//! Draws random commands and gives them to a terminal, as its staff would.

use nosmoke_application::commands::Shortage;
use nosmoke_application::jobs::Progress;
use nosmoke_application::jobs::reclaim_terminal;
use nosmoke_application::permission::Caller;
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{AdjustReason, CloseReason, Ground, OverrideReason, PenaltyCode, VoidReason};
use nosmoke_ports::contract::{self, AppError, Command, ErrorCode, JobKind, Numeral, Outcome, ProfileInput, Request};
use nosmoke_ports::{Clock, Ids, Priority, Write, write};
use nosmoke_replication::incarnations::reclaim::{Lost, find_lost};
use std::sync::Arc;

use super::faults::Fault;
use super::invariants::{Broken, Invariant, ensure};
use super::operations::Operation;
use super::terminal::block_on;
use super::world::World;

/// A small number, so that terminals often act on the same customer.
const MAX_CUSTOMERS: usize = 10;

/// How far back something entered afterwards happened; the rules allow 14 days.
const PAST_MS: i64 = 10 * 24 * 60 * 60 * 1000;
/// How long a visit is that is entered afterwards.
const VISIT_MS: i64 = 3 * 60 * 60 * 1000;

fn numeral(value: i64) -> Numeral {
    Numeral(value.into())
}

/// Most heartbeats sent before a reclaim: a little more than two minutes of them.
pub(super) const SILENT_BEATS: usize = 28;

impl World {
    pub(super) fn command(&mut self, operation: Operation, at: usize) -> Result<String, Broken> {
        match operation {
            Operation::Ask => return self.ask(at),
            Operation::Reclaim => return self.reclaim(at),
            _ => {}
        }
        let Some(command) = self.draw(operation, at)? else { return Ok("nobody".into()) };
        let command = self.with_own_code(at, command)?;
        let caller = self.caller();
        let idempotency_key = self.nodes[at].ids.random().to_string();
        let request = Request { idempotency_key, command };
        let answer = block_on(self.nodes[at].terminal.commands.run_once(caller, request.clone()));
        let description = match &answer {
            Ok(outcome) => {
                self.check_answered(at, outcome)?;
                format!("{outcome:?}")
            }
            Err((error, _)) => self.refused(at, error)?,
        };
        if self.nodes[at].journal.has_crashed() {
            self.nodes[at].reopen()?;
            let added = self.observe(at)?;
            return self.repeat(at, caller, request, (added > 0).then_some(None));
        }
        if let Ok(outcome) = answer
            && self.rng.u8(..10) == 0
        {
            self.repeat(at, caller, request, Some(Some(outcome)))?;
        }
        Ok(description)
    }

    /// Checks that a command that was answered with success has recorded its fact.
    fn check_answered(&mut self, at: usize, outcome: &Outcome) -> Result<(), Broken> {
        let added = self.observe(at)?;
        match outcome {
            Outcome::CustomerSaved { customer_id, .. } if !self.model.customers.contains(customer_id) => {
                self.model.customers.push(*customer_id);
                return Ok(());
            }
            Outcome::CustomerSaved { .. }
            | Outcome::AreaSaved { .. }
            | Outcome::PlanSaved { .. }
            | Outcome::AreaCheckedOut { .. }
            | Outcome::Done => return Ok(()),
            Outcome::CheckedIn { customer_id, .. } if !self.model.customers.contains(customer_id) => {
                self.model.customers.push(*customer_id);
            }
            _ => {}
        }
        ensure(Invariant::NothingLost, added > 0, || format!("{at} answered {outcome:?} and recorded nothing"))
    }

    /// Repeats a command with its idempotency key, as a screen does that got no answer. `recorded` is set if the first
    /// attempt was recorded, and has its outcome if the attempt was answered.
    fn repeat(
        &mut self,
        at: usize,
        caller: Caller,
        request: Request,
        recorded: Option<Option<Outcome>>,
    ) -> Result<String, Broken> {
        if self.has(at, Fault::ForgetsKeys) {
            self.plant(at)?;
        }
        let answer = block_on(self.nodes[at].terminal.commands.run_once(caller, request));
        if let (Ok(Outcome::CheckedIn { customer_id, .. } | Outcome::CustomerSaved { customer_id, .. }), true) =
            (&answer, recorded.is_none())
            && !self.model.customers.contains(customer_id)
        {
            self.model.customers.push(*customer_id);
        }
        if self.nodes[at].journal.has_crashed() {
            return Ok("again: crashed".into());
        }
        let added = self.observe(at)?;
        if let Some(first) = recorded {
            let same = answer.as_ref().is_ok_and(|again| first.is_none_or(|first| *again == first));
            let once = added == 0 && same;
            ensure(Invariant::OnlyOnce, once, || format!("{at} recorded {added} facts more and answered {answer:?}"))?;
        }
        match answer {
            Ok(outcome) => Ok(format!("again: {outcome:?}")),
            Err((error, _)) => Ok(format!("again: {}", self.refused(at, &error)?)),
        }
    }

    /// Draws a command at random; `None` if the command needs an object, such as an open visit, and there is none.
    fn draw(&mut self, operation: Operation, at: usize) -> Result<Option<Command>, Broken> {
        match operation {
            Operation::Resolve => return self.draw_resolution(at),
            Operation::Part => return Ok(self.draw_parting(at)),
            _ => {}
        }
        let happened_at = self.draw_past(at);
        let (rng, model) = (&mut self.rng, &self.model);
        let customer = Self::pick(rng, &model.customers);
        let points = numeral(rng.i64(1..250));
        let note = (rng.u8(..6) == 0).then(|| format!("쪽지 {}", rng.u16(..)));
        let area_id = self.areas[rng.usize(..self.areas.len())];
        let reason = VoidReason::MISTAKEN;
        Ok(match operation {
            Operation::CheckIn => {
                let walk_in = model.customers.len() < MAX_CUSTOMERS && rng.u8(..8) == 0;
                let customer_id = customer.filter(|_| !walk_in);
                let admission = (rng.u8(..3) == 0).then_some(OverrideReason::MEDICAL);
                let is_possible = customer_id.is_some() || walk_in;
                is_possible.then_some(contract::CheckIn { customer_id, area_id: area_id.into(), admission }.into())
            }
            Operation::CheckOut => Self::pick(rng, &model.visits).map(|visit_id| {
                let points = (rng.u8(..4) == 0).then(|| numeral(rng.i64(1..400)));
                contract::CheckOut { visit_id, points, confirm_forgotten: rng.bool() }.into()
            }),
            Operation::TakeBack => {
                Self::pick(rng, &model.visits).map(|visit_id| contract::TakeBackCheckOut { visit_id }.into())
            }
            Operation::CloseVisit => Self::pick(rng, &model.visits).map(|visit_id| {
                contract::CloseVisit { visit_id, reason: CloseReason::FORGOTTEN, ended_at: None }.into()
            }),
            Operation::VoidVisit => {
                Self::pick(rng, &model.visits).map(|visit_id| contract::VoidVisit { visit_id, reason }.into())
            }
            Operation::Pay => {
                customer.map(|customer_id| contract::Pay { customer_id, points, note, happened_at }.into())
            }
            Operation::VoidPayment => {
                Self::pick(rng, &model.payments).map(|payment_id| contract::VoidPayment { payment_id, reason }.into())
            }
            Operation::Adjust => customer.filter(|_| self.nodes[at].catalogue.is_whole()).map(|customer_id| {
                let points = numeral([rng.i64(1..200), rng.i64(-300..0)][rng.usize(..2)]);
                contract::AdjustPoints { customer_id, points, reason: AdjustReason::GOODWILL, note }.into()
            }),
            Operation::Impose => customer.map(|customer_id| {
                let code = [None, Some(PenaltyCode::REPEAT)][rng.usize(..2)];
                contract::ImposePenalty { customer_id, code, points: None, area_id: None, note, happened_at }.into()
            }),
            Operation::Deduct => Self::pick(rng, &model.penalties).map(|penalty_id| {
                let education = rng.bool();
                let ground = if education { Ground::EDUCATION } else { Ground::SERVICE };
                let points = (!education).then(|| numeral(rng.i64(1..15)));
                let pay = rng.u8(..3) == 0;
                contract::DeductPenalty { penalty_id, ground, points, note, pay, happened_at }.into()
            }),
            Operation::VoidPenalty => {
                Self::pick(rng, &model.penalties).map(|penalty_id| contract::VoidPenalty { penalty_id, reason }.into())
            }
            Operation::VoidDeduction => Self::pick(rng, &model.deductions).map(|(penalty_id, deduction_id)| {
                contract::VoidPenaltyDeduction { penalty_id, deduction_id, reason }.into()
            }),
            Operation::Register => {
                let profile = profile(rng);
                (model.customers.len() < MAX_CUSTOMERS).then_some(contract::RegisterCustomer { profile }.into())
            }
            Operation::Revise => {
                let Some(customer_id) = customer else { return Ok(None) };
                let profile = profile(rng);
                let here = block_on(nosmoke_ports::read::<_, nosmoke_ports::StoreError>(
                    &*self.nodes[at].journal,
                    move |tx| tx.profile(customer_id),
                ));
                let here = self.unless_crashed(at, here)?.flatten();
                here.map(|here| contract::ReviseCustomer { customer_id, base_revision: here.revision, profile }.into())
            }
            Operation::Erase => {
                customer.map(|customer_id| contract::EraseCustomer { customer_id, reason: None }.into())
            }
            Operation::Link => customer
                .zip(Self::pick(rng, &model.customers))
                .map(|(customer_id, other_id)| contract::LinkCustomers { customer_id, other_id }.into()),
            Operation::EnterVisit => customer.map(|customer_id| {
                let now = self.nodes[at].clock.now().timestamp_millis();
                let ended_at = now - rng.i64(0..PAST_MS);
                let began_at = ended_at - rng.i64(0..VISIT_MS);
                contract::EnterVisit { customer_id, area_id: area_id.into(), began_at, ended_at }.into()
            }),
            Operation::SaveArea => {
                let name = format!("구역 {}", rng.u8(..));
                let capacity = (rng.u8(..3) == 0).then(|| numeral(rng.i64(3..20)));
                Some(contract::SaveArea { area_id: Some(area_id), name, capacity }.into())
            }
            Operation::SaveTerminal => Some(contract::SaveTerminal { name: format!("단말 {}", rng.u8(..)) }.into()),
            Operation::RetireTerminal => {
                let terminal_id = self.nodes[rng.usize(..self.nodes.len())].terminal_id;
                // Mostly taken back, so that most terminals get points.
                Some(contract::RetireTerminal { terminal_id, retired: rng.u8(..4) == 0 }.into())
            }
            Operation::SaveHub => {
                let hub = &self.nodes[rng.usize(..self.nodes.len())];
                Some(contract::SaveHub { terminal_id: (rng.u8(..4) > 0).then_some(hub.terminal_id) }.into())
            }
            _ => None,
        })
    }

    /// Draws the parting of two customers who were joined, as this terminal knows.
    fn draw_parting(&mut self, at: usize) -> Option<Command> {
        let facts = self.nodes[at].mirror.facts.iter().flat_map(|(one, facts)| facts.iter().map(move |it| (one, it)));
        let joined = facts.filter_map(|(one, recorded)| match &recorded.fact.payload {
            Payload::CustomersLinked(link) => Some((*one, link.other_id)),
            _ => None,
        });
        let joined: Vec<_> = joined.collect();
        Self::pick(&mut self.rng, &joined)
            .map(|(customer_id, other_id)| contract::PartCustomers { customer_id, other_id }.into())
    }

    /// Draws when something happened that is entered afterwards; mostly it isn't.
    fn draw_past(&mut self, at: usize) -> Option<i64> {
        let is_late = self.rng.u8(..16) == 0;
        is_late.then(|| self.nodes[at].clock.now().timestamp_millis() - self.rng.i64(0..PAST_MS))
    }

    /// Requests points of the other terminals, as a payment does if this terminal's holding is too small; the next time,
    /// tries the payment and withdraws the request.
    fn ask(&mut self, at: usize) -> Result<String, Broken> {
        let caller = self.caller();
        if let Some((Shortage { customer, wanted }, request)) = self.nodes[at].asked.take() {
            let command = contract::Pay {
                customer_id: customer,
                points: Numeral(wanted.get().into()),
                note: None,
                happened_at: None,
            }
            .into();
            let pay = Request { idempotency_key: self.nodes[at].ids.random().to_string(), command };
            let paid = block_on(self.nodes[at].terminal.commands.run_once(caller, pay));
            self.nodes[at].terminal.core.points_requests.withdraw(customer, request);
            return self.outcome(at, paid.map_err(|(error, _)| error));
        }
        let Some(customer) = Self::pick(&mut self.rng, &self.model.customers) else { return Ok("nobody".into()) };
        let wanted = Points::new(self.rng.u64(1..300)).map_err(|error| Broken::new(Invariant::Works, error))?;
        let (node, shortage) = (&mut self.nodes[at], Shortage { customer, wanted });
        if !node.terminal.core.connection.is_up() {
            return Ok("no connection".into());
        }
        let asked = block_on(node.terminal.commands.request_missing(shortage));
        node.asked = asked.as_ref().ok().and_then(|asked| asked.as_ref().ok()).map(|request| (shortage, *request));
        self.outcome(at, asked)
    }

    /// Reclaims the points of a lost terminal or, now and then, of a live one that staff wrongly believe lost.
    fn reclaim(&mut self, at: usize) -> Result<String, Broken> {
        let caller = self.caller();
        let lost: Vec<_> =
            self.nodes.iter().filter(|it| it.retired || it.number == at).map(|it| it.terminal_id).collect();
        let all: Vec<_> = self.nodes.iter().map(|it| it.terminal_id).collect();
        let from = if lost.is_empty() || self.rng.u8(..3) == 0 { all } else { lost };
        let lost = from[self.rng.usize(..from.len())];
        // Nothing of the lost terminal must be heard for two minutes in which this terminal's heartbeats come back. A
        // terminal that is alive is cut off for this time: no other terminal does anything meanwhile.
        for _ in 0..SILENT_BEATS {
            match block_on(find_lost(&self.nodes[at].terminal.core, lost)) {
                Ok(Lost { wait, .. }) if !wait.is_zero() => {}
                Err(AppError { code: ErrorCode::TerminalAlive, .. }) if self.nodes[at].terminal_id != lost => {}
                Ok(_) => break,
                Err(error) => return self.refused(at, &error),
            }
            self.true_time.pass(5);
            self.beat(at)?;
            self.consume(at)?;
            self.consume(at)?;
        }
        if block_on(find_lost(&self.nodes[at].terminal.core, lost)).is_ok_and(|lost| !lost.wait.is_zero()) {
            return Ok("not silent long enough".into());
        }
        let terminal = &self.nodes[at].terminal;
        let authority = block_on(terminal.queries.authority_of(caller))
            .map_err(|error| Broken::new(Invariant::Works, format!("{at}: {error:?}")))?;
        let progress = Arc::new(Progress::unfollowed(JobKind::Reclaim, &terminal.core.clock));
        self.outcome(at, block_on(reclaim_terminal(terminal, authority, lost, progress)))
    }

    /// Describes the outcome of a command for the trace. Returns a violation if an error code stands for a failure of
    /// the program, not for a refusal.
    fn outcome<T: std::fmt::Debug>(&self, at: usize, outcome: Result<T, AppError>) -> Result<String, Broken> {
        match outcome {
            Ok(done) => Ok(format!("{done:?}")),
            Err(error) => self.refused(at, &error),
        }
    }

    /// Writes to a journal through the port, as a faulty program would.
    pub(super) fn tamper(
        &mut self,
        at: usize,
        unit: impl FnMut(&mut dyn Write) -> Result<(), AppError> + Send + 'static,
    ) -> Result<(), Broken> {
        let journal = self.nodes[at].journal.clone();
        match block_on(write(&*journal, Priority::Command, unit)) {
            Err(error) if !journal.has_crashed() => Err(Broken::new(Invariant::Works, format!("{error:?}"))),
            _ => Ok(()),
        }
    }

    pub(super) fn some_customer(&mut self) -> Option<CustomerId> {
        Self::pick(&mut self.rng, &self.model.customers)
    }

    pub(super) fn has(&self, at: usize, fault: Fault) -> bool {
        self.nodes[at].fault == Some(fault)
    }
}

fn profile(rng: &mut fastrand::Rng) -> ProfileInput {
    let names = ["김하늘", "이서준", "Anna", "박지우"];
    ProfileInput {
        name: names[rng.usize(..names.len())].into(),
        phone: rng.bool().then(|| format!("010-{:04}-{:04}", rng.u16(..10_000), rng.u16(..10_000))),
        // Only a few card numbers, so that two terminals sometimes give out the same one.
        card: (rng.u8(..3) == 0).then(|| format!("C{}", rng.u8(..12))),
        consent_on: None,
    }
}
