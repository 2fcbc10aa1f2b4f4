//! A scripted day at the desk, during which a context may be stopped or faulty. Its results and the latencies of its
//! requests can be compared with those of a normal day.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nosmoke_application::commands::CommandBus;
use nosmoke_application::terminal::{Running, RunningReplication};
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, PenaltyId};
use nosmoke_ports::contract::{AppError, ContextName, MypageFilter, Outcome};
use nosmoke_ports::{Journal, StoreError, read};
use nosmoke_tests::doubles::{Behaviour, FaultSwitch, FaultyJournal, Journals, MemoryLog, start_with_journals};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{WAIT_TIMEOUT, start, stop, until, until_passed};
use crate::support::Desk;

/// The longest wait for the answer of a command whose context hangs.
const HANGING_COMMAND_TIMEOUT: Duration = Duration::from_millis(500);
/// How often each request is measured; the median counts.
const ROUNDS: usize = 5;
/// How much slower than on a normal day a request may be: above the noise, but below the 0.3 s that a call waits for
/// point and the second that a read waits for a projector.
const MAX_SLOWDOWN: u32 = 5;
const LATENCY_ALLOWANCE: Duration = Duration::from_millis(100);

/// The stored data of each context at the end of the day, and the answers to the day's commands.
pub(super) type Results = BTreeMap<&'static str, Value>;
/// The median latency of each request.
pub(super) type Latencies = BTreeMap<TimedRequest, Duration>;

/// The requests whose latency is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TimedRequest {
    CheckIn,
    CheckOut,
    Pay,
    Penalty,
    Register,
    Page,
}

const TIMED_REQUESTS: [TimedRequest; 6] = [
    TimedRequest::CheckIn,
    TimedRequest::CheckOut,
    TimedRequest::Pay,
    TimedRequest::Penalty,
    TimedRequest::Register,
    TimedRequest::Page,
];

pub(super) struct Day {
    pub(super) desk: Desk,
    log: Arc<MemoryLog>,
    /// The fault switches for the tasks of each context.
    pub(super) switches: BTreeMap<ContextName, FaultSwitch>,
    /// The fault switches for the commands of each context that has commands.
    pub(super) command_switches: BTreeMap<ContextName, FaultSwitch>,
    running: Running,
    replication: RunningReplication,
    customers: [CustomerId; 2],
    penalty: PenaltyId,
    /// The customer with whom latencies are measured; left out of the results.
    regular: CustomerId,
    /// Commands without an answer in time, which still run.
    unanswered: Mutex<Vec<JoinSet<Result<Outcome, AppError>>>>,
}

impl Day {
    /// Starts a terminal in which each context has its own journal port. One customer has points and a penalty.
    pub(super) async fn begin() -> Self {
        let desk = Desk::new().await;
        let customers = [desk.customer("홍길동").await, desk.customer("김영희").await];
        desk.visit(customers[0]).await;
        let penalty = desk.penalty(customers[0], 10).await;
        let regular = desk.customer("단골").await;
        let given = json!({ "type": "adjustPoints", "customerId": regular, "points": 1_000, "reason": "other" });
        desk.give(given).await.unwrap();
        desk.settle().await;
        let (mut switches, mut journals) = (BTreeMap::new(), Journals::new());
        for name in [ContextName::CheckIn, ContextName::Point, ContextName::Penalty, ContextName::Mypage] {
            let journal: Arc<dyn Journal> = desk.terminal.core.journal.clone();
            switches.insert(name, FaultSwitch::default());
            let own = Arc::new(FaultyJournal(journal, switches[&name].clone()));
            journals.insert(name, own);
        }
        let commands = [ContextName::CheckIn, ContextName::Pay, ContextName::Penalty];
        let command_switches = commands.map(|name| (name, FaultSwitch::default())).into();
        let log = Arc::new(MemoryLog::default());
        switches.insert(ContextName::Publisher, log.publishing.clone());
        switches.insert(ContextName::Consumer, log.fetching.clone());
        let running = start_with_journals(&desk.terminal, &journals);
        let replication = desk.terminal.start_replication(log.clone(), "test".into());
        let unanswered = Mutex::default();
        let day = Self {
            desk,
            log,
            switches,
            command_switches,
            running,
            replication,
            customers,
            penalty,
            regular,
            unanswered,
        };
        day.until_published().await;
        day
    }

    async fn pending(&self) -> u64 {
        let journal = &*self.desk.terminal.core.journal;
        let totals = read::<_, StoreError>(journal, |tx| tx.pending_totals()).await.unwrap();
        totals.facts
    }

    pub(super) async fn until_published(&self) {
        until("all is read back", || async { self.pending().await == 0 }).await;
    }

    /// Gives a command, which uses the journal port of its context. Returns `None` if there is no answer in time.
    async fn give(&self, command: Value) -> Option<Result<Outcome, AppError>> {
        let context = match command["type"].as_str().unwrap() {
            "checkIn" | "checkOut" => Some(ContextName::CheckIn),
            "pay" => Some(ContextName::Pay),
            "imposePenalty" | "deductPenalty" => Some(ContextName::Penalty),
            _ => None,
        };
        let mut bus: CommandBus = self.desk.terminal.commands.clone();
        let mut timeout = WAIT_TIMEOUT;
        if let Some(switch) = context.map(|name| self.command_switches[&name].clone()) {
            if switch.is(Behaviour::Hangs) {
                timeout = HANGING_COMMAND_TIMEOUT;
            }
            bus.core.journal = Arc::new(FaultyJournal(bus.core.journal, switch));
        }
        let caller = self.desk.caller().await;
        let request = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "command": command });
        let mut answer = JoinSet::new();
        answer.spawn(async move { bus.record(caller, request).await });
        match tokio::time::timeout(timeout, answer.join_next()).await {
            Ok(joined) => Some(joined.unwrap().expect("a panic in a command is answered with an error")),
            Err(_) => {
                self.unanswered.lock().unwrap().push(answer);
                None
            }
        }
    }

    /// Gives all commands of the day. Returns for each `ok`, an error code or `no answer`.
    pub(super) async fn commands(&self) -> Vec<String> {
        let [first, second] = self.customers;
        let area = self.desk.area.area_id;
        let mut answers = Vec::new();
        let mut visit = Value::Null;
        for command in [
            json!({ "type": "checkIn", "customerId": first, "areaId": area }),
            json!({ "type": "checkIn", "customerId": second, "areaId": area }),
            json!({ "type": "checkOut", "visitId": null }),
            json!({ "type": "pay", "customerId": first, "points": 7 }),
            json!({ "type": "imposePenalty", "customerId": second, "points": 3 }),
            json!({ "type": "deductPenalty", "penaltyId": self.penalty, "ground": "appeal", "points": 4 }),
            json!({ "type": "registerCustomer", "profile": { "name": "새 손님" } }),
        ] {
            let mut command = command;
            if command["visitId"].is_null() && command["type"] == "checkOut" {
                command["visitId"] = visit.clone();
            }
            let answer = self.give(command).await;
            if let Some(Ok(Outcome::CheckedIn { visit_id, .. })) = &answer {
                visit = json!(visit_id);
            }
            answers.push(match answer {
                Some(Ok(_)) => "ok".into(),
                Some(Err(error)) => format!("{:?}", error.code),
                None => "no answer".into(),
            });
        }
        answers
    }

    /// Measures the median latency of each kind of request, except for those in `but`. Fails if a request fails.
    pub(super) async fn latencies(&self, but: &[TimedRequest]) -> Latencies {
        let (customer, area) = (self.regular, self.desk.area.area_id);
        let mut all: BTreeMap<TimedRequest, Vec<Duration>> = BTreeMap::new();
        for _ in 0..ROUNDS {
            let mut visit = Value::Null;
            for asked in TIMED_REQUESTS.into_iter().filter(|it| !but.contains(it)) {
                let command = match asked {
                    TimedRequest::CheckIn => json!({ "type": "checkIn", "customerId": customer, "areaId": area }),
                    TimedRequest::CheckOut => json!({ "type": "checkOut", "visitId": visit }),
                    TimedRequest::Pay => json!({ "type": "pay", "customerId": customer, "points": 1 }),
                    TimedRequest::Penalty => json!({ "type": "imposePenalty", "customerId": customer, "points": 1 }),
                    TimedRequest::Register => json!({ "type": "registerCustomer", "profile": { "name": "다른 손님" } }),
                    TimedRequest::Page => Value::Null,
                };
                let begun = Instant::now();
                if command.is_null() {
                    self.desk.try_page(customer, MypageFilter::All).await.unwrap();
                } else if let Outcome::CheckedIn { visit_id, .. } = self.give(command).await.unwrap().unwrap() {
                    visit = json!(visit_id);
                }
                all.entry(asked).or_default().push(begun.elapsed());
            }
        }
        let median = |mut took: Vec<Duration>| {
            took.sort_unstable();
            took[ROUNDS / 2]
        };
        all.into_iter().map(|(asked, took)| (asked, median(took))).collect()
    }

    /// Checks that no request is much slower than on a normal day. Must be called within 10 s after the start of a
    /// fault: later, a hanging step counts as failed and reads no longer wait for it, so the check would prove nothing.
    pub(super) async fn assert_no_slower(&self, normal: &Latencies, but: &[TimedRequest], label: &str) {
        let now = self.latencies(but).await;
        let slow: Vec<_> =
            now.iter().filter(|(asked, took)| **took > normal[*asked] * MAX_SLOWDOWN + LATENCY_ALLOWANCE).collect();
        assert!(slow.is_empty(), "{label}: {slow:?}, normally {normal:?}");
    }

    pub(super) async fn results(&self, answers: Vec<String>, replication: bool) -> Results {
        let customers = self.customers;
        let held = read::<_, StoreError>(&*self.desk.terminal.core.journal, move |tx| {
            let mut held = Results::new();
            let (mut inside, mut standings, mut penalties) = (Vec::new(), Vec::new(), Vec::new());
            for customer in customers {
                inside.push(tx.inside_of(customer)?.len());
                let standing =
                    tx.standing(customer)?.map(|row| format!("{:?} {:?}", row.copy.standing, row.copy.outstanding));
                standings.push(standing);
                penalties.push(tx.open_penalties(customer)?.iter().map(|row| row.outstanding).collect::<Vec<_>>());
            }
            held.insert("check_in", json!(inside));
            held.insert("point", json!(standings));
            held.insert("penalty", json!(penalties));
            Ok(held)
        });
        let mut results = held.await.unwrap();
        let mut lines = Vec::new();
        for customer in customers {
            lines.push(self.desk.lines(customer, MypageFilter::All).await);
        }
        results.insert("mypage", json!(lines));
        let facts = self.desk.changes().await.into_iter().map(|change| change.recorded.fact);
        let earned = facts.filter(|it| matches!(it.payload, Payload::Earned(_)) && customers.contains(&it.customer_id));
        results.insert("earned", json!(earned.count()));
        results.insert("commands", json!(answers));
        if replication {
            let facts = usize::try_from(self.desk.facts().await).unwrap();
            results.insert("replication", json!([self.pending().await, facts - self.log.facts()]));
        }
        results
    }

    pub(super) async fn end(self) {
        self.replication.stop().await;
        self.running.stop().await;
    }
}

/// Plays a day without faults, on which a context may be stopped and, with `until_evening`, started again at the end.
pub(super) async fn good_day(stopped: Option<ContextName>, until_evening: bool) -> Results {
    let day = Day::begin().await;
    if let Some(name) = stopped {
        stop(&day.desk.terminal, name).await;
    }
    let answers = day.commands().await;
    let mut but: Vec<_> = stopped.into_iter().collect();
    if let Some(name) = stopped.filter(|_| until_evening) {
        start(&day.desk.terminal, name).await;
        but.clear();
    }
    until_passed(&day.desk.terminal, &but).await;
    day.until_published().await;
    let results = day.results(answers, true).await;
    day.end().await;
    results
}
