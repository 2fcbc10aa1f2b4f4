//! The simulator's own knowledge of all terminals: every fact that was ever in a journal, and the ids of customers,
//! visits and so on that random commands can use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Hash, Payload, Recorded};
use nosmoke_domain::fold::{distinct, fold};
use nosmoke_domain::ids::{CustomerId, IncarnationId, NoteId, PaymentId, PenaltyDeductionId, PenaltyId, VisitId};
use nosmoke_domain::point::Account;
use nosmoke_ports::Change;

use super::invariants::{Broken, Invariant, ensure};

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) facts: BTreeMap<Hash, Arc<Recorded>>,
    by_customer: BTreeMap<CustomerId, Vec<Arc<Recorded>>>,
    by_seq: BTreeMap<(IncarnationId, u64), Hash>,
    /// Incarnations that have two facts with the same seq.
    pub(super) forked: BTreeSet<IncarnationId>,
    /// Incarnations that may fork, because their folder was copied or restored without the program noticing.
    pub(super) copied: BTreeSet<IncarnationId>,
    pub(super) customers: Vec<CustomerId>,
    pub(super) visits: Vec<VisitId>,
    pub(super) payments: Vec<PaymentId>,
    pub(super) penalties: Vec<PenaltyId>,
    pub(super) deductions: Vec<(PenaltyId, PenaltyDeductionId)>,
    pub(super) notes: Vec<NoteId>,
    pub(super) erased: BTreeSet<CustomerId>,
    pub(super) kinds: BTreeMap<&'static str, u64>,
}

impl Model {
    /// Adds a fact that was found in a journal, unless it is known already. Returns the fact, and true if it is new.
    pub(super) fn learn(&mut self, change: Change) -> (Arc<Recorded>, bool) {
        let recorded = change.recorded;
        if let Some(known) = self.facts.get(&recorded.hash) {
            // An older program may have decoded the same bytes as a fact of unknown type.
            let same = known.fact.payload == recorded.fact.payload;
            return (if same { known.clone() } else { Arc::new(recorded) }, false);
        }
        let recorded = Arc::new(recorded);
        let fact = &recorded.fact;
        self.facts.insert(recorded.hash, recorded.clone());
        self.by_customer.entry(fact.customer_id).or_default().push(recorded.clone());
        let incarnation = fact.origin.incarnation;
        if self.by_seq.insert((incarnation, fact.seq), recorded.hash).is_some() {
            self.forked.insert(incarnation);
        }
        let note = match &fact.payload {
            Payload::CheckedIn(p) => {
                self.visits.push(p.visit_id);
                None
            }
            Payload::Paid(p) => {
                self.payments.push(p.payment_id());
                p.note_id()
            }
            Payload::PenaltyImposed(p) => {
                self.penalties.push(p.penalty_id());
                p.note_id
            }
            Payload::PointsAdjusted(p) => p.note_id,
            Payload::PenaltyDeducted(p) => {
                self.deductions.push((p.penalty_id, p.deduction_id));
                p.note_id
            }
            Payload::CustomerErased(_) => {
                self.erased.insert(fact.customer_id);
                None
            }
            _ => None,
        };
        self.notes.extend(note);
        *self.kinds.entry(fact.payload.fact_type().map_or("Unknown", |kind| kind.name())).or_default() += 1;
        (recorded, true)
    }

    /// Returns true if this terminal decodes the fact to the same payload as the terminal that recorded it.
    pub(super) fn is_known(&self, recorded: &Recorded) -> bool {
        self.facts.get(&recorded.hash).is_some_and(|known| known.fact.payload == recorded.fact.payload)
    }

    /// Checks that only incarnations whose folder was copied or restored unnoticed have forked.
    pub(super) fn check_incarnations(&self) -> Result<(), Broken> {
        match self.forked.difference(&self.copied).next() {
            None => Ok(()),
            Some(forked) => Err(Broken::new(Invariant::OneIncarnation, format!("{forked} has two facts of one seq"))),
        }
    }

    pub(super) fn check_points(&self) -> Result<(), Broken> {
        self.by_customer.keys().try_for_each(|customer| self.check_points_of(*customer))
    }

    /// Checks with the facts of all terminals that no points appear from nowhere and that no live holding is negative.
    pub(super) fn check_points_of(&self, customer: CustomerId) -> Result<(), Broken> {
        let facts = self.by_customer.get(&customer).map(Vec::as_slice).unwrap_or_default();
        let facts: Vec<&Recorded> = facts.iter().map(Arc::as_ref).collect();
        let mut account: Account = fold(facts.iter().copied());
        account.forked.clone_from(&self.forked);
        let made = made(&facts).map_err(|why| Broken::new(Invariant::PointsMade, format!("{customer}: {why}")))?;
        let held: i128 = account.holdings.all().map(|(_, lots)| lots.total()).sum();
        ensure(Invariant::PointsMade, held == made, || format!("{customer}: {held} held, {made} made"))?;
        let balance = account.balance(DateTime::<Utc>::MIN_UTC) - account.holdings.written_off(&self.forked);
        ensure(Invariant::PointsMade, balance == made, || format!("{customer}: {balance} in all, {made} made"))?;
        for (holder, lots) in account.holdings.all() {
            let below = lots.below_zero();
            let live = !account.holdings.is_reclaimed(holder) && !self.copied.contains(&holder);
            ensure(Invariant::Overdrawn, below == 0 || !live, || format!("{customer}: {holder} lacks {below} in all"))?;
        }
        Ok(())
    }
}

/// Adds up a customer's points without the fold that is under test: points earned for check-outs, minus payments that
/// aren't voided, minus prices of penalty deductions that aren't voided, plus corrections, minus what was taken back.
fn made(facts: &[&Recorded]) -> Result<i128, String> {
    let (mut earnings, mut earned, mut paid) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    let (mut bought, mut adjusted, mut taken_back) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut sum = 0;
    let facts = distinct(facts.iter().copied());
    for Recorded { fact, .. } in &facts {
        if let Payload::CheckedOut(out) = &fact.payload
            && let Some(earning) = out.earning
        {
            earnings.insert((earning.earning_id, fact.origin.incarnation), earning.points);
        }
    }
    for Recorded { fact, .. } in &facts {
        let recorder = fact.origin.incarnation;
        match &fact.payload {
            Payload::Earned(p) if earned.insert(p.earning_id) => {
                if earnings.get(&(p.earning_id, recorder)) != Some(&p.points) {
                    return Err(format!("{} is earned, but by no check-out of {recorder}", p.earning_id));
                }
                sum += p.points.sum();
            }
            Payload::Paid(p) if paid.insert(p.payment_id()) => sum -= p.points().sum(),
            Payload::PenaltyDeducted(p) if bought.insert((p.penalty_id, p.deduction_id)) => {
                sum -= p.price.as_ref().map_or(0, |price| price.points().sum());
            }
            Payload::PointsAdjusted(p) if adjusted.insert(p.adjustment_id()) => sum += p.points().sum(),
            Payload::CheckOutTakenBack(p) if taken_back.insert((p.visit_id, p.check_out, recorder)) => {
                sum -= p.lots.as_ref().map_or(0, |lots| lots.points().sum());
            }
            _ => {}
        }
    }
    Ok(sum + given_back(facts))
}

/// Adds up what voids of payments and of deductions with a price give back, each voided id once, without the fold that is
/// under test. `facts` are those of one customer.
pub(super) fn given_back<'a>(facts: impl IntoIterator<Item = &'a Recorded>) -> i128 {
    let (mut paid, mut bought) = (BTreeMap::new(), BTreeMap::new());
    let (mut voids, mut deduction_voids) = (BTreeSet::new(), BTreeSet::new());
    for Recorded { fact, .. } in distinct(facts) {
        let recorder = fact.origin.incarnation;
        match &fact.payload {
            Payload::Paid(p) => {
                paid.entry(p.payment_id()).or_insert((recorder, p.points().sum()));
            }
            Payload::PenaltyDeducted(p) => {
                let price = p.price.as_ref().map_or(0, |price| price.points().sum());
                bought.entry((p.penalty_id, p.deduction_id)).or_insert((recorder, price));
            }
            Payload::PaymentVoided(p) => {
                voids.insert((p.payment_id, recorder));
            }
            Payload::PenaltyDeductionVoided(p) => {
                deduction_voids.insert((p.penalty_id, p.deduction_id, recorder));
            }
            _ => {}
        }
    }
    let of_payments = paid.iter().filter(|(id, (payer, _))| voids.contains(&(**id, *payer)));
    let of_payments: i128 = of_payments.map(|(_, (_, points))| points).sum();
    let of_prices = bought.iter().filter(|((a, b), (payer, _))| deduction_voids.contains(&(*a, *b, *payer)));
    of_payments + of_prices.map(|(_, (_, price))| price).sum::<i128>()
}
