//! Watches the open folder for what needs a person.

use std::sync::atomic::Ordering;
use std::time::Duration;

use nosmoke_composition::free_bytes;
use nosmoke_ports::contract::{ContextName, ContextState};
use nosmoke_runtime::Core;
use nosmoke_runtime::connection::ConnectionState;

use super::Shell;
use super::notices::{Seen, Watch};

const WATCH_INTERVAL: Duration = Duration::from_secs(10);

impl Shell {
    /// Begins to watch for what needs a person; does nothing if it watches already.
    pub(super) fn begin_watching(&self) {
        if self.watching.has_begun.swap(true, Ordering::SeqCst) {
            return;
        }
        let shell = self.clone();
        tokio::spawn(async move {
            let mut watch = Watch::default();
            loop {
                tokio::time::sleep(WATCH_INTERVAL).await;
                let Ok(terminal) = shell.terminal().await else { continue };
                let seen = seen(&terminal.core, free_bytes(&shell.root));
                for notice in watch.step(&seen, shell.host.is_hidden()) {
                    shell.watching.tell(shell.host(), notice);
                }
            }
        });
    }
}

fn seen(core: &Core, free_bytes: Option<u64>) -> Seen {
    let now = core.clock.now();
    let contexts = ContextName::ALL.map(|name| {
        let (state, since) = core.contexts.unit(name).update_state();
        (name, state, now - since)
    });
    let offline_for = match core.connection.state() {
        ConnectionState::Offline { since } => Some(now - since),
        ConnectionState::Alone | ConnectionState::Online { .. } => None,
    };
    let contexts = contexts.into_iter().filter(|(_, state, _)| *state != ContextState::Running).collect();
    Seen { contexts, free_bytes, offline_for }
}
