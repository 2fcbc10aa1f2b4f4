//! `bench review`: the inbox's work for a new fact, in a journal of a million facts of which one customer has 50,000, and a
//! desk with the inbox and without.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_domain::fact::{CheckedIn, Draft, Hash, Origin, Payload, Recorder, seal};
use nosmoke_domain::ids::{EventId, VisitId};
use nosmoke_domain::words::Standing;
use nosmoke_ports::{Clock, Journal, Pace, Priority, StoreError, SystemClock, Worker, Write, read, write};
use nosmoke_runtime::feed::WORKERS;
use nosmoke_tests::doubles::{Behaviour, FaultSwitch, FaultyJournal};
use uuid::Uuid;

use crate::desk::{Desk, p99};
use crate::facility::{Facility, Guest};
use crate::history::{self, REGULAR};
use crate::measure::{ratio, timed};
use crate::table::{Limit, Table};

const FACTS: usize = 1_000_000;
/// New facts of which the work is measured.
const ROUNDS: usize = 65;
/// Facts that the regular's whole history is read for, which takes long.
const FEW_ROUNDS: usize = 9;
/// Measurements of the desk with the inbox, and without.
const DESK_ROUNDS: usize = 9;
/// A new fact's work in the inbox, to that of point's projector.
const WORK: Limit = Limit::AtMost(10.0);
const LATENCY: Limit = Limit::AtMost(1.1);

pub(crate) async fn measure(table: &mut Table) {
    let facility = Facility::new().await;
    history::record(&facility, history::LONG).await;
    history::record_of_others(&facility, FACTS - history::LONG).await;
    let began = Instant::now();
    project(&facility).await;
    table.heading("Review, in a journal of 1,000,000 facts: a new fact's work, to point's projector");
    println!("  (projected in {} s)", began.elapsed().as_secs());
    let mut guests = facility.guests(ROUNDS).await;
    let mut regular = [Guest::of(REGULAR)];
    // The regular may be inside, or prohibited, in the generated facts.
    settle_regular(&facility).await;
    let ordinary = work(&facility, ROUNDS, async |round| guests[round].step(&facility).await).await;
    table.row("of a customer with a few facts", ordinary, WORK);
    let ordinary = work(&facility, ROUNDS, async |_| regular[0].step(&facility).await).await;
    table.row("of the customer with 50,000", ordinary, WORK);

    let mut other = Other::of(&facility).await;
    let unknown = work(&facility, FEW_ROUNDS, async |_| other.visits(&facility).await).await;
    table.row("of that customer, of a terminal that knew nothing of the others", unknown, Limit::None);
    let with_cases = work(&facility, ROUNDS, async |_| regular[0].step(&facility).await).await;
    table.row("of that customer, who has open cases now", with_cases, WORK);

    let latency = desk(&facility).await;
    table.row("p99 of a desk command with the inbox, to one without", latency, LATENCY);
    facility.close().await;
}

async fn project(facility: &Facility) {
    let running = facility.terminal.start(|_| ());
    while !facility.terminal.core.feed.caught_up(&WORKERS).await {}
    running.stop().await;
}

/// Ends the visits of the regular, and waives every penalty.
async fn settle_regular(facility: &Facility) {
    let (visits, penalties) = read::<_, StoreError>(&*facility.terminal.core.journal, |tx| {
        let visits: Vec<_> = tx.inside_of(REGULAR)?.into_iter().map(|row| row.visit_id).collect();
        let penalties: Vec<_> = tx.open_penalties(REGULAR)?.into_iter().map(|row| row.penalty_id).collect();
        Ok((visits, penalties))
    })
    .await
    .unwrap();
    for visit in visits {
        let close = serde_json::json!({ "type": "closeVisit", "visitId": visit, "reason": "forgotten" });
        facility.give(close).await;
    }
    for penalty in penalties {
        let void = serde_json::json!({ "type": "voidPenalty", "penaltyId": penalty, "reason": "mistaken" });
        facility.give(void).await;
    }
    nosmoke_tests::settle::settle(&facility.terminal.workers).await.unwrap();
}

/// Lets facts be recorded one by one, and returns the median time of review's step for each, to point's.
async fn work(facility: &Facility, rounds: usize, mut record: impl AsyncFnMut(usize)) -> f64 {
    let workers = &facility.terminal.workers;
    let (mut review, mut point) = (Vec::with_capacity(rounds), Vec::with_capacity(rounds));
    for round in 0..rounds {
        record(round).await;
        let mut steps = [(Worker::Review, &mut review), (Worker::Point, &mut point)];
        if round % 2 == 0 {
            steps.reverse();
        }
        for (worker, times) in steps {
            let before = workers.core.feed.checkpoint(worker);
            let (took, step) = timed(workers.step(worker, Pace::Free)).await;
            step.unwrap();
            assert!(workers.core.feed.checkpoint(worker) > before, "{worker:?} had nothing to do");
            times.push(took);
        }
        nosmoke_tests::settle::settle(workers).await.unwrap();
    }
    ratio(review, point)
}

/// Another terminal, which never hears of the facts here.
struct Other {
    origin: Origin,
    seq: u64,
}

impl Other {
    async fn of(facility: &Facility) -> Self {
        let journal = &*facility.terminal.core.journal;
        let here = read::<_, StoreError>(journal, |tx| tx.origin()).await.unwrap().unwrap();
        let id = Uuid::new_v4();
        Self { origin: Origin { terminal_id: id.into(), incarnation: id.into(), ..here }, seq: 0 }
    }

    /// Lets the desk receive the regular's check-in at this terminal.
    async fn visits(&mut self, facility: &Facility) {
        self.seq += 1;
        let now = SystemClock.now();
        let payload = CheckedIn {
            visit_id: VisitId(Uuid::new_v4()),
            area_id: facility.area(),
            standing: Standing::Allowed,
            outstanding: 0,
            standing_as_of: now,
            admission: None,
        };
        let draft = Draft {
            event_id: EventId(Uuid::now_v7()),
            customer_id: REGULAR,
            occurred_at: now,
            recorded_at: now,
            recorded_by: Recorder::Program,
            approved_by: None,
            causation_id: None,
            rules: 1,
            traceparent: None,
            payload: Payload::from(payload),
        };
        let fact = seal(draft, self.origin, self.seq, Hash::ZERO, Vec::new());
        let unit = move |tx: &mut dyn Write| {
            tx.receive(std::slice::from_ref(&fact))?;
            tx.last_change()
        };
        let journal = &*facility.terminal.core.journal;
        let (last, _) = write::<_, StoreError>(journal, Priority::Background, unit).await.unwrap();
        facility.terminal.core.feed.wrote(last);
    }
}

/// Returns the median of the desk's p99 with the inbox, to that without: then its worker fails at once.
async fn desk(facility: &Facility) -> f64 {
    let switch = FaultSwitch::default();
    let terminal = &facility.terminal;
    let journal: Arc<dyn Journal> = Arc::new(FaultyJournal(terminal.core.journal.clone(), switch.clone()));
    let workers_of = |worker| {
        let mut workers = terminal.workers.clone();
        if worker == Worker::Review {
            workers.core.journal = journal.clone();
        }
        workers
    };
    let running = terminal.start_with(workers_of, |_| ());
    let mut desk = Desk::new(facility).await;
    let (mut with, mut without): (Vec<Duration>, Vec<Duration>) = Default::default();
    for round in 0..DESK_ROUNDS * 2 {
        let is_with = round % 2 == 0;
        switch.set(if is_with { Behaviour::Normal } else { Behaviour::Fails });
        while is_with && !terminal.core.feed.caught_up(&WORKERS).await {}
        let worst = p99(desk.latencies(facility).await);
        if is_with { with.push(worst) } else { without.push(worst) }
    }
    switch.set(Behaviour::Normal);
    running.stop().await;
    ratio(with, without)
}
