//! Checks, after healing, that two terminals that want a customer's points at once don't keep them from each other.

use nosmoke_application::commands::Shortage;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::PointsRequest;
use nosmoke_domain::points::Points;

use super::invariants::{Broken, Invariant, ensure};
use super::liveness::{Found, ROUNDS};
use super::terminal::block_on;
use super::world::World;

fn points(number: i128) -> Result<Points, Broken> {
    Points::try_from(number).map_err(|error| Broken::new(Invariant::Works, error))
}

impl World {
    /// Lets two terminals pay points of one customer at once: amounts of which both can be paid, and then amounts of
    /// which one can be paid only.
    pub(super) fn check_contention(&mut self) -> Result<(), Broken> {
        // Each must know of the last payments before.
        for _ in 0..ROUNDS {
            self.pass_points()?;
        }
        let mut customers = self.model.customers.to_vec();
        self.rng.shuffle(&mut customers);
        let mut live = self.live();
        self.rng.shuffle(&mut live);
        let [first, second, ..] = live[..] else { return Ok(()) };
        let both = customers.iter().find_map(|customer| {
            let most = self.reachable(first, *customer).ok()?.min(self.reachable(second, *customer).ok()?);
            (most >= 2).then_some((*customer, most))
        });
        if let Some((customer, most)) = both {
            let wanted = self.rng.i128(1..most);
            self.pay_both(customer, [(first, points(wanted)?), (second, points(most - wanted)?)])?;
        }
        let one = customers.iter().find_map(|customer| {
            let [here, there] = [first, second].map(|at| self.reachable(at, *customer).ok());
            let [held, held_there] = [first, second].map(|at| self.held(at, *customer).ok());
            let most = here.filter(|most| there == Some(*most))?;
            (held? < most && held_there? < most && held? + held_there? > 0).then_some((*customer, most))
        });
        match one {
            Some((customer, most)) => self.pay_one(customer, [first, second], points(most)?),
            None => Ok(()),
        }
    }

    /// What a terminal holds of a customer's points itself.
    fn held(&self, at: usize, customer: CustomerId) -> Result<i128, Broken> {
        let found = self.account(at, customer)?;
        Ok(found.map_or(0, |Found { here, account, .. }| account.holdings.lots(here).above_zero()))
    }

    /// Two payments that are payable together: each succeeds at the second try at the latest.
    fn pay_both(&mut self, customer: CustomerId, all: [(usize, Points); 2]) -> Result<(), Broken> {
        let mut left = all.to_vec();
        for _try in 0..2 {
            left = self.try_at_once(customer, left)?;
            if left.is_empty() {
                return Ok(());
            }
        }
        let why = format!("{left:?} of {all:?} P of {customer} aren't paid after two tries");
        Err(Broken::new(Invariant::PointsArrive, why))
    }

    /// Two terminals that want the same points, of which each holds a part or asks a third one: one of them succeeds.
    /// Neither may keep what the other waits for.
    fn pay_one(&mut self, customer: CustomerId, terminals: [usize; 2], wanted: Points) -> Result<(), Broken> {
        let left = self.try_at_once(customer, terminals.map(|at| (at, wanted)).to_vec())?;
        // Both are paid if holdings below 0 elsewhere keep the balance below what the two can get.
        ensure(Invariant::PointsArrive, left.len() < terminals.len(), || {
            format!("neither of {terminals:?} could pay {wanted} P of {customer}")
        })
    }

    /// Lets each terminal ask for what it lacks of its payment, and try to pay until the requests end. Returns the
    /// payments that weren't made.
    fn try_at_once(
        &mut self,
        customer: CustomerId,
        mut left: Vec<(usize, Points)>,
    ) -> Result<Vec<(usize, Points)>, Broken> {
        let mut asked = Vec::new();
        for (at, wanted) in &left {
            let commands = &self.nodes[*at].terminal.commands;
            let request = block_on(commands.request_missing(Shortage { customer, wanted: *wanted }));
            let request = request.map_err(|error| Broken::new(Invariant::Works, format!("{error:?}")))?;
            asked.extend(request.ok().map(|request| (*at, request)));
        }
        for _ in 0..ROUNDS {
            let mut still = Vec::new();
            for (at, wanted) in left {
                match self.try_to_pay(at, customer, wanted) {
                    Ok(_) => self.withdraw(customer, &asked, at),
                    Err(_) => still.push((at, wanted)),
                }
                self.observe(at)?;
            }
            left = still;
            self.pass_points()?;
        }
        for (at, _) in &left {
            self.withdraw(customer, &asked, *at);
        }
        self.pass_points()?;
        Ok(left)
    }

    fn withdraw(&self, customer: CustomerId, asked: &[(usize, PointsRequest)], at: usize) {
        for (_, request) in asked.iter().filter(|(by, _)| *by == at) {
            self.nodes[at].terminal.core.points_requests.withdraw(customer, *request);
        }
    }
}
