//! Isolation of bounded contexts: each can be stopped, and a fault in one leaves the others unaffected.

mod day;
mod faults;
mod hanging_point;
mod killed_catching_up;
mod metrics;
mod point;
mod services;
mod set_aside;
mod stop_and_start;
mod waiting_work;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nosmoke_application::permission::Authority;
use nosmoke_application::terminal::Terminal;
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::VisitId;
use nosmoke_ports::contract::{ContextName, ContextState, ContextView};
use nosmoke_runtime::measures::Node;

use crate::support::Desk;

const WAIT_TIMEOUT: Duration = Duration::from_secs(20);
/// A stop waits for no work of the context; on a loaded machine it still takes a while.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Polls until a condition holds.
async fn until<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < WAIT_TIMEOUT, "not within {WAIT_TIMEOUT:?}: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn view(terminal: &Terminal, name: ContextName) -> ContextView {
    terminal.contexts().await.unwrap().into_iter().find(|view| view.name == name).unwrap()
}

async fn until_state(terminal: &Terminal, name: ContextName, state: ContextState) {
    until(&format!("{name:?} {state:?}"), || async { view(terminal, name).await.state == state }).await;
}

pub(crate) async fn stop(terminal: &Terminal, name: ContextName) {
    let begun = Instant::now();
    terminal.stop_context(Authority::OWNER, Node::Screen, name, None).await.unwrap();
    assert!(begun.elapsed() < STOP_TIMEOUT, "{name:?} took {:?} to stop", begun.elapsed());
    assert_eq!(view(terminal, name).await.state, ContextState::Stopped);
}

pub(crate) async fn start(terminal: &Terminal, name: ContextName) {
    terminal.start_context(&Authority::OWNER, name).await.unwrap();
    assert_ne!(view(terminal, name).await.state, ContextState::Stopped);
}

/// Waits until all contexts that follow the change feed, except those in `but`, have processed all changes.
async fn until_passed(terminal: &Terminal, but: &[ContextName]) {
    until("all changes are processed", || async {
        let last = terminal.core.feed.last_written();
        let views = terminal.contexts().await.unwrap();
        views.iter().filter(|view| !but.contains(&view.name)).all(|view| view.checkpoint.is_none_or(|it| it >= last))
    })
    .await;
}

impl Desk {
    /// Returns how often each visit has earned points.
    async fn earnings(&self) -> BTreeMap<VisitId, usize> {
        let mut earnings = BTreeMap::new();
        for change in self.changes().await {
            if let Payload::Earned(p) = &change.recorded.fact.payload {
                *earnings.entry(p.visit_id).or_default() += 1;
            }
        }
        earnings
    }
}
