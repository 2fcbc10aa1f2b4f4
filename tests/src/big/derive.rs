//! What the program derives from all facts of one person, by the functions that its projectors use.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::check_in::Visits;
use nosmoke_domain::fact::{Payload, Recorded};
use nosmoke_domain::fold::fold;
use nosmoke_domain::ids::{AreaId, CustomerId, EventId, LinkId};
use nosmoke_domain::penalty::Penalty;
use nosmoke_domain::point::{Account, StandingCopy, published};
use nosmoke_domain::points::Points;
use nosmoke_domain::review::cases;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Ground;
use nosmoke_ports::{CaseRow, Change, EntryRow, InsideRow, PenaltyRow, Saved};
use nosmoke_reading::entries::{entries, subject_of, write_off_rows};
use nosmoke_reading::occupancy::inside_rows;
use nosmoke_reading::state::{InContext, Loaded, save};
use uuid::Uuid;

use super::story::Person;

/// A person of whom nothing more will come.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) customers: Vec<Person>,
    /// All facts of the person, in the order of the feed.
    pub(super) facts: Vec<Change>,
}

/// The rows of one customer in the journal.
#[derive(Debug)]
pub(super) struct CustomerRows {
    pub(super) person: Person,
    pub(super) of_facts: Option<RowsOfFacts>,
    /// Also of a customer without facts, if it is linked with one that has some.
    pub(super) standing: Option<StandingCopy>,
    pub(super) inside: Vec<InsideRow>,
    pub(super) last_visit: Option<(DateTime<Utc>, AreaId)>,
    pub(super) penalties: Vec<PenaltyRow>,
    pub(super) cases: Vec<CaseRow>,
}

/// The rows that every customer with facts has.
#[derive(Debug)]
pub(super) struct RowsOfFacts {
    pub(super) visits: Saved,
    pub(super) account: Saved,
    /// The last fact, which the next one will name.
    pub(super) tip: EventId,
}

/// Derives the rows of all customers of one person, and the person's lines of Mypage.
pub(super) fn derive(person: Finished, rules: &Rules, now: DateTime<Utc>) -> (Vec<CustomerRows>, Vec<EntryRow>) {
    let Finished { customers, facts } = person;
    let linked = is_linked(&facts);
    let of = |id: CustomerId| facts.iter().map(|it| &it.recorded).filter(move |it| it.fact.customer_id == id);
    let ids = customers.iter().map(|it| it.profile.customer_id);
    let accounts: BTreeMap<CustomerId, Account> = ids.map(|id| (id, fold(of(id)))).collect();
    let (mut rows, mut written_off) = (Vec::new(), Vec::new());
    for person in customers {
        let id = person.profile.customer_id;
        let own = || facts.iter().filter(|it| it.recorded.fact.customer_id == id);
        let counting = accounts.iter().filter(|(of, _)| linked || **of == id).map(|(_, account)| account);
        let visits: Visits = fold(of(id));
        let inside = inside_rows(id, &visits);
        let of_facts = own().next_back().map(|last| RowsOfFacts {
            visits: saved(visits, last.change_seq),
            account: saved(accounts[&id].clone(), last.change_seq),
            tip: last.recorded.fact.event_id,
        });
        let standing = match of_facts.is_some() || linked {
            true => published(&counting.collect::<Vec<_>>(), rules, now),
            false => None,
        };
        let cases = match linked {
            true => open_cases(id, facts.iter().map(|it| &it.recorded)),
            false => open_cases(id, of(id)),
        };
        if of(id).any(|it| matches!(it.fact.payload, Payload::Reclaimed(_))) {
            written_off.extend(write_off_rows(id, of(id), &BTreeSet::new()));
        }
        let (last_visit, penalties) = (last_visit(own()), penalties(own()));
        rows.push(CustomerRows { person, of_facts, standing, inside, last_visit, penalties, cases });
    }
    let mut lines = lines(facts);
    lines.extend(written_off);
    (rows, lines)
}

fn saved<S: InContext>(state: S, change_seq: i64) -> Saved {
    save(&Loaded { state, change_seq }).expect("a state is JSON")
}

/// Whether a link of the person counts at the end.
fn is_linked(facts: &[Change]) -> bool {
    let (mut made, mut parted) = (BTreeSet::<LinkId>::new(), BTreeSet::new());
    for change in facts {
        match &change.recorded.fact.payload {
            Payload::CustomersLinked(p) => drop(made.insert(p.link_id)),
            Payload::CustomersParted(p) => drop(parted.insert(p.link_id)),
            _ => {}
        }
    }
    made.difference(&parted).next().is_some()
}

fn last_visit<'a>(facts: impl Iterator<Item = &'a Change>) -> Option<(DateTime<Utc>, AreaId)> {
    let mut last: Option<(DateTime<Utc>, AreaId)> = None;
    for change in facts {
        let fact = &change.recorded.fact;
        if let Payload::CheckedIn(p) = &fact.payload
            && last.is_none_or(|(at, _)| fact.occurred_at > at)
        {
            last = Some((fact.occurred_at, p.area_id));
        }
    }
    last
}

fn penalties<'a>(facts: impl Iterator<Item = &'a Change>) -> Vec<PenaltyRow> {
    let mut of_penalty: BTreeMap<_, Vec<&Change>> = BTreeMap::new();
    for change in facts {
        let penalty_id = match &change.recorded.fact.payload {
            Payload::PenaltyImposed(p) => p.penalty_id(),
            Payload::PenaltyDeducted(p) => p.penalty_id,
            Payload::PenaltyVoided(p) => p.penalty_id,
            Payload::PenaltyDeductionVoided(p) => p.penalty_id,
            _ => continue,
        };
        of_penalty.entry(penalty_id).or_default().push(change);
    }
    let row = |(penalty_id, facts): (_, Vec<&Change>)| {
        let penalty = Penalty::of(facts.iter().map(|change| &change.recorded));
        let imposed = penalty.imposed.as_ref()?;
        let by = facts.iter().find(|change| change.recorded.key() == imposed.key)?;
        Some(PenaltyRow {
            penalty_id,
            customer_id: by.recorded.fact.customer_id,
            imposed_at: imposed.key.occurred_at,
            code: imposed.code,
            points: imposed.points.get(),
            outstanding: u64::try_from(penalty.undeducted()).unwrap_or(u64::MAX),
            educated: penalty.deducted_for(Ground::EDUCATION),
            area_id: imposed.area_id,
            imposed_change_seq: by.change_seq,
        })
    };
    of_penalty.into_iter().filter_map(row).filter(|row| row.outstanding > 0).collect()
}

fn open_cases<'a>(customer_id: CustomerId, facts: impl Iterator<Item = &'a Recorded> + Clone) -> Vec<CaseRow> {
    // Visits that earn and payments contradict nothing at the only terminal, and most people do nothing else.
    let is_plain = |recorded: &Recorded| {
        use Payload::{CheckedIn, CheckedOut, Earned, Paid, VisitClosed};
        matches!(recorded.fact.payload, CheckedIn(_) | CheckedOut(_) | VisitClosed(_) | Earned(_) | Paid(_))
    };
    if facts.clone().all(is_plain) {
        return Vec::new();
    }
    let open = cases(customer_id, facts, &BTreeSet::new()).into_iter().filter(|case| case.resolution.is_none());
    open.map(|case| CaseRow {
        case: case.id,
        customer_id,
        began_at: case.began_at,
        facts: case.facts,
        points: case.points.map(Points::get),
    })
    .collect()
}

/// The lines of Mypage of each subject.
fn lines(facts: Vec<Change>) -> Vec<EntryRow> {
    let mut subjects: BTreeMap<Uuid, Vec<Change>> = BTreeMap::new();
    for change in facts {
        if let Some(subject) = subject_of(&change.recorded.fact) {
            subjects.entry(subject).or_default().push(change);
        }
    }
    subjects.iter().flat_map(|(subject, facts)| entries(*subject, facts)).collect()
}
