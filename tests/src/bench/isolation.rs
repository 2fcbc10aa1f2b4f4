//! The latency of commands while another context fails, panics or hangs: it must not be measurably higher (ADR 0021).

use std::collections::BTreeMap;
use std::sync::Arc;

use nosmoke_ports::Journal;
use nosmoke_ports::contract::ContextName;
use nosmoke_tests::doubles::{Behaviour, FaultSwitch, FaultyJournal, Journals, start_with_journals};

use crate::desk::{Desk, p99};
use crate::facility::Facility;
use crate::measure::ratio;
use crate::table::{Limit, Table};

/// The number of measurements without the fault, and with it.
const ROUNDS: usize = 4;
/// Allows for the noise of a p99 over a few hundred commands a round.
const LATENCY: Limit = Limit::AtMost(1.5);

/// Alternates normal and faulty rounds. Rounds in which a context hangs come last, because a hanging task doesn't
/// recover.
fn order(behaviour: Behaviour) -> Vec<Behaviour> {
    let mut order = [Behaviour::Normal, behaviour].repeat(ROUNDS);
    if behaviour == Behaviour::Hangs {
        order.sort_by_key(|it| *it == behaviour);
    }
    order
}

pub(crate) async fn measure(table: &mut Table) {
    table.heading("A context with faults, to the same desk without");
    let facility = Facility::new().await;
    let (mut switches, mut journals) = (BTreeMap::new(), Journals::new());
    for name in [ContextName::CheckIn, ContextName::Point, ContextName::Penalty, ContextName::Mypage] {
        switches.insert(name, FaultSwitch::default());
        let journal: Arc<dyn Journal> = facility.terminal.core.journal.clone();
        let own = Arc::new(FaultyJournal(journal, switches[&name].clone()));
        journals.insert(name, own);
    }
    let running = start_with_journals(&facility.terminal, &journals);
    // Silences the panics' messages.
    std::panic::set_hook(Box::new(|_| ()));
    let mut desk = Desk::new(&facility).await;
    for (behaviour, word) in [(Behaviour::Fails, "fail"), (Behaviour::Panics, "panic"), (Behaviour::Hangs, "hang")] {
        let (mut faulty, mut normal) = (Vec::new(), Vec::new());
        let (mut worst_faulty, mut worst_normal) = (Vec::new(), Vec::new());
        for now in order(behaviour) {
            switches.values().for_each(|it| it.set(now));
            let took = desk.latencies(&facility).await;
            let (times, worst) =
                if now == behaviour { (&mut faulty, &mut worst_faulty) } else { (&mut normal, &mut worst_normal) };
            worst.push(p99(took.clone()));
            times.extend(took);
        }
        switches.values().for_each(|it| it.set(Behaviour::Normal));
        table.row(&format!("p50 of a desk command while all projectors {word}"), ratio(faulty, normal), LATENCY);
        table.row(
            &format!("p99 of a desk command while all projectors {word}"),
            ratio(worst_faulty, worst_normal),
            LATENCY,
        );
    }
    drop(std::panic::take_hook());
    running.stop().await;
    facility.close().await;
}
