//! Years of facts: the facts of two demonstration facilities in one journal. Those of every fifth customer of the
//! second facility are given to a single regular customer, who so has a long history.

use std::time::Instant;

use nosmoke_application::demonstration::{Block, Demonstration};
use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::{Clock, Priority, StoreError, SystemClock, Write, write};
use nosmoke_runtime::feed::WORKERS;
use uuid::Uuid;

use crate::facility::Facility;
use crate::table::{Limit, Table};

pub(crate) const SHORT: usize = 5_000;
pub(crate) const LONG: usize = 500_000;

/// The customer with a visit almost every hour.
pub(crate) const REGULAR: CustomerId = CustomerId(Uuid::from_u128(0x0191_a1a1_0000_4000_8000_0000_0000_0001));

pub(crate) struct Filled {
    pub(crate) facility: Facility,
}

/// Makes a folder with this many facts, which all workers have projected.
pub(crate) async fn filled(facts: usize, table: &mut Table) -> Filled {
    let facility = Facility::new().await;
    let began = Instant::now();
    record(&facility, facts).await;
    let inserting = began.elapsed();

    let began = Instant::now();
    let running = facility.terminal.start(|_| ());
    while !facility.terminal.core.feed.caught_up(&WORKERS).await {}
    running.stop().await;
    let projecting = began.elapsed();
    if facts == LONG {
        table.heading("500,000 facts");
        table.row(
            "time to project them in every context, to inserting them",
            projecting.as_secs_f64() / inserting.as_secs_f64(),
            Limit::None,
        );
    }
    Filled { facility }
}

/// Records this many facts without running the workers.
pub(crate) async fn record(facility: &Facility, facts: usize) {
    record_blocks(facility, facts, blocks()).await;
}

/// Records this many facts of two further facilities, of whose customers none is the regular.
pub(crate) async fn record_of_others(facility: &Facility, facts: usize) {
    let now = SystemClock.now();
    let of = |seed| Demonstration::new(seed, now, Recorder::Program, Rules::default());
    record_blocks(facility, facts, of(3).zip(of(4)).flat_map(|(one, other)| [one, other])).await;
}

async fn record_blocks(facility: &Facility, facts: usize, blocks: impl Iterator<Item = Block>) {
    let mut left = facts;
    for block in blocks {
        let (profiles, notes) = (block.customers, block.notes);
        let mut drafts = block.drafts;
        drafts.truncate(left);
        left -= drafts.len();
        let record = move |tx: &mut dyn Write| {
            for (profile, keys) in &profiles {
                tx.put_profile(profile, keys)?;
            }
            for note in &notes {
                tx.put_note(note)?;
            }
            tx.append(drafts.clone())
        };
        let journal = &*facility.terminal.core.journal;
        let (_, written) = write::<_, StoreError>(journal, Priority::Command, record).await.unwrap();
        facility.terminal.core.feed.wrote(written.unwrap().last_change);
        if left == 0 {
            break;
        }
    }
    assert_eq!(left, 0, "the demonstrations are too small");
}

fn blocks() -> impl Iterator<Item = Block> {
    let now = SystemClock.now();
    let of = |seed| Demonstration::new(seed, now, Recorder::Program, Rules::default());
    let second = of(2).map(|mut block| {
        block.customers.retain_mut(|(profile, _)| whose(profile.customer_id) == profile.customer_id);
        block.notes.iter_mut().for_each(|note| note.customer_id = whose(note.customer_id));
        block.drafts.iter_mut().for_each(|draft| draft.customer_id = whose(draft.customer_id));
        block
    });
    of(1).zip(second).flat_map(|(first, second)| [first, second])
}

fn whose(customer: CustomerId) -> CustomerId {
    if customer.0.as_bytes()[0].is_multiple_of(5) { REGULAR } else { customer }
}
