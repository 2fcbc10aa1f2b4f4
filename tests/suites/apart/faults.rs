//! Each context in turn made to fail, to panic and to hang: what the others did is what they do on a good day.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nosmoke_application::contract::{ContextName, ContextState, MypageFilter, Outcome};
use nosmoke_application::pairing;
use nosmoke_application::ports::{Journal, RandomIds, StoreError, read};
use nosmoke_application::terminal::{Running, RunningExchange};
use nosmoke_domain::ids::{CustomerId, PenaltyId};
use serde_json::{Value, json};

use super::{start, stop, until, until_passed, until_state, view};
use crate::support::Desk;
use nosmoke_tests::doubles::{MemoryLog, Mood, Moods, MoodyJournal, MoodyPoint};

/// What each context holds at the end, and what the commands answered.
type Results = BTreeMap<&'static str, Value>;

struct Day {
    desk: Desk,
    log: Arc<MemoryLog>,
    moods: BTreeMap<ContextName, Moods>,
    running: Running,
    exchange: RunningExchange,
    customers: [CustomerId; 2],
    penalty: PenaltyId,
}

impl Day {
    /// A terminal that runs, with a port of its own for each context. One customer has points and a penalty.
    async fn begin() -> Self {
        let mut desk = Desk::new().await;
        pairing::ensure_key(&*desk.terminal.ports.journal, Arc::new(RandomIds)).await.unwrap();
        let customers = [desk.customer("홍길동").await, desk.customer("김영희").await];
        desk.visit(customers[0]).await;
        let penalty = desk.penalty(customers[0], 10).await;
        desk.settle().await;
        let mut moods = BTreeMap::new();
        for name in [ContextName::CheckIn, ContextName::Point, ContextName::Penalty, ContextName::Mypage] {
            let journal: Arc<dyn Journal> = desk.terminal.ports.journal.clone();
            moods.insert(name, Moods::default());
            let own = Arc::new(MoodyJournal(journal, moods[&name].clone()));
            desk.terminal = desk.terminal.clone().with_journal_of(name, own);
        }
        // Pay has no task: what can go wrong with it are its calls.
        moods.insert(ContextName::Pay, Moods::default());
        let log = Arc::new(MemoryLog::default());
        moods.insert(ContextName::Publisher, log.publishing.clone());
        moods.insert(ContextName::Consumer, log.fetching.clone());
        let running = desk.terminal.start(|_| ());
        let exchange = desk.terminal.start_exchange(log.clone(), "test".into());
        let day = Self { desk, log, moods, running, exchange, customers, penalty };
        day.until_published().await;
        day
    }

    async fn pending(&self) -> u64 {
        let journal = &*self.desk.terminal.ports.journal;
        let totals = read::<_, StoreError>(journal, |tx| tx.pending_totals()).await.unwrap();
        totals.facts
    }

    async fn until_published(&self) {
        until("all is read back", || async { self.pending().await == 0 }).await;
    }

    /// What happens at the desk, and how it was answered; none waits for long.
    async fn commands(&self) -> Vec<String> {
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
            let begun = Instant::now();
            let answer = self.desk.give(command.clone()).await;
            assert!(begun.elapsed() < Duration::from_millis(900), "{command} took {:?}", begun.elapsed());
            if let Ok(Outcome::CheckedIn { visit_id, .. }) = &answer {
                visit = json!(visit_id);
            }
            answers.push(answer.map_or_else(|error| format!("{:?}", error.code), |_| "well".into()));
        }
        answers
    }

    async fn results(&self, answers: Vec<String>, exchange: bool) -> Results {
        let customers = self.customers;
        let held = read::<_, StoreError>(&*self.desk.terminal.ports.journal, move |tx| {
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
        results.insert("earned", json!(self.desk.earnings().await.len()));
        results.insert("commands", json!(answers));
        if exchange {
            let facts = usize::try_from(self.desk.facts().await).unwrap();
            results.insert("exchange", json!([self.pending().await, facts - self.log.facts()]));
        }
        results
    }

    async fn end(self) {
        self.exchange.stop().await;
        self.running.stop().await;
    }
}

/// The day with a context that nobody troubles, or that a manager has stopped.
async fn good_day(stopped: Option<ContextName>) -> Results {
    let day = Day::begin().await;
    if let Some(name) = stopped {
        stop(&day.desk.terminal, name).await;
    }
    let answers = day.commands().await;
    let but: Vec<_> = stopped.into_iter().collect();
    until_passed(&day.desk.terminal, &but).await;
    day.until_published().await;
    let results = day.results(answers, true).await;
    day.end().await;
    results
}

/// The day on which a context is in a mood, and how it ends once that is over.
async fn bad_day(name: ContextName, mood: Mood, own: &[&str], good: &Results, healed: &Results) {
    let said = format!("{name:?} {mood:?}");
    let mut day = Day::begin().await;
    let is_side = matches!(name, ContextName::Publisher | ContextName::Consumer);
    if name == ContextName::Point && mood == Mood::Hangs {
        // A point that hangs answers nobody.
        day.desk.terminal = day.desk.terminal.clone().with_point(Arc::new(MoodyPoint(day.moods[&name].clone())));
    }
    let terminal = day.desk.terminal.clone();
    day.moods[&name].turn(mood);
    let asked = day.moods[&name].calls();
    day.desk.check_in(day.desk.customer("그 밖에").await).await;
    if mood == Mood::Hangs {
        until(&format!("{said} is asked"), || async { day.moods[&name].calls() > asked }).await;
    } else {
        until_state(&terminal, name, ContextState::Failing).await;
    }
    let answers = day.commands().await;
    until_passed(&terminal, &[name]).await;
    if !is_side {
        day.until_published().await;
    }
    let results = day.results(answers.clone(), !is_side).await;
    for (part, expected) in good.iter().filter(|(part, _)| !own.contains(part)) {
        assert_eq!(results.get(part), Some(expected), "{said}: {part}");
    }
    for other in terminal.contexts().await.unwrap().iter().filter(|it| it.name != name) {
        assert_eq!((other.errors, other.restarts, other.set_aside), (0, 0, 0), "{said}: {other:?}");
        // The two sides share a connection: one that begins anew makes the other catch up for a moment.
        assert!(is_side || other.state == ContextState::Running, "{said}: {other:?}");
    }
    let sick = view(&terminal, name).await;
    assert_eq!(sick.restarts > 0, matches!(mood, Mood::Panics | Mood::PanicsInside), "{said}: {sick:?}");
    assert_eq!(sick.errors == 0, mood == Mood::Hangs, "{said}: {sick:?}");
    // What hangs is stopped and started.
    if mood == Mood::Hangs {
        stop(&terminal, name).await;
    }
    day.moods[&name].turn(Mood::Well);
    if mood == Mood::Hangs {
        start(&terminal, name).await;
    }
    until_passed(&terminal, &[]).await;
    day.until_published().await;
    until_state(&terminal, name, ContextState::Running).await;
    let results = day.results(answers, true).await;
    for (part, expected) in healed {
        assert_eq!(results.get(part), Some(expected), "{said}, healed: {part}");
    }
    day.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_whatever_goes_wrong_in_a_context_the_others_go_on_unchanged() {
    let good = good_day(None).await;
    assert_eq!(good["commands"], json!(vec!["well"; 7]));
    assert_eq!((&good["check_in"], &good["penalty"], &good["earned"]), (&json!([1, 0]), &json!([[6], [3]]), &json!(2)));
    for mood in [Mood::Fails, Mood::Panics, Mood::PanicsInside, Mood::Hangs] {
        bad_day(ContextName::CheckIn, mood, &["check_in"], &good, &good).await;
        bad_day(ContextName::Penalty, mood, &["penalty"], &good, &good).await;
        bad_day(ContextName::Mypage, mood, &["mypage"], &good, &good).await;
        if mood != Mood::PanicsInside {
            bad_day(ContextName::Publisher, mood, &["exchange"], &good, &good).await;
            bad_day(ContextName::Consumer, mood, &["exchange"], &good, &good).await;
        }
    }
}

/// What point doesn't do, nobody gets: the others do as they do while it is stopped.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_whatever_goes_wrong_in_point_the_others_go_on_as_while_it_is_stopped() {
    let without = good_day(Some(ContextName::Point)).await;
    let unavailable = "PointUnavailable";
    assert_eq!(without["commands"], json!(["well", "well", "well", unavailable, unavailable, unavailable, "well"]));
    let healed = {
        let day = Day::begin().await;
        stop(&day.desk.terminal, ContextName::Point).await;
        let answers = day.commands().await;
        start(&day.desk.terminal, ContextName::Point).await;
        until_passed(&day.desk.terminal, &[]).await;
        day.until_published().await;
        let results = day.results(answers, true).await;
        day.end().await;
        results
    };
    assert_eq!((&without["earned"], &healed["earned"]), (&json!(1), &json!(2)));
    for mood in [Mood::Fails, Mood::Panics, Mood::PanicsInside, Mood::Hangs] {
        bad_day(ContextName::Point, mood, &["point"], &without, &healed).await;
    }
}
