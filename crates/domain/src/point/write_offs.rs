//! The points that are written off, as lines of a customer's history: what a lost incarnation paid beyond its holding
//! (ADR 0004). With these lines the history adds up to the balance.

use std::collections::BTreeSet;

use super::Account;
use crate::fact::{OrderKey, Payload, Recorded};
use crate::fold::{distinct, fold};
use crate::ids::IncarnationId;

/// The points of one customer that are written off for one reclaimed or forked incarnation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteOff {
    pub incarnation: IncarnationId,
    /// What the incarnation's lots lack, above 0.
    pub points: i128,
    /// The fact that dates the line: the first reclaim from the incarnation, or without one the first fact of the
    /// customer that the incarnation recorded. So the line keeps its place when more is written off.
    pub key: OrderKey,
}

/// Derives the write-offs of one customer from all the customer's facts, sorted by incarnation.
pub fn write_offs<'a>(
    facts: impl IntoIterator<Item = &'a Recorded>,
    forked: &BTreeSet<IncarnationId>,
) -> Vec<WriteOff> {
    let facts = distinct(facts);
    let account: Account = fold(facts.iter().copied());
    let first = |is: &dyn Fn(&Recorded) -> bool| facts.iter().find(|recorded| is(recorded)).map(|it| it.key());
    let line = |(incarnation, points)| {
        let reclaims = |it: &Recorded| matches!(&it.fact.payload, Payload::Reclaimed(p) if p.from == incarnation);
        // An incarnation from which nothing was reclaimed lacks points only by facts of its own.
        let key = first(&reclaims).or_else(|| first(&|it| it.fact.origin.incarnation == incarnation))?;
        Some(WriteOff { incarnation, points, key })
    };
    account.holdings.written_off_by(forked).filter_map(line).collect()
}
