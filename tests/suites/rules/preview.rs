//! The preview of a draft, from real data.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_application::jobs::{Progress, preview_rules};
use nosmoke_ports::contract::{ErrorCode, JobKind, JobState, PreviewedGroup, RulesPreview};
use nosmoke_ports::{Clock, Worker};
use serde_json::json;

use super::publish;
use crate::support::{Desk, job};

async fn preview(desk: &Desk, change: impl FnOnce(&mut nosmoke_ports::contract::RulesForm)) -> RulesPreview {
    let mut form = desk.terminal.queries.rules_editor().await.unwrap().form;
    change(&mut form);
    desk.terminal.queries.save_rules_draft(form).await.unwrap();
    let clock: Arc<dyn Clock> = desk.clock.clone();
    let progress = Arc::new(Progress::unfollowed(JobKind::PreviewRules, &clock));
    preview_rules(&desk.terminal.queries, progress).await.unwrap()
}

fn names(group: &PreviewedGroup) -> (u64, Vec<&str>) {
    (group.count, group.customers.iter().map(|customer| customer.name.as_deref().unwrap_or_default()).collect())
}

#[tokio::test]
async fn a_preview_names_who_would_be_prohibited_released_and_warned() {
    let desk = Desk::new().await;
    for (name, points) in [("가", 15), ("나", 35), ("다", 45), ("라", 100)] {
        let customer = desk.customer(name).await;
        desk.penalty(customer, points).await;
    }
    // Two ids of one person: the worse standing is the person's, and the person is counted once.
    let (one, other) = (desk.customer("마").await, desk.customer("마").await);
    desk.penalty(one, 15).await;
    desk.penalty(other, 45).await;
    desk.give(json!({ "type": "linkCustomers", "customerId": one, "otherId": other })).await.unwrap();
    desk.settle().await;
    let facts = desk.facts().await;

    let raised = preview(&desk, |form| form.levels[0].at = "60".into()).await;
    assert_eq!(raised.customers, 5);
    assert_eq!(names(&raised.now.released), (2, vec!["다", "마"]));
    assert_eq!((raised.now.prohibited.count, raised.now.warned.count), (0, 0));
    // With 10 points more, those with 35 and 45 would be prohibited at 40, but not at 60.
    // Which of the linked ids gets the next penalty depends on the ids.
    let (_, mut released) = names(&raised.next.released);
    released.retain(|name| *name != "마");
    assert_eq!(released, ["나", "다"]);

    let lowered = preview(&desk, |form| {
        form.warn_at = "10".into();
        form.levels[0].at = "30".into();
    })
    .await;
    assert_eq!(names(&lowered.now.prohibited), (1, vec!["나"]));
    assert_eq!(names(&lowered.now.warned), (1, vec!["가"]));
    assert_eq!(desk.facts().await, facts, "a preview records nothing");
}

#[tokio::test]
async fn a_preview_counts_last_months_points_under_the_draft() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    for _ in 0..3 {
        desk.visit(customer).await;
    }
    let visit = desk.check_in(customer).await;
    desk.give(json!({ "type": "checkOut", "visitId": visit, "points": 500 })).await.unwrap();
    let mistaken = desk.check_in(customer).await;
    desk.check_out(mistaken).await;
    desk.give(json!({ "type": "takeBackCheckOut", "visitId": mistaken })).await.unwrap();
    desk.settle_but(&[Worker::Mypage]).await;
    desk.clock.stop_at("2026-12-10T00:00:00Z".parse().unwrap());

    let points = preview(&desk, |form| form.points_per_visit = "70".into()).await.points;
    assert_eq!((points.visits, points.earned, points.under_draft), (4, 800, 710));
    let points = preview(&desk, |form| form.daily_cap = Some("600".into())).await.points;
    assert_eq!(points.under_draft, 600, "the given points count against the cap");
    let points = preview(&desk, |form| form.minimum_stay_minutes = Some("60".into())).await.points;
    assert_eq!(points.under_draft, 500, "the visits were too short");
}

#[tokio::test]
async fn a_preview_counts_a_visit_entered_afterwards_in_the_month_of_the_visit() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let entered = async |now: &str, at: &str| {
        desk.clock.stop_at(now.parse().unwrap());
        let at = at.parse::<DateTime<Utc>>().unwrap().timestamp_millis();
        let area_id = desk.area.area_id;
        let enter =
            json!({ "type": "enterVisit", "customerId": customer, "areaId": area_id, "beganAt": at, "endedAt": at });
        desk.give(enter).await.unwrap();
    };
    entered("2026-11-05T03:00:00Z", "2026-10-30T03:00:00Z").await;
    entered("2026-11-20T03:00:00Z", "2026-11-19T03:00:00Z").await;
    entered("2026-12-10T03:00:00Z", "2026-11-28T03:00:00Z").await;
    entered("2026-12-10T03:00:00Z", "2026-12-01T03:00:00Z").await;
    desk.settle_but(&[Worker::Mypage]).await;
    let points = preview(&desk, |form| form.points_per_visit = "70".into()).await.points;
    assert_eq!((points.visits, points.earned, points.under_draft), (2, 200, 140));
}

#[tokio::test]
async fn a_preview_can_be_cancelled_and_refuses_a_draft_with_problems() {
    let desk = Desk::new().await;
    let mut form = desk.terminal.queries.rules_editor().await.unwrap().form;
    form.points_per_visit = String::new();
    desk.terminal.queries.save_rules_draft(form).await.unwrap();
    let queries = desk.terminal.queries.clone();
    let run =
        |queries: nosmoke_application::queries::Queries| {
            job(&desk, JobKind::PreviewRules, |progress| async move {
                preview_rules(&queries, progress).await.map(|_| None)
            })
        };
    let refused = run(queries.clone()).await;
    assert_eq!(refused.error.map(|error| error.code), Some(ErrorCode::RulesInvalid));
    desk.terminal.queries.discard_rules_draft().await.unwrap();
    publish(&desk, false, |form| form.points_per_visit = "90".into()).await.unwrap();
    assert_eq!(run(queries).await.state, JobState::Done);
}
