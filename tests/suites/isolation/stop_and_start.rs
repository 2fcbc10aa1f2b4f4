//! The program shows who stopped a context and why, and when a failing context makes its next attempt.

use std::sync::Arc;

use nosmoke_application::permission::Authority;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{ContextName, ContextState, ErrorCode, StoppedBy, StoppedVia};
use nosmoke_runtime::measures::Node;
use nosmoke_tests::doubles::{Behaviour, FaultSwitch, FaultyJournal, start_with_journals};

use super::{start, until, until_state, view};
use crate::support::Desk;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s08_a_stopped_context_shows_who_stopped_it_when_and_why() {
    let desk = Desk::new().await;
    let running = desk.terminal.start(|_| ());
    let manager = desk.authority().await;
    let by = async |name| -> Option<StoppedBy> { view(&desk.terminal, name).await.stopped_by };
    let stop = async |caller, name, reason: Option<&str>| {
        let authority = if caller == Node::Rest { Authority::OWNER } else { manager };
        desk.terminal.stop_context(authority, caller, name, reason.map(str::to_owned)).await
    };
    assert_eq!(by(ContextName::Point).await, None);
    stop(Node::Screen, ContextName::Point, Some(" 점검 ")).await.unwrap();
    let point = by(ContextName::Point).await.unwrap();
    let since = view(&desk.terminal, ContextName::Point).await.since;
    assert!((since - point.at).abs() < 1_000, "{point:?} {since}");
    assert_eq!((point.via, point.role, point.reason.as_deref()), (StoppedVia::Screen, Role::Manager, Some("점검")));
    // The name is masked, as on every screen that customers see.
    let name = point.staff_name.clone().unwrap();
    assert!(name.contains('○'), "{name}");
    // A second stop doesn't replace the name and reason of the first.
    stop(Node::Rest, ContextName::Point, Some("again")).await.unwrap();
    assert_eq!(by(ContextName::Point).await, Some(point));
    // A stop through the gateway has no staff member's name.
    stop(Node::Rest, ContextName::Mypage, None).await.unwrap();
    let mypage = by(ContextName::Mypage).await.unwrap();
    assert_eq!((mypage.via, mypage.staff_name, mypage.reason), (StoppedVia::Rest, None, None));
    for name in [ContextName::Point, ContextName::Mypage] {
        start(&desk.terminal, name).await;
        assert_eq!(by(name).await, None);
    }
    // An invalid reason is refused, and nothing is stopped.
    for (reason, code) in [("가".repeat(81), ErrorCode::TooLong), ("\u{7}".to_owned(), ErrorCode::InvalidText)] {
        assert_eq!(stop(Node::Screen, ContextName::Pay, Some(&reason)).await.unwrap_err().code, code);
        assert_eq!(view(&desk.terminal, ContextName::Pay).await.state, ContextState::Running);
    }
    stop(Node::Screen, ContextName::Pay, Some(&"가".repeat(80))).await.unwrap();
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s08_a_failing_context_shows_its_next_attempt() {
    for behaviour in [Behaviour::Fails, Behaviour::Panics] {
        let desk = Desk::new().await;
        let customer = desk.customer("홍길동").await;
        let switch = FaultSwitch::default();
        let own = Arc::new(FaultyJournal(desk.terminal.core.journal.clone(), switch.clone()));
        let running = start_with_journals(&desk.terminal, &[(ContextName::CheckIn, own as _)].into());
        let shown = async || view(&desk.terminal, ContextName::CheckIn).await;
        assert_eq!((shown().await.attempt, shown().await.next_attempt_at), (None, None));
        switch.set(behaviour);
        desk.check_in(customer).await;
        until_state(&desk.terminal, ContextName::CheckIn, ContextState::Failing).await;
        // The backoff grows with each attempt, so a poll soon falls between two attempts.
        until("the context waits for a later attempt", || async {
            let view = shown().await;
            view.attempt.is_some_and(|attempt| attempt >= 5)
                && view.next_attempt_at.is_some_and(|at| at > view.last_errors.last().unwrap().at)
        })
        .await;
        // A stopped context makes no attempts.
        super::stop(&desk.terminal, ContextName::CheckIn).await;
        assert_eq!((shown().await.attempt, shown().await.next_attempt_at), (None, None));
        switch.set(Behaviour::Normal);
        start(&desk.terminal, ContextName::CheckIn).await;
        until_state(&desk.terminal, ContextName::CheckIn, ContextState::Running).await;
        until("nothing is tried again", || async { shown().await.attempt.is_none() }).await;
        assert_eq!(shown().await.next_attempt_at, None);
        running.stop().await;
    }
}
