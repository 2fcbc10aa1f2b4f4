//! The invariants of the simulation. After each step, the customers whom the step may have changed are checked; at
//! intervals, all customers and terminals.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use nosmoke_application::workers::REST_BEFORE_HANDING_OVER;
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Given, Payload};
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_ports::{Clock, Digest, Pace, Read, StoreError, Worker, read};
use nosmoke_reading::state::{Loaded, load};
use nosmoke_runtime::Step;

use super::journal_mirror::JournalDelta;
use super::model::given_back;
use super::terminal::{Node, block_on};
use super::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// A step fails only if a crash, a network fault or another disruption was simulated.
    Works,
    /// No live holding is below 0, neither by the facts that its holder knows nor by all facts.
    Overdrawn,
    /// Balance = earned + voided + adjusted + written off - paid - taken back.
    Balance,
    /// The fact of an answered command isn't lost.
    NothingLost,
    /// A customer's outstanding penalty points are never below 0.
    Outstanding,
    /// A state loaded from a snapshot equals the fold of the whole journal.
    Snapshot,
    /// Points come only from check-outs, voids and corrections. Giving points to another terminal or reclaiming them
    /// creates none.
    PointsMade,
    /// After healing, a payment up to what a terminal holds and what those hold that it hears and that give succeeds at
    /// the first try.
    PointsArrive,
    /// Points are handed over only to a hub that is heard, and only of customers of whom nothing happened for ten
    /// minutes of a process that began before.
    HandedOver,
    /// After the points of all incarnations that aren't alive were taken over, each balance is payable anywhere.
    NothingStuck,
    /// Only an incarnation whose folder was copied or restored unnoticed has two facts with the same seq. A folder that
    /// is noticed by its mark begins a new incarnation.
    OneIncarnation,
    /// A crash alone begins no new incarnation.
    SameIncarnation,
    /// A command given twice with the same key is recorded once.
    OnlyOnce,
    /// A program decodes every type of fact in its catalogue, also facts that an older program stored as unknown.
    Understood,
    /// A stored or sent digest equals the one computed from the facts.
    Digest,
    /// After healing the terminals come to rest.
    Rest,
    /// After healing every terminal has every fact.
    SameFacts,
    /// After healing every fact and document was read back from the log.
    Outbox,
    /// After healing the log has no data of erased persons.
    Erased,
    /// After healing profiles, notes and reference documents are the same everywhere.
    SameDocuments,
    /// After healing balances, standings and open penalties are the same everywhere.
    SameState,
    /// The same facts in another order give the same state.
    Replay,
    /// After healing the open cases are the same everywhere, and those of the same facts in another order.
    Cases,
    /// A case that was resolved isn't open until a further fact of it comes.
    StaysResolved,
    /// The points of a voided payment, or of a voided deduction's price, are given back once.
    VoidedOnce,
    /// A customer's entries on Mypage add up to the balance.
    AddsUp,
    /// Mypage's sums of another moment are those of the facts up to then.
    Travel,
    /// At every moment a published standing is that of the person's facts, so that all terminals have the same.
    Standings,
    /// Mypage's rows that were written step by step equal those of a rebuild.
    Rebuild,
}

/// A broken invariant, with details.
#[derive(Debug, Clone)]
pub(super) struct Broken {
    pub(super) invariant: Invariant,
    pub(super) detail: String,
}

impl Broken {
    pub(super) fn new(invariant: Invariant, detail: impl std::fmt::Display) -> Self {
        Self { invariant, detail: detail.to_string() }
    }
}

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self::new(Invariant::Works, error)
    }
}

pub(super) fn ensure(invariant: Invariant, holds: bool, detail: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken::new(invariant, detail())) }
}

impl World {
    /// Reads the facts that a step added to a terminal's journal and checks every customer whom it touched. Returns the
    /// number of facts added.
    pub(super) fn observe(&mut self, at: usize) -> Result<usize, Broken> {
        let node = &mut self.nodes[at];
        let after = node.mirror.last_change;
        let mut delta = block_on(read::<_, StoreError>(&*node.journal, move |tx| JournalDelta::read(tx, after)))?;
        let (changes, facts) = (std::mem::take(&mut delta.changes), delta.extent.facts);
        let (added, mut recorded_now) = (changes.len(), BTreeSet::new());
        let (now, mut active) = (node.clock.uptime(), BTreeSet::new());
        for change in changes {
            let (change_seq, customer) = (change.change_seq, change.recorded.fact.customer_id);
            let (recorded, new) = self.model.learn(change);
            let understood = !node.catalogue.is_whole() || self.model.is_known(&recorded);
            ensure(Invariant::Understood, understood, || format!("{at} doesn't understand {recorded:?}"))?;
            match &recorded.fact.payload {
                Payload::Given(given) if delta.own.contains(&given.to) => drop(active.insert(customer)),
                Payload::Given(Given { to, request: None, .. }) if new => {
                    let rested = |at: &Duration| now.saturating_sub(*at) >= REST_BEFORE_HANDING_OVER;
                    let rested = node.active.get(&customer).map_or_else(|| rested(&Duration::ZERO), rested);
                    // A process that has just begun crashed after this commit, and knows nothing of it any more.
                    let right = now.is_zero() || (rested && node.terminal.core.heard.is_heard(*to, now));
                    ensure(Invariant::HandedOver, right, || format!("{at} hands points of {customer} over to {to}"))?;
                }
                // Points that were asked for show that the customer is elsewhere, so what is left here may go.
                Payload::Given(_) => {}
                _ if delta.own.contains(&recorded.fact.origin.incarnation) => drop(active.insert(customer)),
                _ => {}
            }
            node.mirror.add(change_seq, recorded);
            if new {
                recorded_now.insert(customer);
            }
        }
        node.active.extend(active.into_iter().map(|customer| (customer, now)));
        let expected = node.mirror.hashes.len() as u64;
        ensure(Invariant::NothingLost, facts == expected, || format!("{at} has {facts} of {expected} facts"))?;
        self.model.check_incarnations()?;
        let touched = node.mirror.touched(after, &delta);
        let node = &self.nodes[at];
        for customer in touched {
            check_customer(node, customer)?;
        }
        recorded_now.iter().try_for_each(|customer| self.model.check_points_of(*customer))?;
        Ok(added)
    }

    /// Checks every terminal and every customer.
    pub(super) fn check_all(&mut self) -> Result<(), Broken> {
        for at in 0..self.nodes.len() {
            if self.nodes[at].retired {
                continue;
            }
            self.observe(at)?;
            let node = &self.nodes[at];
            check_journal(node)?;
            for customer in node.mirror.facts.keys() {
                check_customer(node, *customer)?;
            }
            check_mypage(node)?;
            self.check_travel(at)?;
        }
        self.model.check_points()
    }
}

/// Checks that a journal has all its facts, and that its digest is right.
fn check_journal(node: &Node) -> Result<(), Broken> {
    let (extent, hashes) = block_on(read::<_, StoreError>(&*node.journal, move |tx| {
        let hashes: BTreeSet<_> =
            tx.changes(0, usize::MAX >> 1)?.into_iter().map(|change| change.recorded.hash).collect();
        Ok((tx.extent()?, hashes))
    }))?;
    let lost = node.mirror.hashes.difference(&hashes).count();
    ensure(Invariant::NothingLost, lost == 0, || format!("{} has lost {lost} facts", node.number))?;
    let mut digest = Digest::default();
    hashes.iter().for_each(|hash| digest.add(*hash));
    ensure(Invariant::Digest, digest == extent.digest, || format!("{} says {}", node.number, extent.digest))
}

/// Checks that each customer's entries on Mypage add up to the balance, once its projector has passed all changes.
fn check_mypage(node: &Node) -> Result<(), Broken> {
    while block_on(node.terminal.workers.step(Worker::Mypage, Pace::Free))? == Step::More {}
    let rows = node.mypage.rows();
    for customer in node.mirror.facts.keys().copied() {
        let unit = move |tx: &mut dyn Read| Ok::<_, StoreError>(load::<Account>(tx, customer)?.state);
        let balance = block_on(read(&*node.journal, unit))?.balance(DateTime::<Utc>::MIN_UTC);
        let entries = rows.get(&customer).into_iter().flat_map(BTreeMap::values);
        let sum: i128 = entries.map(|row| i128::from(row.points)).sum();
        ensure(Invariant::AddsUp, sum == balance, || {
            format!("{customer} at {}: {balance}, the entries {sum}: {:?}", node.number, rows.get(&customer))
        })?;
    }
    Ok(())
}

/// Checks that Mypage's rows equal those of a rebuild.
pub(super) fn check_rebuild(node: &Node) -> Result<(), Broken> {
    let rows = node.mypage.rows();
    block_on(node.terminal.workers.rebuild_mypage())?;
    check_mypage(node)?;
    let rebuilt = node.mypage.rows();
    for (customer, rows) in &rows {
        let rebuilt = rebuilt.get(customer);
        ensure(Invariant::Rebuild, rebuilt == Some(rows), || {
            format!("{customer} at {}: {rows:?}\nrebuilt: {rebuilt:?}", node.number)
        })?;
    }
    Ok(())
}

fn check_customer(node: &Node, customer: CustomerId) -> Result<(), Broken> {
    let (account, visits, standing, here) = block_on(read::<_, StoreError>(&*node.journal, move |tx| {
        let account = load::<Account>(tx, customer)?;
        Ok((account, load::<Visits>(tx, customer)?, tx.standing(customer)?, tx.origin()?))
    }))?;
    let Loaded { state: account, .. } = account;
    let who = || format!("{customer} at {}", node.number);
    let holdings = &account.holdings;
    if holdings.voided.0 != 0 {
        let facts = node.mirror.facts.get(&customer).map(Vec::as_slice).unwrap_or_default();
        let once = given_back(facts.iter().map(Arc::as_ref));
        let voided = holdings.voided.0;
        ensure(Invariant::VoidedOnce, voided == once, || format!("{}: {voided} voided, once {once}", who()))?;
    }
    let sums = [holdings.earned, holdings.voided, holdings.adjusted].map(|sum| sum.0).iter().sum::<i128>();
    let counted = sums + holdings.written_off(&account.forked) - holdings.paid.0 - holdings.taken_back.0;
    let balance = account.balance(DateTime::<Utc>::MIN_UTC);
    ensure(Invariant::Balance, balance == counted, || format!("{}: {balance}, counted {counted}", who()))?;
    let published = standing.map_or(0, |row| row.copy.outstanding.0).min(account.outstanding(DateTime::<Utc>::MIN_UTC));
    ensure(Invariant::Outstanding, published >= 0, || format!("{}: {published} outstanding", who()))?;
    if let Some(here) = here.map(|origin| origin.incarnation) {
        let live = !holdings.is_reclaimed(here) && !account.forked.contains(&here);
        let below = holdings.lots(here).below_zero();
        ensure(Invariant::Overdrawn, below == 0 || !live, || format!("{}: {below} lacking here", who()))?;
    }
    let facts = node.mirror.facts.get(&customer).map(Vec::as_slice).unwrap_or_default();
    let mut whole: Account = fold(facts.iter().map(Arc::as_ref));
    whole.forked.clone_from(&account.forked);
    ensure(Invariant::Snapshot, account == whole, || format!("{}: {account:?}\nwhole: {whole:?}", who()))?;
    let whole: Visits = fold(facts.iter().map(Arc::as_ref));
    ensure(Invariant::Snapshot, visits.state == whole, || format!("{}: {visits:?}\nwhole: {whole:?}", who()))
}
