//! Makes each context fail, panic and hang in turn. The results and latencies of the other contexts must be those of a
//! normal day.

use std::sync::Arc;

use nosmoke_ports::contract::{ContextName, ContextState};
use nosmoke_tests::doubles::{Behaviour, FaultyPoint, with_point};
use serde_json::json;
use tokio::task::JoinSet;

use super::day::{Day, Results, TimedRequest, good_day};
use super::{start, stop, until, until_passed, until_state, view};

const ALL_BEHAVIOURS: &[Behaviour] = &[Behaviour::Fails, Behaviour::Panics, Behaviour::PanicsInside, Behaviour::Hangs];
/// The faulty behaviours of replication's tasks. `PanicsInside` is left out, because their double has no unit of work
/// on a thread of the store.
const REPLICATION_BEHAVIOURS: &[Behaviour] = &[Behaviour::Fails, Behaviour::Panics, Behaviour::Hangs];

/// The results and requests that a fault in a context's tasks may change. All others must be as on a normal day.
struct Tasks {
    name: ContextName,
    behaviours: &'static [Behaviour],
    results: &'static [&'static str],
    slow: &'static [TimedRequest],
}

static TASKS: [Tasks; 6] = [
    Tasks { name: ContextName::CheckIn, behaviours: ALL_BEHAVIOURS, results: &["check_in"], slow: &[] },
    // A day with a faulty point is compared with a day on which point is stopped. A page of Mypage is slower, because
    // it waits up to a second for point.
    Tasks {
        name: ContextName::Point,
        behaviours: ALL_BEHAVIOURS,
        results: &["point"],
        slow: &[TimedRequest::Pay, TimedRequest::Penalty, TimedRequest::Page],
    },
    Tasks { name: ContextName::Penalty, behaviours: ALL_BEHAVIOURS, results: &["penalty"], slow: &[] },
    Tasks { name: ContextName::Mypage, behaviours: ALL_BEHAVIOURS, results: &["mypage"], slow: &[TimedRequest::Page] },
    Tasks { name: ContextName::Publisher, behaviours: REPLICATION_BEHAVIOURS, results: &["replication"], slow: &[] },
    Tasks { name: ContextName::Consumer, behaviours: REPLICATION_BEHAVIOURS, results: &["replication"], slow: &[] },
];

/// The contexts with commands, each with the requests that its commands affect. Pay has commands but no tasks.
const COMMANDS: [(ContextName, &[TimedRequest]); 3] = [
    (ContextName::CheckIn, &[TimedRequest::CheckIn, TimedRequest::CheckOut]),
    (ContextName::Pay, &[TimedRequest::Pay]),
    (ContextName::Penalty, &[TimedRequest::Penalty]),
];

#[test]
fn every_context_is_tested_failing_panicking_and_hanging() {
    for name in ContextName::ALL {
        let of_tasks = TASKS.iter().filter(|it| it.name == name).flat_map(|it| it.behaviours);
        let of_commands = COMMANDS.iter().filter(|it| it.0 == name).flat_map(|_| ALL_BEHAVIOURS);
        let behaviours: Vec<_> = of_tasks.chain(of_commands).collect();
        assert!(
            REPLICATION_BEHAVIOURS.iter().all(|behaviour| behaviours.contains(&behaviour)),
            "{name:?}: {behaviours:?}"
        );
    }
}

/// Plays several days concurrently: each mostly waits, so this saves time.
async fn side_by_side(days: impl Iterator<Item = impl Future<Output = ()> + Send + 'static>) {
    let mut under_way = JoinSet::new();
    days.for_each(|day| drop(under_way.spawn(day)));
    under_way.join_all().await;
}

/// Plays a day with faulty tasks in one context and compares it with a good day. Then ends the fault and compares
/// again.
async fn bad_day(tasks: &Tasks, behaviour: Behaviour, good: Arc<Results>, healed: Arc<Results>) {
    let Tasks { name, results: own, slow, .. } = *tasks;
    let label = format!("{name:?} {behaviour:?}");
    let mut day = Day::begin().await;
    let is_side = matches!(name, ContextName::Publisher | ContextName::Consumer);
    if name == ContextName::Point && behaviour == Behaviour::Hangs {
        // Calls to point are as faulty as its tasks.
        day.desk.terminal = with_point(day.desk.terminal.clone(), Arc::new(FaultyPoint(day.switches[&name].clone())));
    }
    let normal = day.latencies(slow).await;
    let terminal = day.desk.terminal.clone();
    day.switches[&name].set(behaviour);
    let calls = day.switches[&name].calls();
    day.desk.check_in(day.desk.customer("그 밖에").await).await;
    if behaviour == Behaviour::Hangs {
        until(&format!("{label} is called"), || async { day.switches[&name].calls() > calls }).await;
    } else {
        until_state(&terminal, name, ContextState::Failing).await;
    }
    day.assert_no_slower(&normal, slow, &label).await;
    let answers = day.commands().await;
    until_passed(&terminal, &[name]).await;
    if !is_side {
        day.until_published().await;
    }
    let results = day.results(answers.clone(), !is_side).await;
    for (part, expected) in good.iter().filter(|(part, _)| !own.contains(part)) {
        assert_eq!(results.get(part), Some(expected), "{label}: {part}");
    }
    for other in terminal.contexts().await.unwrap().iter().filter(|it| it.name != name) {
        assert_eq!((other.errors, other.restarts, other.set_aside), (0, 0, 0), "{label}: {other:?}");
        // Publisher and consumer share a connection, so a fault of one may make the other catch up for a moment.
        assert!(is_side || other.state == ContextState::Running, "{label}: {other:?}");
    }
    let faulty = view(&terminal, name).await;
    assert_eq!(
        faulty.restarts > 0,
        matches!(behaviour, Behaviour::Panics | Behaviour::PanicsInside),
        "{label}: {faulty:?}"
    );
    assert_eq!(faulty.errors == 0, behaviour == Behaviour::Hangs, "{label}: {faulty:?}");
    // A hanging context doesn't recover by itself; it must be stopped and started.
    if behaviour == Behaviour::Hangs {
        stop(&terminal, name).await;
    }
    day.switches[&name].set(Behaviour::Normal);
    if behaviour == Behaviour::Hangs {
        start(&terminal, name).await;
    }
    until_passed(&terminal, &[]).await;
    day.until_published().await;
    until_state(&terminal, name, ContextState::Running).await;
    let results = day.results(answers, true).await;
    for (part, expected) in &*healed {
        assert_eq!(results.get(part), Some(expected), "{label}, healed: {part}");
    }
    day.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_a_faulty_context_leaves_the_others_unchanged() {
    let good = Arc::new(good_day(None, false).await);
    assert_eq!(good["commands"], json!(vec!["ok"; 7]));
    assert_eq!((&good["check_in"], &good["penalty"], &good["earned"]), (&json!([1, 0]), &json!([[6], [3]]), &json!(2)));
    for tasks in TASKS.iter().filter(|it| it.name != ContextName::Point) {
        side_by_side(tasks.behaviours.iter().map(|behaviour| bad_day(tasks, *behaviour, good.clone(), good.clone())))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_a_faulty_point_affects_the_others_only_like_a_stopped_one() {
    let without = Arc::new(good_day(Some(ContextName::Point), false).await);
    let unavailable = "PointUnavailable";
    assert_eq!(without["commands"], json!(["ok", "ok", "ok", unavailable, unavailable, unavailable, "ok"]));
    let healed = Arc::new(good_day(Some(ContextName::Point), true).await);
    assert_eq!((&without["earned"], &healed["earned"]), (&json!(1), &json!(2)));
    for tasks in TASKS.iter().filter(|it| it.name == ContextName::Point) {
        side_by_side(
            tasks.behaviours.iter().map(|behaviour| bad_day(tasks, *behaviour, without.clone(), healed.clone())),
        )
        .await;
    }
}

/// Plays a day on which the commands of one context are faulty. They must record nothing, and be answered with an error
/// code unless they hang.
async fn refusing_day(name: ContextName, own: &[TimedRequest], behaviour: Behaviour, without: Arc<Results>) {
    let label = format!("commands of {name:?} {behaviour:?}");
    let answer = match behaviour {
        Behaviour::Fails => "StorageFailed",
        Behaviour::Panics | Behaviour::PanicsInside => "Internal",
        Behaviour::Normal | Behaviour::Hangs => "no answer",
    };
    let day = Day::begin().await;
    let normal = day.latencies(own).await;
    day.command_switches[&name].set(behaviour);
    day.assert_no_slower(&normal, own, &label).await;
    let answers = day.commands().await;
    let expected = without["commands"].to_string().replace("ContextStopped", answer);
    assert_eq!(json!(answers).to_string(), expected, "{label}");
    until_passed(&day.desk.terminal, &[]).await;
    day.until_published().await;
    let results = day.results(answers, true).await;
    for (part, expected) in without.iter().filter(|(part, _)| **part != "commands") {
        assert_eq!(results.get(part), Some(expected), "{label}: {part}");
    }
    for context in day.desk.terminal.contexts().await.unwrap() {
        // Only the faulty context itself counts errors.
        let own = context.name == name && behaviour != Behaviour::Hangs;
        assert_eq!((context.errors > 0, context.state), (own, ContextState::Running), "{label}: {context:?}");
        assert_eq!(context.last_errors.is_empty(), !own, "{label}: {context:?}");
    }
    day.command_switches[&name].set(Behaviour::Normal);
    assert!(!day.commands().await.contains(&answer.to_owned()), "{label}, healed");
    day.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_faulty_commands_of_a_context_affect_the_others_only_like_a_stop() {
    for (name, own) in COMMANDS {
        let without = Arc::new(good_day(Some(name), false).await);
        assert!(without["commands"].as_array().unwrap().contains(&json!("ContextStopped")), "{name:?}");
        side_by_side(ALL_BEHAVIOURS.iter().map(|behaviour| refusing_day(name, own, *behaviour, without.clone()))).await;
    }
}
