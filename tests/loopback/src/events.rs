//! Keeps the program's events for the screens, which fetch them by long polling.

use std::collections::VecDeque;
use std::time::Duration;

use nosmoke_ports::contract::Changed;
use nosmoke_window::Event;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::watch;

/// Bounds the kept events. A screen that has missed older ones receives an event that says that anything may have
/// changed.
const EVENTS_MAX: usize = 1_000;
/// The longest wait of a poll for an event.
const POLL_TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct Events {
    /// The newest events, each with its number, in ascending order.
    kept: Mutex<VecDeque<(u64, Value)>>,
    last: watch::Sender<u64>,
}

impl Default for Events {
    fn default() -> Self {
        Self { kept: Mutex::default(), last: watch::Sender::new(0) }
    }
}

impl Events {
    pub(crate) fn add(&self, event: &Event) {
        match as_json(event) {
            Ok(event) => {
                let mut kept = self.kept.lock();
                let number = *self.last.borrow() + 1;
                kept.push_back((number, event));
                if kept.len() > EVENTS_MAX {
                    kept.pop_front();
                }
                self.last.send_replace(number);
            }
            Err(error) => tracing::error!(%error, "an event isn't JSON"),
        }
    }

    /// Returns the number of the last event, and the events after a given number; waits for the first of them, up to a
    /// timeout. Without a given number, returns no events at once: a new screen starts from the present.
    pub(crate) async fn after(&self, number: Option<u64>) -> Value {
        let Some(after) = number else {
            return json!({ "last": *self.last.borrow(), "events": [] });
        };
        let mut last = self.last.subscribe();
        // After the timeout the answer has no events, and the screen polls again.
        let _ = tokio::time::timeout(POLL_TIMEOUT, last.wait_for(|last| *last > after)).await;
        let kept = self.kept.lock();
        let missed = kept.front().is_some_and(|(first, _)| *first > after + 1);
        let anything = Event::Changed(Changed { change_seq: 0, customers: Vec::new() });
        let mut events: Vec<Value> = if missed { as_json(&anything).into_iter().collect() } else { Vec::new() };
        events.extend(kept.iter().filter(|(number, _)| *number > after).map(|(_, event)| event.clone()));
        json!({ "last": *self.last.borrow(), "events": events })
    }
}

fn as_json(event: &Event) -> Result<Value, serde_json::Error> {
    Ok(json!({ "name": event.name(), "payload": event.payload()? }))
}
