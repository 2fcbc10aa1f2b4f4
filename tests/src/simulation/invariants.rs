//! What must be true, and how it is looked at: what a step touched after each step, everything from time to time.

use std::collections::BTreeSet;
use std::sync::Arc;

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_ports::{Digest, StoreError, read};
use nosmoke_reading::state::{Loaded, load};

use super::known::Reached;
use super::terminal::{Node, now};
use super::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    /// A step fails only where something was made to fail.
    Works,
    /// No live holding is below 0, as its holder sees it and over all facts.
    Overdrawn,
    /// Balance = earned + voided + adjusted + written off - paid.
    Balance,
    /// What was answered stays.
    NothingLost,
    /// Outstanding is never below 0.
    Outstanding,
    /// A state made of a snapshot is the fold of the whole journal.
    Snapshot,
    /// Points come of check-outs, voids and corrections alone; giving and reclaiming make none.
    PointsMade,
    /// Only an incarnation whose folder was copied has two facts of one seq; and a copy, or an older folder, that can be
    /// told begins another.
    OneLife,
    /// A crash alone begins no other life.
    SameLife,
    /// A command given twice is recorded once.
    OnlyOnce,
    /// A program knows every fact that is of its catalogue, also what an older one kept.
    Understood,
    /// A digest is that of the facts.
    Digest,
    /// After healing the terminals come to rest.
    Rest,
    /// After healing every terminal has every fact.
    SameFacts,
    /// After healing nothing waits to be read back.
    Outbox,
    /// After healing the log tells nothing of who was erased.
    Erased,
    /// After healing profiles, notes and reference records are the same everywhere.
    SameRecords,
    /// After healing balances, standings and open penalties are the same everywhere.
    SameState,
    /// The facts in any other order make the same state.
    Replay,
}

/// An invariant that doesn't hold.
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

pub(super) fn hold(invariant: Invariant, holds: bool, detail: impl FnOnce() -> String) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken::new(invariant, detail())) }
}

impl World {
    /// Learns what a step added to a terminal's journal and looks at everybody whom it touched. Gives how many facts were
    /// added.
    pub(super) fn observe(&mut self, at: usize) -> Result<usize, Broken> {
        let node = &mut self.nodes[at];
        let after = node.known.last_change;
        let mut reached = now(read::<_, StoreError>(&*node.mortal, move |tx| Reached::read(tx, after)))?;
        let (changes, facts) = (std::mem::take(&mut reached.changes), reached.extent.facts);
        let (added, mut recorded_now) = (changes.len(), BTreeSet::new());
        for change in changes {
            let (change_seq, customer) = (change.change_seq, change.recorded.fact.customer_id);
            let (recorded, new) = self.model.learn(change);
            let understood = !node.catalogue.is_whole() || self.model.is_known(&recorded);
            hold(Invariant::Understood, understood, || format!("{at} doesn't understand {recorded:?}"))?;
            node.known.add(change_seq, recorded);
            if new {
                recorded_now.insert(customer);
            }
        }
        let known = node.known.hashes.len() as u64;
        hold(Invariant::NothingLost, facts == known, || format!("{at} has {facts} of {known} facts"))?;
        self.model.check_lives()?;
        let touched = node.known.touched(after, &reached);
        let node = &self.nodes[at];
        for customer in touched {
            look_at(node, customer)?;
        }
        recorded_now.iter().try_for_each(|customer| self.model.check_points_of(*customer))?;
        Ok(added)
    }

    /// Looks at everything.
    pub(super) fn check_all(&mut self) -> Result<(), Broken> {
        for at in 0..self.nodes.len() {
            if self.nodes[at].retired {
                continue;
            }
            self.observe(at)?;
            let node = &self.nodes[at];
            check_journal(node)?;
            for customer in node.known.facts.keys() {
                look_at(node, *customer)?;
            }
        }
        self.model.check_points()
    }
}

/// The journal's own count and digest, and the facts themselves.
fn check_journal(node: &Node) -> Result<(), Broken> {
    let (extent, hashes) = now(read::<_, StoreError>(&*node.mortal, move |tx| {
        let hashes: BTreeSet<_> =
            tx.changes(0, usize::MAX >> 1)?.into_iter().map(|change| change.recorded.hash).collect();
        Ok((tx.extent()?, hashes))
    }))?;
    let lost = node.known.hashes.difference(&hashes).count();
    hold(Invariant::NothingLost, lost == 0, || format!("{} has lost {lost} facts", node.number))?;
    let mut digest = Digest::default();
    hashes.iter().for_each(|hash| digest.add(*hash));
    hold(Invariant::Digest, digest == extent.digest, || format!("{} says {}", node.number, extent.digest))
}

fn look_at(node: &Node, customer: CustomerId) -> Result<(), Broken> {
    let (account, visits, standing, here) = now(read::<_, StoreError>(&*node.mortal, move |tx| {
        let account = load::<Account>(tx, customer)?;
        Ok((account, load::<Visits>(tx, customer)?, tx.standing(customer)?, tx.origin()?))
    }))?;
    let Loaded { state: account, .. } = account;
    let who = || format!("{customer} at {}", node.number);
    let holdings = &account.holdings;
    let sums = [holdings.earned, holdings.voided, holdings.adjusted].map(|sum| sum.0).iter().sum::<i128>();
    let counted = sums + holdings.written_off(&account.forked) - holdings.paid.0;
    let balance = account.balance();
    hold(Invariant::Balance, balance == counted, || format!("{}: {balance}, counted {counted}", who()))?;
    let published = standing.map_or(0, |row| row.copy.outstanding.0).min(account.outstanding());
    hold(Invariant::Outstanding, published >= 0, || format!("{}: {published} outstanding", who()))?;
    if let Some(here) = here.map(|origin| origin.incarnation) {
        let live = !holdings.is_reclaimed(here) && !account.forked.contains(&here);
        let held = holdings.held(here);
        hold(Invariant::Overdrawn, held >= 0 || !live, || format!("{}: {held} held here", who()))?;
    }
    let facts = node.known.facts.get(&customer).map(Vec::as_slice).unwrap_or_default();
    let mut whole: Account = fold(facts.iter().map(Arc::as_ref));
    whole.forked.clone_from(&account.forked);
    hold(Invariant::Snapshot, account == whole, || format!("{}: {account:?}\nwhole: {whole:?}", who()))?;
    let whole: Visits = fold(facts.iter().map(Arc::as_ref));
    hold(Invariant::Snapshot, visits.state == whole, || format!("{}: {visits:?}\nwhole: {whole:?}", who()))
}
