//! Each context in turn made to fail, to panic and to hang: what the others did is what they do on a good day, as soon.

use std::sync::Arc;

use nosmoke_ports::contract::{ContextName, ContextState};
use nosmoke_tests::doubles::{Mood, MoodyPoint, with_point};
use serde_json::json;
use tokio::task::JoinSet;

use super::day::{Asked, Day, Results, good_day};
use super::{start, stop, until, until_passed, until_state, view};

const EVERY_MOOD: &[Mood] = &[Mood::Fails, Mood::Panics, Mood::PanicsInside, Mood::Hangs];
/// Of what runs in no thread of the store.
const ELSEWHERE: &[Mood] = &[Mood::Fails, Mood::Panics, Mood::Hangs];

/// What the trouble of a context's tasks touches, of the results and of what is asked; all else is as on a good day.
struct Tasks {
    name: ContextName,
    moods: &'static [Mood],
    results: &'static [&'static str],
    slow: &'static [Asked],
}

static TASKS: [Tasks; 6] = [
    Tasks { name: ContextName::CheckIn, moods: EVERY_MOOD, results: &["check_in"], slow: &[] },
    // What point doesn't do, nobody gets: the good day is one on which it is stopped. Mypage's page waits for it a second.
    Tasks {
        name: ContextName::Point,
        moods: EVERY_MOOD,
        results: &["point"],
        slow: &[Asked::Pay, Asked::Penalty, Asked::Page],
    },
    Tasks { name: ContextName::Penalty, moods: EVERY_MOOD, results: &["penalty"], slow: &[] },
    Tasks { name: ContextName::Mypage, moods: EVERY_MOOD, results: &["mypage"], slow: &[Asked::Page] },
    Tasks { name: ContextName::Publisher, moods: ELSEWHERE, results: &["exchange"], slow: &[] },
    Tasks { name: ContextName::Consumer, moods: ELSEWHERE, results: &["exchange"], slow: &[] },
];

/// What is the contexts' own of what is asked: in trouble, their commands record nothing. Pay has no tasks.
const COMMANDS: [(ContextName, &[Asked]); 3] = [
    (ContextName::CheckIn, &[Asked::CheckIn, Asked::CheckOut]),
    (ContextName::Pay, &[Asked::Pay]),
    (ContextName::Penalty, &[Asked::Penalty]),
];

#[test]
fn every_context_fails_panics_and_hangs() {
    for name in ContextName::ALL {
        let of_tasks = TASKS.iter().filter(|it| it.name == name).flat_map(|it| it.moods);
        let of_commands = COMMANDS.iter().filter(|it| it.0 == name).flat_map(|_| EVERY_MOOD);
        let moods: Vec<_> = of_tasks.chain(of_commands).collect();
        assert!(ELSEWHERE.iter().all(|mood| moods.contains(&mood)), "{name:?}: {moods:?}");
    }
}

/// Days that mostly wait, side by side.
async fn side_by_side(days: impl Iterator<Item = impl Future<Output = ()> + Send + 'static>) {
    let mut under_way = JoinSet::new();
    days.for_each(|day| drop(under_way.spawn(day)));
    under_way.join_all().await;
}

/// The day on which a context's tasks are in a mood, and how it ends once that is over.
async fn bad_day(tasks: &Tasks, mood: Mood, good: Arc<Results>, healed: Arc<Results>) {
    let Tasks { name, results: own, slow, .. } = *tasks;
    let said = format!("{name:?} {mood:?}");
    let mut day = Day::begin().await;
    let is_side = matches!(name, ContextName::Publisher | ContextName::Consumer);
    if name == ContextName::Point && mood == Mood::Hangs {
        // A point that hangs answers nobody.
        day.desk.terminal = with_point(day.desk.terminal.clone(), Arc::new(MoodyPoint(day.moods[&name].clone())));
    }
    let well = day.took(slow).await;
    let terminal = day.desk.terminal.clone();
    day.moods[&name].turn(mood);
    let asked = day.moods[&name].calls();
    day.desk.check_in(day.desk.customer("그 밖에").await).await;
    if mood == Mood::Hangs {
        until(&format!("{said} is asked"), || async { day.moods[&name].calls() > asked }).await;
    } else {
        until_state(&terminal, name, ContextState::Failing).await;
    }
    day.answers_as_soon_as(&well, slow, &said).await;
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
    for (part, expected) in &*healed {
        assert_eq!(results.get(part), Some(expected), "{said}, healed: {part}");
    }
    day.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_whatever_goes_wrong_in_a_context_the_others_go_on_unchanged() {
    let good = Arc::new(good_day(None, false).await);
    assert_eq!(good["commands"], json!(vec!["well"; 7]));
    assert_eq!((&good["check_in"], &good["penalty"], &good["earned"]), (&json!([1, 0]), &json!([[6], [3]]), &json!(2)));
    for tasks in TASKS.iter().filter(|it| it.name != ContextName::Point) {
        side_by_side(tasks.moods.iter().map(|mood| bad_day(tasks, *mood, good.clone(), good.clone()))).await;
    }
}

/// What point doesn't do, nobody gets: the others do as they do while it is stopped.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_whatever_goes_wrong_in_point_the_others_go_on_as_while_it_is_stopped() {
    let without = Arc::new(good_day(Some(ContextName::Point), false).await);
    let unavailable = "PointUnavailable";
    assert_eq!(without["commands"], json!(["well", "well", "well", unavailable, unavailable, unavailable, "well"]));
    let healed = Arc::new(good_day(Some(ContextName::Point), true).await);
    assert_eq!((&without["earned"], &healed["earned"]), (&json!(1), &json!(2)));
    for tasks in TASKS.iter().filter(|it| it.name == ContextName::Point) {
        side_by_side(tasks.moods.iter().map(|mood| bad_day(tasks, *mood, without.clone(), healed.clone()))).await;
    }
}

/// The day on which a context's commands are in a mood: they have recorded nothing, and are answered by a code unless they hang.
async fn refusing_day(name: ContextName, own: &[Asked], mood: Mood, without: Arc<Results>) {
    let said = format!("commands of {name:?} {mood:?}");
    let answer = match mood {
        Mood::Fails => "StorageFailed",
        Mood::Panics | Mood::PanicsInside => "Internal",
        Mood::Well | Mood::Hangs => "no answer",
    };
    let day = Day::begin().await;
    let well = day.took(own).await;
    day.of_commands[&name].turn(mood);
    day.answers_as_soon_as(&well, own, &said).await;
    let answers = day.commands().await;
    let expected = without["commands"].to_string().replace("ContextStopped", answer);
    assert_eq!(json!(answers).to_string(), expected, "{said}");
    until_passed(&day.desk.terminal, &[]).await;
    day.until_published().await;
    let results = day.results(answers, true).await;
    for (part, expected) in without.iter().filter(|(part, _)| **part != "commands") {
        assert_eq!(results.get(part), Some(expected), "{said}: {part}");
    }
    for context in day.desk.terminal.contexts().await.unwrap() {
        // Its own faults are counted and listed there, and nowhere else.
        let own = context.name == name && mood != Mood::Hangs;
        assert_eq!((context.errors > 0, context.state), (own, ContextState::Running), "{said}: {context:?}");
        assert_eq!(context.last_errors.is_empty(), !own, "{said}: {context:?}");
    }
    day.of_commands[&name].turn(Mood::Well);
    assert!(!day.commands().await.contains(&answer.to_owned()), "{said}, healed");
    day.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_whatever_goes_wrong_in_a_context_s_commands_the_others_go_on_as_while_it_is_stopped() {
    for (name, own) in COMMANDS {
        let without = Arc::new(good_day(Some(name), false).await);
        assert!(without["commands"].as_array().unwrap().contains(&json!("ContextStopped")), "{name:?}");
        side_by_side(EVERY_MOOD.iter().map(|mood| refusing_day(name, own, *mood, without.clone()))).await;
    }
}
