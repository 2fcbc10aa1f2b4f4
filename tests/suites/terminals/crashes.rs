//! Kills of terminals and of the broker during bursts of commands.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

const TERMINALS: usize = 3;
const BROKER_KILLS: usize = 5;
/// The number of times that each terminal is killed.
const KILLS: usize = 10;
const BURST: usize = 12;

/// The commands given to one terminal, and the terminal's answers, by idempotency key.
#[derive(Default)]
struct Ledger {
    given: BTreeMap<String, Value>,
    answered: BTreeMap<String, Value>,
    /// The commands without an answer yet: idempotency key and request id.
    open: BTreeMap<String, u64>,
}

impl Ledger {
    /// Sends a burst of commands: new check-ins, and check-outs of customers who were checked in by earlier bursts.
    fn burst(&mut self, terminal: &Terminal, area: &Value) {
        let left: Vec<Value> = self
            .answered
            .values()
            .filter(|outcome| outcome["type"] == "checkedIn")
            .map(|outcome| json!({ "type": "checkOut", "visitId": outcome["visitId"] }))
            .filter(|command| !self.given.values().any(|given| given == command))
            .take(BURST / 3)
            .collect();
        let come = (left.len()..BURST).map(|_| json!({ "type": "checkIn", "areaId": area }));
        for command in come.chain(left.clone()) {
            let key = Uuid::new_v4().to_string();
            self.given.insert(key.clone(), command.clone());
            self.open.insert(key.clone(), send(terminal, &key, &command));
        }
    }

    fn gather(&mut self, terminal: &Terminal) {
        let answered = &mut self.answered;
        self.open.retain(|key, id| match terminal.answered(*id) {
            Some(Ok(outcome)) => {
                answered.insert(key.clone(), outcome);
                false
            }
            Some(Err(error)) => panic!("{key}: {error}"),
            None => true,
        });
    }

    /// Repeats every unanswered command with its idempotency key.
    fn again(&mut self, terminal: &Terminal) {
        let open: Vec<String> = self.open.keys().cloned().collect();
        for key in open {
            self.open.insert(key.clone(), send(terminal, &key, &self.given[&key]));
        }
        until("every command is answered", WAIT_TIMEOUT, || {
            self.gather(terminal);
            self.open.is_empty().then_some(())
        });
    }
}

fn send(terminal: &Terminal, key: &str, command: &Value) -> u64 {
    terminal.send(json!({ "do": "record", "key": key, "command": command }))
}

#[test]
fn kills_during_bursts_lose_nothing_answered_and_do_nothing_twice() {
    let mut broker = broker();
    let mut random = fastrand::Rng::with_seed(9);
    let mut terminals: Vec<Option<Terminal>> =
        facility(&broker, &prefix(), &["단말 1", "단말 2", "단말 3"]).into_iter().map(Some).collect();
    let area = area(terminals[0].as_ref().unwrap());
    for terminal in terminals.iter().flatten() {
        super::area(terminal);
    }
    let mut ledgers: [Ledger; TERMINALS] = Default::default();
    let mut kills: Vec<Option<usize>> = (0..TERMINALS).flat_map(|it| [Some(it); KILLS]).collect();
    kills.extend([None; BROKER_KILLS]);
    random.shuffle(&mut kills);
    for victim in kills {
        for (ledger, terminal) in ledgers.iter_mut().zip(&terminals) {
            ledger.burst(terminal.as_ref().unwrap(), &area);
        }
        std::thread::sleep(Duration::from_millis(random.u64(0..60)));
        match victim {
            None => {
                broker.kill();
                std::thread::sleep(Duration::from_millis(random.u64(0..300)));
                broker.start_again();
            }
            Some(victim) => {
                ledgers[victim].gather(terminals[victim].as_ref().unwrap());
                let config = terminals[victim].take().unwrap().kill();
                terminals[victim] = Some(config.start());
                ledgers[victim].again(terminals[victim].as_ref().unwrap());
            }
        }
        for (ledger, terminal) in ledgers.iter_mut().zip(&terminals) {
            ledger.gather(terminal.as_ref().unwrap());
        }
    }
    let terminals: Vec<Terminal> = terminals.into_iter().flatten().collect();
    for (ledger, terminal) in ledgers.iter_mut().zip(&terminals) {
        ledger.again(terminal);
        // A command repeated with its key still gets its first answer.
        for (key, outcome) in &ledger.answered {
            let request = json!({ "do": "record", "key": key, "command": ledger.given[key] });
            assert_eq!(terminal.ask(request), *outcome);
        }
    }
    agreed(&terminals.iter().collect::<Vec<_>>());
    let count = |kind: &str| -> usize {
        let all = ledgers.iter().flat_map(|ledger| ledger.answered.values());
        all.filter(|outcome| outcome["type"] == kind).count()
    };
    let (entered, left) = (count("checkedIn"), count("checkedOut"));
    assert_eq!(entered + left, ledgers.iter().map(|ledger| ledger.given.len()).sum::<usize>());
    // Each check-out has earned points exactly once, so it has led to two facts.
    let facts = entered + 2 * left;
    for terminal in &terminals {
        assert_eq!(terminal.view()["facts"], facts, "{}", terminal.config.name);
        assert!(!terminal.errors().contains("panicked"), "{}", terminal.errors());
    }
}
