//! Visits that were admitted although the customer was prohibited.

use std::collections::{BTreeMap, BTreeSet};

use super::found::FoundCases;
use super::knowledge::Knowledge;
use super::penalty_cases::penalty_of;
use crate::fact::{CaseAbout, Novelty, Payload, Recorded};
use crate::fold::State;
use crate::ids::{CustomerId, VisitId};
use crate::links::Links;
use crate::point::Account;
use crate::rules::Rules;
use crate::words::{CaseReason, Standing};

/// Finds check-ins recorded without a ban although the person was prohibited by what the terminal knew (its published
/// copy lagged), or by facts of other terminals up to that time. A penalty of somebody who knew the visit counts for
/// later visits only, and a voided penalty for none. A visit entered afterwards is judged by its own time alone.
pub(super) fn admitted_while_prohibited(
    customer: CustomerId,
    facts: &[&Recorded],
    known: &Knowledge,
    found: &mut FoundCases,
) {
    let matters = |it: &&&Recorded| {
        penalty_of(&it.fact.payload).is_some()
            || matches!(it.fact.payload, Payload::LevelsRevised(_))
            || matches!(it.fact.payload, Payload::CustomersLinked(_) | Payload::CustomersParted(_))
    };
    let relevant: Vec<&Recorded> = facts.iter().filter(matters).copied().collect();
    if !relevant.iter().any(|it| matches!(it.fact.payload, Payload::PenaltyImposed(_))) {
        return;
    }
    let voided = voided(facts);
    let mut last: Option<(Vec<bool>, Accounts)> = None;
    for recorded in facts.iter().filter(|it| it.fact.customer_id == customer) {
        let Payload::CheckedIn(p) = &recorded.fact.payload else { continue };
        // Whoever enters a visit afterwards knows of the ban, and admits nobody.
        let knew_of_ban = p.standing == Standing::Prohibited && !recorded.fact.is_late();
        if knew_of_ban || voided.contains(&p.visit_id) {
            continue;
        }
        let counts = |it: &&Recorded| {
            let (visit, fact) = (recorded.fact.event_id, it.fact.event_id);
            let is_before = it.key() < recorded.key() && !known.knew(fact, visit);
            let is_void = matches!(it.fact.payload, Payload::PenaltyVoided(_));
            is_void || is_before || (!recorded.fact.is_late() && known.knew(visit, fact))
        };
        let set: Vec<bool> = relevant.iter().map(counts).collect();
        if last.as_ref().is_none_or(|(of, _)| *of != set) {
            let counted = relevant.iter().zip(&set).filter(|(_, counts)| **counts).map(|(it, _)| *it);
            let accounts = Accounts::of(customer, counted);
            last = Some((set, accounts));
        }
        let prohibiting = last.as_ref().and_then(|(_, accounts)| accounts.prohibiting(recorded));
        if let Some(account) = prohibiting {
            let of_ban = |it: &Recorded| match &it.fact.payload {
                Payload::PenaltyImposed(p) => account.penalties.contains_key(&p.penalty_id()),
                _ => false,
            };
            let penalties = relevant.iter().filter(|it| counts(it) && of_ban(it)).map(|it| it.key());
            let keys = penalties.chain([recorded.key()]);
            found.add(CaseReason::ADMITTED_IN_BAN, CaseAbout::visit(p.visit_id), keys);
        }
    }
}

fn voided(facts: &[&Recorded]) -> BTreeSet<VisitId> {
    let of = |it: &&Recorded| match &it.fact.payload {
        Payload::VisitVoided(p) => Some(p.visit_id),
        _ => None,
    };
    facts.iter().filter_map(of).collect()
}

/// The accounts of a customer and of the ids joined with it, by the penalty facts that count.
struct Accounts(Vec<Account>);

impl Accounts {
    fn of<'a>(customer: CustomerId, facts: impl Iterator<Item = &'a Recorded>) -> Self {
        let mut accounts: BTreeMap<CustomerId, (Account, Links)> = BTreeMap::new();
        for recorded in facts {
            let (account, links) = accounts.entry(recorded.fact.customer_id).or_default();
            let _whole = account.apply(recorded, Novelty::Whole);
            links.apply(&recorded.fact.payload);
        }
        let parted = |link| accounts.values().any(|(_, links)| links.is_parted(link));
        let mut joined = BTreeSet::from([customer]);
        loop {
            let before = joined.len();
            for (of, (_, links)) in &accounts {
                for (_, other) in links.joined().filter(|(link, _)| !parted(*link)) {
                    if joined.contains(of) || joined.contains(&other) {
                        joined.extend([*of, other]);
                    }
                }
            }
            if joined.len() == before {
                break;
            }
        }
        Self(accounts.into_iter().filter(|(of, _)| joined.contains(of)).map(|(_, (account, _))| account).collect())
    }

    /// The account that prohibits smoking at the moment of a fact, if any does.
    fn prohibiting(&self, recorded: &Recorded) -> Option<&Account> {
        let (rules, at) = (Rules::default(), recorded.fact.occurred_at);
        self.0.iter().find(|account| account.standing(&rules, at) == Standing::Prohibited)
    }
}
