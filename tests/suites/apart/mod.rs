//! Contexts that run apart: each can be stopped, and whatever goes wrong in one, the others go on as if nothing were.

mod day;
mod faults;
mod hanging;
mod killed;
mod metrics;
mod point;
mod services;
mod set_aside;
mod switched;
mod waits;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nosmoke_application::terminal::Terminal;
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::VisitId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{ContextName, ContextState, ContextView};
use nosmoke_runtime::measures::Node;

use crate::support::Desk;

const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until something is so.
async fn until<F: Future<Output = bool>>(what: &str, look: impl Fn() -> F) {
    let begun = Instant::now();
    while !look().await {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
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
    let recorder = terminal.queries.recorder().await.unwrap();
    terminal.stop_context(recorder, Node::Screen, name, None).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{name:?} took {:?} to stop", begun.elapsed());
    assert_eq!(view(terminal, name).await.state, ContextState::Stopped);
}

pub(crate) async fn start(terminal: &Terminal, name: ContextName) {
    terminal.start_context(Role::Manager, name).await.unwrap();
    assert_ne!(view(terminal, name).await.state, ContextState::Stopped);
}

/// Contexts that follow the feed have passed everything, but for one.
async fn until_passed(terminal: &Terminal, but: &[ContextName]) {
    until("everything is passed", || async {
        let last = terminal.core.feed.last_written();
        let views = terminal.contexts().await.unwrap();
        views.iter().filter(|view| !but.contains(&view.name)).all(|view| view.checkpoint.is_none_or(|it| it >= last))
    })
    .await;
}

impl Desk {
    /// How often each visit has earned.
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
