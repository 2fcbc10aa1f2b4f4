//! Years of facts: those of several demonstration facilities in one journal. The facts of every fifth customer of every
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

/// Above the seeds of [`record`], so that none of these customers is one of those.
const FIRST_SEED_OF_OTHERS: u64 = 1_000;

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
    let pairs = 1..=demonstrations(facts).div_ceil(2);
    let days = pairs.flat_map(|pair| [Days::of(2 * pair - 1, false), Days::of(2 * pair, true)]);
    record_blocks(facility, facts, days.collect()).await;
}

/// Records this many facts of two further facilities, of whose customers none is the regular.
pub(crate) async fn record_of_others(facility: &Facility, facts: usize) {
    let seeds = (0..demonstrations(facts)).map(|number| FIRST_SEED_OF_OTHERS + number);
    record_blocks(facility, facts, seeds.map(|seed| Days::of(seed, false)).collect()).await;
}

/// Returns how many demonstrations have this many facts together.
fn demonstrations(facts: usize) -> u64 {
    // The number of a demonstration's facts is approximate.
    (facts as u64).div_ceil(Days::of(1, false).0.total() * 9 / 10)
}

/// Records the first facts of some demonstrations, in the order of their days.
async fn record_blocks(facility: &Facility, facts: usize, mut demonstrations: Vec<Days>) {
    let days = std::iter::repeat_with(|| demonstrations.iter_mut().filter_map(Iterator::next).collect::<Vec<Block>>());
    let blocks = days.take_while(|day| !day.is_empty()).flatten();
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

/// The days of a demonstration, and whether every fifth of its customers is the regular.
struct Days(Demonstration, bool);

impl Days {
    fn of(seed: u64, has_regular: bool) -> Self {
        let now = SystemClock.now();
        Self(Demonstration::new(seed, now, Recorder::Program, Rules::default()), has_regular)
    }
}

impl Iterator for Days {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let Self(demonstration, has_regular) = self;
        let mut block = demonstration.next()?;
        if *has_regular {
            block.customers.iter_mut().for_each(|(profile, _)| profile.customer_id = whose(profile.customer_id));
            block.notes.iter_mut().for_each(|note| note.customer_id = whose(note.customer_id));
            block.drafts.iter_mut().for_each(|draft| draft.customer_id = whose(draft.customer_id));
        }
        Some(block)
    }
}

fn whose(customer: CustomerId) -> CustomerId {
    if customer.0.as_bytes()[0].is_multiple_of(5) { REGULAR } else { customer }
}
