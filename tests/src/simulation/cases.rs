//! Draws resolutions, and checks the open cases of healed terminals.

use std::collections::BTreeSet;
use std::sync::Arc;

use nosmoke_domain::fact::{CaseAbout, CaseResolved, Payload, Recorded};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::{CaseReason, CaseResolution, OpenWord};
use nosmoke_ports::contract::{Command, ResolveCase};
use nosmoke_ports::{CaseQuery, CaseRow, Journal, ReadReview, StoreError, read};

use super::faults::Fault;
use super::invariants::{Broken, Invariant, ensure};
use super::terminal::{Node, block_on};
use super::world::World;

const ALL: usize = usize::MAX >> 1;
/// Open cases of which one is resolved.
const DRAWN_FROM: usize = 20;

/// The open cases at a terminal, and the pairs of customers with one card.
pub(super) type OpenCases = (Vec<CaseRow>, Vec<(CustomerId, CustomerId)>);

fn open(tx: &mut (impl ReadReview + ?Sized), limit: usize) -> Result<OpenCases, StoreError> {
    Ok((tx.open_cases(&CaseQuery { limit, ..CaseQuery::default() })?, tx.shared_cards(None, limit)?))
}

/// Returns the open cases at a terminal.
pub(super) fn open_cases(journal: &dyn Journal) -> Result<OpenCases, Broken> {
    Ok(block_on(read::<_, StoreError>(journal, |tx| open(tx, ALL)))?)
}

impl World {
    /// Draws the resolution of an open case, now and then by somebody who saw only some of its facts.
    pub(super) fn draw_resolution(&mut self, at: usize) -> Result<Option<Command>, Broken> {
        let found = block_on(read::<_, StoreError>(&*self.nodes[at].journal, |tx| open(tx, DRAWN_FROM)));
        let Some((cases, pairs)) = self.unless_crashed(at, found)? else { return Ok(None) };
        let rng = &mut self.rng;
        let resolution = CaseResolution::KNOWN[rng.usize(..CaseResolution::KNOWN.len())];
        let drawn = rng.usize(..(cases.len() + pairs.len()).max(1));
        if let Some(CaseRow { case, mut facts, .. }) = cases.into_iter().nth(drawn) {
            if rng.u8(..6) == 0 {
                facts.truncate(1);
            }
            return Ok(Some(ResolveCase { reason: case.reason, about: case.about.into(), resolution, facts }.into()));
        }
        Ok(Self::pick(rng, &pairs).map(|(one, other)| {
            let about = CaseAbout::customers(one, other).into();
            ResolveCase { reason: CaseReason::SHARED_CARD, about, resolution, facts: Vec::new() }.into()
        }))
    }

    /// Checks that cases which were resolved stay resolved, and that all terminals have the same open ones.
    pub(super) fn check_cases(&self) -> Result<(), Broken> {
        let live = self.live();
        for at in &live {
            check_resolved(&self.nodes[*at])?;
        }
        let first = open_cases(&*self.nodes[live[0]].journal)?;
        for at in &live[1..] {
            check_same_cases(&first, &open_cases(&*self.nodes[*at].journal)?, *at)?;
        }
        Ok(())
    }

    /// Applies the faults that are about cases.
    pub(super) fn plant_cases(&mut self, at: usize) -> Result<(), Broken> {
        let journal = &*self.nodes[at].journal;
        if self.has(at, Fault::LosesACase) {
            let (cases, _) = open_cases(journal)?;
            let Some(CaseRow { customer_id, .. }) = cases.into_iter().next() else { return Ok(()) };
            return self.tamper(at, move |tx| Ok(tx.put_open_cases(customer_id, &[])?));
        }
        if self.has(at, Fault::ReopensACase) {
            let Some((recorded, resolved)) = resolutions(&self.nodes[at]).next() else { return Ok(()) };
            let CaseResolved { case, facts, .. } = resolved.clone();
            let (customer_id, began_at) = (recorded.fact.customer_id, recorded.fact.occurred_at);
            let row = CaseRow { case, customer_id, began_at, facts, points: None };
            return self.tamper(at, move |tx| Ok(tx.put_open_cases(customer_id, std::slice::from_ref(&row))?));
        }
        Ok(())
    }
}

fn resolutions(node: &Node) -> impl Iterator<Item = (&Arc<Recorded>, &CaseResolved)> {
    node.mirror.facts.values().flatten().filter_map(|recorded| match &recorded.fact.payload {
        Payload::CaseResolved(resolved) => Some((recorded, resolved)),
        _ => None,
    })
}

/// Checks that no open case has only facts that one of its resolutions has seen.
fn check_resolved(node: &Node) -> Result<(), Broken> {
    let (open, _) = open_cases(&*node.journal)?;
    for (_, CaseResolved { case, facts, .. }) in resolutions(node) {
        let seen: BTreeSet<_> = facts.iter().collect();
        let again = open.iter().find(|row| row.case == *case && row.facts.iter().all(|fact| seen.contains(fact)));
        ensure(Invariant::StaysResolved, again.is_none(), || format!("{}: {again:?} was resolved", node.number))?;
    }
    Ok(())
}

/// Checks that two terminals, or two orders of the same facts, have the same open cases.
pub(super) fn check_same_cases(first: &OpenCases, other: &OpenCases, at: usize) -> Result<(), Broken> {
    ensure(Invariant::Cases, first == other, || {
        let only = |here: &OpenCases, there: &OpenCases| {
            here.0.iter().filter(|case| !there.0.contains(case)).cloned().collect::<Vec<_>>()
        };
        let (pairs, others) = (&first.1, &other.1);
        format!("{:?}\nat {at}: {:?}\ncards {pairs:?}, at {at} {others:?}", only(first, other), only(other, first))
    })
}
