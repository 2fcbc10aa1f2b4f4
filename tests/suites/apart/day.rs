//! A day at the desk on which one context may be in trouble: what is done, what comes of it, and how long each answer takes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nosmoke_application::commands::CommandBus;
use nosmoke_application::terminal::{Running, RunningExchange};
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, PenaltyId};
use nosmoke_ports::contract::{AppError, ContextName, MypageFilter, Outcome};
use nosmoke_ports::{Journal, RandomIds, StoreError, read};
use nosmoke_replication::joining::pairing;
use nosmoke_tests::doubles::{Journals, MemoryLog, Mood, Moods, MoodyJournal, start_apart};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{PATIENCE, start, stop, until, until_passed};
use crate::support::Desk;

/// Whoever asks what hangs goes on without an answer after this time.
const LONGEST: Duration = Duration::from_millis(500);
/// How often each thing is asked to know how long it takes.
const ROUNDS: usize = 5;
/// Far more than noise, and less than the 0.3 s that point is waited for or the second of a read.
const SLOWER: u32 = 5;
const SLACK: Duration = Duration::from_millis(100);

/// What each context holds at the end, and what the commands answered.
pub(super) type Results = BTreeMap<&'static str, Value>;
/// The median of each thing that was asked.
pub(super) type Took = BTreeMap<Asked, Duration>;

/// What is asked at a desk over and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    CheckIn,
    CheckOut,
    Pay,
    Penalty,
    Register,
    Page,
}

const ASKED: [Asked; 6] = [Asked::CheckIn, Asked::CheckOut, Asked::Pay, Asked::Penalty, Asked::Register, Asked::Page];

pub(super) struct Day {
    pub(super) desk: Desk,
    log: Arc<MemoryLog>,
    /// Of the tasks of each context.
    pub(super) moods: BTreeMap<ContextName, Moods>,
    /// Of the commands of each context that has some.
    pub(super) of_commands: BTreeMap<ContextName, Moods>,
    running: Running,
    exchange: RunningExchange,
    customers: [CustomerId; 2],
    penalty: PenaltyId,
    /// Asks over and over, and is in no results.
    regular: CustomerId,
    /// Commands that nobody waits for any more.
    unanswered: Mutex<Vec<JoinSet<Result<Outcome, AppError>>>>,
}

impl Day {
    /// A terminal that runs, with a port of its own for each context. One customer has points and a penalty.
    pub(super) async fn begin() -> Self {
        let desk = Desk::new().await;
        pairing::ensure_key(&*desk.terminal.core.journal, Arc::new(RandomIds)).await.unwrap();
        let customers = [desk.customer("홍길동").await, desk.customer("김영희").await];
        desk.visit(customers[0]).await;
        let penalty = desk.penalty(customers[0], 10).await;
        let regular = desk.customer("단골").await;
        let given = json!({ "type": "adjustPoints", "customerId": regular, "points": 1_000, "reason": "other" });
        desk.give(given).await.unwrap();
        desk.settle().await;
        let (mut moods, mut journals) = (BTreeMap::new(), Journals::new());
        for name in [ContextName::CheckIn, ContextName::Point, ContextName::Penalty, ContextName::Mypage] {
            let journal: Arc<dyn Journal> = desk.terminal.core.journal.clone();
            moods.insert(name, Moods::default());
            let own = Arc::new(MoodyJournal(journal, moods[&name].clone()));
            journals.insert(name, own);
        }
        let commands = [ContextName::CheckIn, ContextName::Pay, ContextName::Penalty];
        let of_commands = commands.map(|name| (name, Moods::default())).into();
        let log = Arc::new(MemoryLog::default());
        moods.insert(ContextName::Publisher, log.publishing.clone());
        moods.insert(ContextName::Consumer, log.fetching.clone());
        let running = start_apart(&desk.terminal, &journals);
        let exchange = desk.terminal.start_exchange(log.clone(), "test".into());
        let unanswered = Mutex::default();
        let day = Self { desk, log, moods, of_commands, running, exchange, customers, penalty, regular, unanswered };
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

    /// Gives a command, which reaches the journal as its context does; none where the answer takes too long.
    async fn give(&self, command: Value) -> Option<Result<Outcome, AppError>> {
        let context = match command["type"].as_str().unwrap() {
            "checkIn" | "checkOut" => Some(ContextName::CheckIn),
            "pay" => Some(ContextName::Pay),
            "imposePenalty" | "deductPenalty" => Some(ContextName::Penalty),
            _ => None,
        };
        let mut gateway: CommandBus = self.desk.terminal.commands.clone();
        let mut patience = PATIENCE;
        if let Some(moods) = context.map(|name| self.of_commands[&name].clone()) {
            if moods.is(Mood::Hangs) {
                patience = LONGEST;
            }
            gateway.core.journal = Arc::new(MoodyJournal(gateway.core.journal, moods));
        }
        let recorder = self.desk.recorder().await;
        let request = json!({ "idempotencyKey": Uuid::new_v4().to_string(), "command": command });
        let mut answer = JoinSet::new();
        answer.spawn(async move { gateway.record(recorder, request).await });
        match tokio::time::timeout(patience, answer.join_next()).await {
            Ok(joined) => Some(joined.unwrap().expect("a panic is an answer")),
            Err(_) => {
                self.unanswered.lock().unwrap().push(answer);
                None
            }
        }
    }

    /// What happens at the desk, and how it was answered.
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
                Some(Ok(_)) => "well".into(),
                Some(Err(error)) => format!("{:?}", error.code),
                None => "no answer".into(),
            });
        }
        answers
    }

    /// How long each answer takes, but those that may take longer; all of them are good.
    pub(super) async fn took(&self, but: &[Asked]) -> Took {
        let (customer, area) = (self.regular, self.desk.area.area_id);
        let mut all: BTreeMap<Asked, Vec<Duration>> = BTreeMap::new();
        for _ in 0..ROUNDS {
            let mut visit = Value::Null;
            for asked in ASKED.into_iter().filter(|it| !but.contains(it)) {
                let command = match asked {
                    Asked::CheckIn => json!({ "type": "checkIn", "customerId": customer, "areaId": area }),
                    Asked::CheckOut => json!({ "type": "checkOut", "visitId": visit }),
                    Asked::Pay => json!({ "type": "pay", "customerId": customer, "points": 1 }),
                    Asked::Penalty => json!({ "type": "imposePenalty", "customerId": customer, "points": 1 }),
                    Asked::Register => json!({ "type": "registerCustomer", "profile": { "name": "다른 손님" } }),
                    Asked::Page => Value::Null,
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

    /// Whoever asks waits no longer than when all was well. A step that hangs is waited for 10 s at most: to be asked before.
    pub(super) async fn answers_as_soon_as(&self, well: &Took, but: &[Asked], said: &str) {
        let now = self.took(but).await;
        let slow: Vec<_> = now.iter().filter(|(asked, took)| **took > well[*asked] * SLOWER + SLACK).collect();
        assert!(slow.is_empty(), "{said}: {slow:?} and not {well:?}");
    }

    pub(super) async fn results(&self, answers: Vec<String>, exchange: bool) -> Results {
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
        if exchange {
            let facts = usize::try_from(self.desk.facts().await).unwrap();
            results.insert("exchange", json!([self.pending().await, facts - self.log.facts()]));
        }
        results
    }

    pub(super) async fn end(self) {
        self.exchange.stop().await;
        self.running.stop().await;
    }
}

/// The day with a context that nobody troubles, or that a manager has stopped, perhaps until the evening.
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
