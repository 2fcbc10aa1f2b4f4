//! What a context that fails, panics or hangs costs the desk: nothing that can be measured (ADR 0021).

use std::collections::BTreeMap;
use std::sync::Arc;

use nosmoke_ports::Journal;
use nosmoke_ports::contract::ContextName;
use nosmoke_tests::doubles::{Journals, Mood, Moods, MoodyJournal, start_apart};

use crate::desk::{Desk, p99};
use crate::facility::Facility;
use crate::measure::ratio;
use crate::table::{Limit, Table};

/// Each measurement well and in trouble, in turn.
const ROUNDS: usize = 4;
/// Noise of a p99 with few hundred commands a round.
const LATENCY: Limit = Limit::AtMost(1.5);

/// In turn; who hangs doesn't come back by itself, so that comes last.
fn order(mood: Mood) -> Vec<Mood> {
    let mut order = [Mood::Well, mood].repeat(ROUNDS);
    if mood == Mood::Hangs {
        order.sort_by_key(|it| *it == mood);
    }
    order
}

pub(crate) async fn measure(table: &mut Table) {
    table.heading("A context in trouble, to the same desk while all is well");
    let facility = Facility::new().await;
    let (mut moods, mut journals) = (BTreeMap::new(), Journals::new());
    for name in [ContextName::CheckIn, ContextName::Point, ContextName::Penalty, ContextName::Mypage] {
        moods.insert(name, Moods::default());
        let journal: Arc<dyn Journal> = facility.terminal.core.journal.clone();
        let own = Arc::new(MoodyJournal(journal, moods[&name].clone()));
        journals.insert(name, own);
    }
    let running = start_apart(&facility.terminal, &journals);
    // Panics are told in full, once each.
    std::panic::set_hook(Box::new(|_| ()));
    let mut desk = Desk::new(&facility).await;
    for (mood, word) in [(Mood::Fails, "fail"), (Mood::Panics, "panic"), (Mood::Hangs, "hang")] {
        let (mut troubled, mut well) = (Vec::new(), Vec::new());
        let (mut worst_troubled, mut worst_well) = (Vec::new(), Vec::new());
        for now in order(mood) {
            moods.values().for_each(|it| it.turn(now));
            let took = desk.works(&facility).await;
            let (times, worst) =
                if now == mood { (&mut troubled, &mut worst_troubled) } else { (&mut well, &mut worst_well) };
            worst.push(p99(took.clone()));
            times.extend(took);
        }
        moods.values().for_each(|it| it.turn(Mood::Well));
        table.row(&format!("p50 of a desk command while all projectors {word}"), ratio(troubled, well), LATENCY);
        table.row(
            &format!("p99 of a desk command while all projectors {word}"),
            ratio(worst_troubled, worst_well),
            LATENCY,
        );
    }
    drop(std::panic::take_hook());
    running.stop().await;
    facility.close().await;
}
