//! A batch: facts of one partition, in one transaction (ADR 0050).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Hash, Recorded, Sealed};
use nosmoke_domain::ids::{CustomerId, FacilityId, IncarnationId};
use nosmoke_reading::entries::{write_off_rows, write_off_subjects};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Error};

use crate::again;
use crate::customers::{lock_facility_in_tx, lock_in_tx, save_in_tx};
use crate::facts::{add_in_tx, all_in_tx, parts_in_tx};
use crate::folding::{Folded, Part};
use crate::lines::{Replaced, replace_in_tx};
use crate::links::link_in_tx;
use crate::places::{Place, move_in_tx};
use crate::seats;
use crate::sums::count_in_tx;

/// The facts that were read from a place on, in the order of the log.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The place before the batch.
    pub place: Place,
    /// The next offset after the batch.
    pub next: i64,
    /// The hash of the value of the last message of the batch, whosever it is.
    pub last: Option<Hash>,
    /// Facts of any facility, also repeated ones. Their MACs and hashes are verified.
    pub facts: Vec<Sealed>,
    pub received_at: DateTime<Utc>,
}

/// What a batch did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// The facts that weren't there before.
    pub added: u64,
    /// The incarnations that these facts show to have forked.
    pub forked: BTreeSet<(FacilityId, IncarnationId)>,
}

/// Writes a batch. Returns `None` and writes nothing if another instance has taken the place over.
pub(crate) async fn write(writer: &mut PgConnection, batch: &Batch, version: i64) -> Result<Option<Done>, Error> {
    let mut tx = writer.begin().await?;
    if !move_in_tx(&mut tx, &batch.place, (batch.next, batch.last), version).await? {
        tx.rollback().await?;
        return Ok(None);
    }
    let mut facilities: BTreeMap<FacilityId, Vec<&Sealed>> = BTreeMap::new();
    for sealed in &batch.facts {
        facilities.entry(sealed.fact.origin.facility_id).or_default().push(sealed);
    }
    let mut done = Done::default();
    for (facility, facts) in facilities {
        let (added, forked) = write_facility_in_tx(&mut tx, batch, facility, &facts).await?;
        done.added += added;
        done.forked.extend(forked.into_iter().map(|incarnation| (facility, incarnation)));
    }
    tx.commit().await?;
    Ok(Some(done))
}

async fn write_facility_in_tx(
    tx: &mut PgConnection,
    batch: &Batch,
    facility: FacilityId,
    facts: &[&Sealed],
) -> Result<(u64, BTreeSet<IncarnationId>), Error> {
    let place_id = batch.place.place_id;
    let forked = lock_facility_in_tx(tx, facility).await?;
    let customers = facts.iter().map(|sealed| sealed.fact.customer_id).collect();
    let mut folded = lock_in_tx(tx, facility, &customers).await?;
    let (parts, new) = parts_in_tx(tx, facility, facts).await?;
    if new.is_empty() {
        return Ok((0, BTreeSet::new()));
    }
    add_in_tx(tx, facility, &new, batch.received_at.timestamp_millis()).await?;
    let found = seats::take_in_tx(tx, facility, &new).await?;
    folded.retain(|customer, _| parts.contains_key(customer));
    let mut replaced = Replaced::default();
    for (customer, part) in &parts {
        let state = folded.entry(*customer).or_default();
        fold_in_tx(tx, (facility, *customer), part, state, &forked, &mut replaced).await?;
    }
    replace_in_tx(tx, facility, place_id, &replaced).await?;
    link_in_tx(tx, facility, new.iter().map(|sealed| &sealed.fact)).await?;
    save_in_tx(tx, facility, &folded).await?;
    count_in_tx(tx, facility, place_id, &new).await?;
    // Customers whose facts came first are listed later, from the seats.
    let is_unknown_fork = |it: &&&Sealed| {
        let incarnation = &it.fact.origin.incarnation;
        found.contains(incarnation) && !forked.contains(incarnation)
    };
    let again: BTreeSet<CustomerId> = new.iter().filter(is_unknown_fork).map(|it| it.fact.customer_id).collect();
    again::put_in_tx(tx, facility, &again).await?;
    Ok((new.len() as u64, found))
}

/// Folds the new facts of a customer, and adds what changes in the customer's lines.
async fn fold_in_tx(
    tx: &mut PgConnection,
    (facility, customer): (FacilityId, CustomerId),
    part: &Part,
    state: &mut Folded,
    forked: &BTreeSet<IncarnationId>,
    replaced: &mut Replaced,
) -> Result<(), Error> {
    let mut all: Option<Vec<Recorded>> = None;
    if !part.advance(state) {
        let facts = all_in_tx(tx, facility, customer).await?;
        *state = Folded::whole(&facts);
        all = Some(facts);
    }
    let subjects = part.subjects();
    replaced.rows.extend(part.lines(&subjects));
    replaced.subjects.extend(subjects.into_iter().map(|subject| (customer, subject)));
    if state.may_have_write_offs(forked) {
        let subjects = write_off_subjects(customer, &state.account.holdings, forked);
        replaced.subjects.extend(subjects.map(|subject| (customer, subject)));
        // The account tells cheaply whether anything is written off; only its date needs all facts.
        if state.account.holdings.written_off(forked) > 0 {
            let facts = match all {
                Some(facts) => facts,
                None => all_in_tx(tx, facility, customer).await?,
            };
            replaced.rows.extend(write_off_rows(customer, &facts, forked));
        }
    }
    Ok(())
}
