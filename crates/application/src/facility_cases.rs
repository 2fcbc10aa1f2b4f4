//! The open cases of the whole facility. No customer's facts show them, so no projector stores them: they are derived when
//! they are read.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{CaseAbout, CaseId, CaseResolved, Payload};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId};
use nosmoke_domain::review::{Case, forked, rival_rules, shared_card};
use nosmoke_domain::words::CaseReason;
use nosmoke_ports::{Change, Read, StoreError};
use nosmoke_reading::rule_sets;

/// The most facts of a forked incarnation that are read: more than a resolution names.
const FORKED_FACTS_MAX: usize = 64;

/// An open case of the facility.
#[derive(Debug)]
pub(crate) struct FacilityCase {
    pub(crate) case: Case,
    /// Whom it is about; nobody if it is about a terminal or the rules.
    pub(crate) customers: Vec<CustomerId>,
    /// The customer under whose id a resolution is recorded; `None` if only an act settles it.
    pub(crate) recorded_under: Option<CustomerId>,
}

/// Returns the open cases, in no particular order; with `customer` only those about this one.
pub(crate) fn open(
    tx: &mut dyn Read,
    (reason, customer): (Option<CaseReason>, Option<CustomerId>),
    limit: usize,
) -> Result<Vec<FacilityCase>, StoreError> {
    let wanted = |of: CaseReason| reason.is_none_or(|reason| reason == of);
    let mut open = Vec::new();
    if wanted(CaseReason::SHARED_CARD) {
        let pairs = tx.shared_cards(customer, limit)?;
        open.extend(of_pairs(tx, &pairs)?);
    }
    if customer.is_none() && wanted(CaseReason::FORKED) {
        for incarnation in tx.forked()? {
            open.extend(of_fork(tx, incarnation)?);
        }
    }
    if customer.is_none() && wanted(CaseReason::RIVAL_RULES) {
        open.extend(of_rules(tx)?);
    }
    Ok(open)
}

/// Counts the open cases; of pairs of customers at most `limit`.
pub(crate) fn count(tx: &mut dyn Read, limit: usize) -> Result<usize, StoreError> {
    let pairs = tx.shared_cards(None, limit)?.len();
    let mut others = usize::from(of_rules(tx)?.is_some());
    for incarnation in tx.forked()? {
        others += usize::from(of_fork(tx, incarnation)?.is_some());
    }
    Ok(pairs + others)
}

/// Returns a case if it is one of the facility and open.
pub(crate) fn find(tx: &mut dyn Read, case: &CaseId) -> Result<Option<FacilityCase>, StoreError> {
    match case.reason {
        CaseReason::SHARED_CARD => {
            let one = case.about.names::<CustomerId>().next();
            let pairs = one.map(|one| tx.shared_cards(Some(one), usize::MAX)).transpose()?.unwrap_or_default();
            let is_it = |(one, other): &&(CustomerId, CustomerId)| CaseAbout::customers(*one, *other) == case.about;
            let pair: Vec<_> = pairs.iter().find(is_it).copied().into_iter().collect();
            Ok(of_pairs(tx, &pair)?.pop())
        }
        CaseReason::FORKED => match case.about.names::<IncarnationId>().next() {
            Some(incarnation) => Ok(of_fork(tx, incarnation)?.filter(|found| found.case.id == *case)),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

fn of_pairs(tx: &mut dyn Read, pairs: &[(CustomerId, CustomerId)]) -> Result<Vec<FacilityCase>, StoreError> {
    let mut cases = Vec::with_capacity(pairs.len());
    for (one, other) in pairs.iter().copied() {
        let mut both_since = DateTime::<Utc>::MIN_UTC;
        for id in [one, other] {
            both_since = tx.profile(id)?.map_or(both_since, |profile| profile.registered_at.max(both_since));
        }
        let case = shared_card(one, other, both_since);
        cases.push(FacilityCase { case, customers: vec![one, other], recorded_under: Some(one) });
    }
    Ok(cases)
}

fn of_fork(tx: &mut dyn Read, incarnation: IncarnationId) -> Result<Option<FacilityCase>, StoreError> {
    let facts = tx.forked_facts(incarnation, FORKED_FACTS_MAX)?;
    let resolutions = resolutions(tx, &CaseAbout::incarnation(incarnation))?;
    let found = forked(incarnation, facts.iter().map(|change| &change.recorded), &resolutions);
    let Some(case) = found.filter(|case| case.resolution.is_none()) else { return Ok(None) };
    let recorded_under = case.facts.first().and_then(|first| customer_of(&facts, *first));
    Ok(Some(FacilityCase { case, customers: Vec::new(), recorded_under }))
}

fn customer_of(facts: &[Change], event: EventId) -> Option<CustomerId> {
    facts.iter().map(|change| &change.recorded.fact).find(|fact| fact.event_id == event).map(|fact| fact.customer_id)
}

fn resolutions(tx: &mut dyn Read, about: &CaseAbout) -> Result<Vec<CaseResolved>, StoreError> {
    let mut changes = tx.resolutions(about)?;
    changes.sort_by_key(|change| change.recorded.key());
    let resolved = changes.into_iter().filter_map(|change| match change.recorded.fact.payload {
        Payload::CaseResolved(p) => Some(p),
        _ => None,
    });
    Ok(resolved.collect())
}

fn of_rules(tx: &mut dyn Read) -> Result<Option<FacilityCase>, StoreError> {
    let newest = rule_sets::newest(tx)?;
    let published: Vec<_> = newest.iter().map(|set| set.published.as_ref().map(|it| it.at)).collect();
    let case = newest.first().and_then(|set| rival_rules(set.rules.generation, &published));
    Ok(case.map(|case| FacilityCase { case, customers: Vec::new(), recorded_under: None }))
}
