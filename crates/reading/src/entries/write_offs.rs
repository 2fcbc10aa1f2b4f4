//! Mypage's entries for points written off, which make a customer's entries add up to the balance. They are derived from
//! all facts of the customer, and only for customers of whom an incarnation was reclaimed or has forked.

use std::collections::BTreeSet;

use nosmoke_domain::fact::{Hash, Recorded, chain_hash};
use nosmoke_domain::ids::{CustomerId, IncarnationId, RecorderId};
use nosmoke_domain::point::{Account, Holdings, WriteOff, write_offs};
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::EntryKind;
use nosmoke_ports::{EntryRow, ReadFacts, StoreError};
use uuid::Uuid;

use crate::state::{load, recorded};

/// The subjects and the rows of some customers' write-offs. A subject without a row has nothing written off any more.
#[derive(Debug, Default)]
pub struct WriteOffRows {
    pub subjects: Vec<Uuid>,
    pub rows: Vec<EntryRow>,
}

/// Derives the write-offs of those of the customers who may have any.
///
/// # Errors
/// An error of the store.
pub fn of_customers(tx: &mut dyn ReadFacts, customers: &BTreeSet<CustomerId>) -> Result<WriteOffRows, StoreError> {
    let forked = tx.forked()?;
    let with_reclaims;
    let concerned = if forked.is_empty() {
        with_reclaims = tx.with_reclaims(customers)?;
        &with_reclaims
    } else {
        customers
    };
    let mut found = WriteOffRows::default();
    for customer in concerned {
        let holdings = load::<Account>(tx, *customer)?.state.holdings;
        found.subjects.extend(write_off_subjects(*customer, &holdings, &forked));
        // The account tells cheaply whether anything is written off; only its date needs all facts.
        if holdings.written_off(&forked) > 0 {
            let facts = tx.facts_after(*customer, 0)?;
            found.rows.extend(write_off_rows(*customer, recorded(&facts), &forked));
        }
    }
    Ok(found)
}

/// Returns the subjects of all write-offs that a customer has or may have had.
pub fn write_off_subjects(
    customer: CustomerId,
    holdings: &Holdings,
    forked: &BTreeSet<IncarnationId>,
) -> impl Iterator<Item = Uuid> {
    let lost: BTreeSet<IncarnationId> = holdings.reclaimed().chain(forked.iter().copied()).collect();
    lost.into_iter().map(move |lost| subject(customer, lost))
}

/// Derives the write-offs of one customer from all the customer's facts.
pub fn write_off_rows<'a>(
    customer: CustomerId,
    facts: impl IntoIterator<Item = &'a Recorded>,
    forked: &BTreeSet<IncarnationId>,
) -> Vec<EntryRow> {
    write_offs(facts, forked).iter().map(|line| row(customer, line)).collect()
}

/// Returns the id of an entry, which is also its subject: always the same one for a customer and a lost incarnation.
fn subject(customer: CustomerId, lost: IncarnationId) -> Uuid {
    let of = [b"write-off".as_slice(), customer.0.as_bytes(), lost.0.as_bytes()].concat();
    let id = chain_hash(Hash::ZERO, &of).0.first_chunk().copied().unwrap_or_default();
    uuid::Builder::from_custom_bytes(id).into_uuid()
}

fn row(customer_id: CustomerId, line: &WriteOff) -> EntryRow {
    let subject = subject(customer_id, line.incarnation);
    EntryRow {
        entry_id: subject,
        customer_id,
        subject,
        kind: EntryKind::WriteOff,
        other_id: None,
        at: line.key.occurred_at,
        started_at: None,
        ended_at: None,
        area_id: None,
        status: "WRITTEN_OFF".to_owned(),
        points: to_i64(line.points),
        penalty_points: 0,
        code: None,
        ground: None,
        note_id: None,
        incarnation: line.incarnation,
        recorder_id: RecorderId::PROGRAM,
        accrued_after: None,
        entered_at: None,
        decided: None,
    }
}
