//! Checks, after healing, that points arrive: a payment up to what a terminal holds, with what the incarnations hold
//! that it hears and that give, succeeds at the first try.

use std::collections::BTreeSet;
use std::sync::Arc;

use nosmoke_application::commands::Shortage;
use nosmoke_application::jobs::{Progress, reclaim_terminal};
use nosmoke_application::permission::{Authority, Caller};
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::ids::{CustomerId, IncarnationId, TerminalId};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::Points;
use nosmoke_ports::contract::{AppError, ErrorCode, JobKind, Numeral, Outcome, Pay, Request};
use nosmoke_ports::{Clock, Ids, StoreError, Worker, read};
use nosmoke_reading::reference::retired;
use nosmoke_reading::state::load;
use nosmoke_replication::incarnations::reclaim::find_lost;

use super::commands::SILENT_BEATS;
use super::disruptions::own_incarnations;
use super::invariants::{Broken, Invariant, ensure};
use super::terminal::block_on;
use super::world::World;

/// The number of customers for whom this is checked with each seed.
const CUSTOMERS: usize = 4;
/// How often each terminal publishes, reads and gives until the points must have come.
pub(super) const ROUNDS: usize = 12;

/// The amounts that must be payable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Amount {
    /// What a terminal and those that it hears hold.
    Reachable,
    /// The whole balance.
    Balance,
}

pub(super) struct Found {
    pub(super) here: IncarnationId,
    /// Whether the terminal is retired: then nobody gives it points.
    is_retired: bool,
    pub(super) account: Account,
    copied: BTreeSet<IncarnationId>,
}

pub(super) type Refused = (AppError, Option<Shortage>);

impl World {
    /// Checks that a payment up to what a terminal can get from the others succeeds at the first try.
    pub(super) fn check_points_arrive(&mut self) -> Result<(), Broken> {
        self.check_payments(Amount::Reachable)
    }

    /// Takes over the points of every incarnation that isn't alive any more, as a manager would. Then each customer's
    /// whole balance must be payable at any terminal: nothing is stuck for ever.
    pub(super) fn check_nothing_is_stuck(&mut self) -> Result<(), Broken> {
        let live = self.live();
        for _ in 0..SILENT_BEATS {
            self.true_time.pass(5);
            for at in &live {
                self.beat(*at)?;
                self.consume(*at)?;
            }
        }
        let by = live[self.rng.usize(..live.len())];
        let lost: BTreeSet<TerminalId> = self.nodes.iter().map(|node| node.terminal_id).collect();
        for lost in lost {
            self.take_over(by, lost)?;
        }
        self.observe(by)?;
        self.heal()?;
        self.check_payments(Amount::Balance)
    }

    /// Checks that the incarnations that ended at live terminals owe nothing: they hold nothing, and each of their
    /// check-outs has earned.
    pub(super) fn check_nothing_is_owed(&self) -> Result<(), Broken> {
        for at in self.live() {
            let own = own_incarnations(&self.nodes[at])?;
            let Some((_, ended)) = own.split_last() else { continue };
            for customer in self.nodes[at].mirror.facts.keys().copied() {
                let (account, visits) = block_on(read::<_, StoreError>(&*self.nodes[at].journal, move |tx| {
                    Ok((load::<Account>(tx, customer)?.state, load::<Visits>(tx, customer)?.state))
                }))?;
                let today = seoul_date(self.nodes[at].clock.now());
                let held = ended.iter().map(|of| account.holdings.lots(*of).live(today).above_zero()).sum::<i128>();
                ensure(Invariant::NothingStuck, held == 0, || format!("{held} P of {customer} are left at {at}"))?;
                let awaits = visits.open.values().find(|visit| {
                    visit.awaits_earning() && visit.check_out.as_ref().is_some_and(|out| own.contains(&out.incarnation))
                });
                ensure(Invariant::NothingStuck, awaits.is_none(), || format!("{at} owes an earning: {awaits:?}"))?;
            }
        }
        Ok(())
    }

    fn take_over(&mut self, by: usize, lost: TerminalId) -> Result<(), Broken> {
        for _ in 0..ROUNDS {
            self.consume(by)?;
        }
        let terminal = &self.nodes[by].terminal;
        let found = match block_on(find_lost(&terminal.core, lost)) {
            Err(AppError { code: ErrorCode::TerminalAlive | ErrorCode::UnknownTerminal, .. }) => return Ok(()),
            found => found.map_err(|error| Broken::new(Invariant::NothingStuck, format!("{by}: {error:?}")))?,
        };
        ensure(Invariant::NothingStuck, found.wait.is_zero() || found.incarnations.is_empty(), || {
            format!("{lost} isn't silent at {by} for another {:?}", found.wait)
        })?;
        let progress = Arc::new(Progress::unfollowed(JobKind::Reclaim, &terminal.core.clock));
        let taken_over = block_on(reclaim_terminal(terminal, Authority::OWNER, lost, progress));
        taken_over.map_err(|error| Broken::new(Invariant::NothingStuck, format!("{by} from {lost}: {error:?}")))
    }

    fn check_payments(&mut self, amount: Amount) -> Result<(), Broken> {
        let live = self.live();
        for _ in 0..ROUNDS {
            for at in &live {
                self.beat(*at)?;
                self.consume(*at)?;
            }
        }
        let mut customers = self.model.customers.to_vec();
        self.rng.shuffle(&mut customers);
        for customer in customers.into_iter().take(CUSTOMERS) {
            let at = live[self.rng.usize(..live.len())];
            if let Some(wanted) = self.payable(at, customer, amount)? {
                self.pay_with_requested(at, customer, wanted)?;
            }
        }
        Ok(())
    }

    /// Draws an amount of points that must be payable at a terminal; `None` if there are none.
    fn payable(&mut self, at: usize, customer: CustomerId, amount: Amount) -> Result<Option<Points>, Broken> {
        let points = match amount {
            Amount::Reachable => self.reachable(at, customer)?,
            Amount::Balance => self.whole_balance(at, customer)?,
        };
        let Ok(most) = Points::try_from(points.min(100_000)) else { return Ok(None) };
        Ok(Points::new(if self.rng.bool() { most.get() } else { self.rng.u64(1..=most.get()) }).ok())
    }

    /// The points of a customer that a terminal and those that it hears hold, and that it therefore must get.
    pub(super) fn reachable(&self, at: usize, customer: CustomerId) -> Result<i128, Broken> {
        let core = &self.nodes[at].terminal.core;
        let givers = core.heard.givers(core.clock.uptime());
        let found = self.account(at, customer)?;
        let Some(Found { here, is_retired, account, copied }) = found else { return Ok(0) };
        let is_whole = |of: &IncarnationId| !account.forked.contains(of) && !copied.contains(of);
        let gives = |of: &IncarnationId| *of == here || (!is_retired && givers.contains(of) && is_whole(of));
        let held: i128 = account
            .holdings
            .holders(seoul_date(core.clock.now()))
            .filter(|(of, _)| gives(of))
            .map(|(_, held)| held)
            .sum();
        Ok(if is_whole(&here) { held.min(account.balance(core.clock.now())) } else { 0 })
    }

    /// A customer's balance; 0 if some of it may have been spent elsewhere, or if the terminal is retired.
    fn whole_balance(&self, at: usize, customer: CustomerId) -> Result<i128, Broken> {
        let found = self.account(at, customer)?;
        let Some(Found { is_retired, account, copied, .. }) = found else { return Ok(0) };
        // An incarnation that forked may have spent its points elsewhere.
        let is_whole = |of: &IncarnationId| !account.forked.contains(of) && !copied.contains(of);
        let all = !is_retired && account.holdings.all().all(|(of, _)| is_whole(&of));
        Ok(if all { account.balance(self.nodes[at].terminal.core.clock.now()) } else { 0 })
    }

    /// A customer's account as a terminal knows it; `None` if the customer is erased.
    pub(super) fn account(&self, at: usize, customer: CustomerId) -> Result<Option<Found>, Broken> {
        let copied = self.model.copied.clone();
        let found = block_on(read::<_, StoreError>(&*self.nodes[at].terminal.core.journal, move |tx| {
            let Some(origin) = tx.origin()? else { return Ok(None) };
            let (here, is_retired) = (origin.incarnation, retired(tx)?.contains(&origin.terminal_id));
            let account: Account = load(tx, customer)?.state;
            Ok((!account.erased).then_some(Found { here, is_retired, account, copied }))
        }));
        Ok(found?)
    }

    /// Publishes, reads and gives everywhere once.
    pub(super) fn pass_points(&mut self) -> Result<(), Broken> {
        for terminal in self.live() {
            self.publish(terminal)?;
            self.consume(terminal)?;
            self.work(terminal, Worker::Giving)?;
            self.observe(terminal)?;
        }
        Ok(())
    }

    pub(super) fn try_to_pay(&mut self, at: usize, customer: CustomerId, points: Points) -> Result<Outcome, Refused> {
        let command =
            Pay { customer_id: customer, points: Numeral(points.get().into()), note: None, happened_at: None }.into();
        let request = Request { idempotency_key: self.nodes[at].ids.random().to_string(), command };
        block_on(self.nodes[at].terminal.commands.run_once(Caller::OWNER, request))
    }

    fn pay_with_requested(&mut self, at: usize, customer: CustomerId, wanted: Points) -> Result<(), Broken> {
        let not_asked = |why: &dyn std::fmt::Debug| format!("{at} doesn't ask for {wanted} P of {customer}: {why:?}");
        let (error, shortage) = match self.try_to_pay(at, customer, wanted) {
            Ok(_) => return self.observe(at).map(drop),
            Err(refused) => refused,
        };
        ensure(Invariant::PointsArrive, shortage.is_some(), || not_asked(&error))?;
        let shortage = Shortage { customer, wanted };
        let asked = block_on(self.nodes[at].terminal.commands.request_missing(shortage));
        let asked = asked.map_err(|error| Broken::new(Invariant::Works, format!("{error:?}")))?;
        let asked = asked.map_err(|refusal| Broken::new(Invariant::PointsArrive, not_asked(&refusal)))?;
        // A step may leave messages behind, as a slow network does; no time passes meanwhile.
        let mut paid = Err((error, Some(shortage)));
        for _ in 0..ROUNDS {
            self.pass_points()?;
            paid = self.try_to_pay(at, customer, wanted);
            if paid.is_ok() {
                break;
            }
        }
        self.nodes[at].terminal.core.points_requests.withdraw(customer, asked);
        self.publish(at)?;
        self.observe(at)?;
        ensure(Invariant::PointsArrive, paid.is_ok(), || {
            format!("{at} asked for {} P of {customer} to pay {wanted} P: {paid:?}", asked.points)
        })
    }
}
