//! The present moment: what a wrong clock shows once the cluster has measured it, and what a start asks about a clock that
//! can't be right.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_application::clock_check;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{ClockDoubt, ErrorCode, MypageFilter, Outcome, WhoFilter, WhoInput, WhoMark};
use nosmoke_ports::{Clock, Priority, StoreError, Write, write};
use serde_json::json;

use crate::over_time::desk_under;
use crate::support::Desk;

const TEN_YEARS: TimeDelta = TimeDelta::days(3_653);

/// A desk with a customer who earned 100 points that expire at the end of 2027-11 and whom 40 penalty points prohibit for
/// 7 days.
async fn desk() -> (Desk, CustomerId) {
    let rules = serde_json::from_value::<Rules>(json!({
        "generation": 2,
        "expiry_months": 12,
        "levels": { "warn_at": 20, "prohibit": [{ "at": 40, "days": 7 }] },
    }));
    let (desk, customer) = desk_under(rules.unwrap()).await;
    desk.visit(customer).await;
    desk.penalty(customer, 40).await;
    desk.settle().await;
    (desk, customer)
}

async fn shown(desk: &Desk, customer: CustomerId) -> (Standing, i64) {
    let card = desk.card(customer).await;
    (card.verdict.standing, card.points.balance)
}

/// Measures the clock as a heartbeat that was read back does: the cluster's clock shows `right`.
fn measure(desk: &Desk, right: DateTime<Utc>) {
    desk.terminal.core.present.measured(desk.clock.now(), right);
}

#[tokio::test]
async fn a_clock_ten_years_ahead_decides_nothing_once_it_was_measured() {
    let (desk, customer) = desk().await;
    let right = desk.clock.now();
    desk.clock.pass(TEN_YEARS);
    assert_eq!(shown(&desk, customer).await, (Standing::Warned, 0), "nothing was measured");
    measure(&desk, right);
    assert_eq!(shown(&desk, customer).await, (Standing::Prohibited, 100));
    let enter = json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id });
    assert_eq!(desk.refused(enter).await, ErrorCode::Prohibited);
    // Points that the wrong clock would have expired are paid, and new ones don't expire ten years later.
    desk.pay(customer, 60).await.unwrap();
    desk.settle().await;
    let why = desk.terminal.queries.why(serde_json::from_value(json!({ "customerId": customer })).unwrap());
    let why = why.await.unwrap();
    assert_eq!((why.points.balance, why.points.lots.len()), (40, 1));
    assert_eq!(why.points.lots[0].last_day.as_deref(), Some("2027-11-30"));
    assert_eq!(shown(&desk, customer).await, (Standing::Prohibited, 40));

    // What the wrong clock stamped is marked.
    let page = desk.page(customer, MypageFilter::All).await;
    let ahead: Vec<_> = page.entries.iter().map(|entry| (entry.status.as_str(), entry.ahead)).collect();
    assert_eq!(ahead, [("PAID", true), ("ACCRUED", false), ("EARNED", false)]);
    let input = WhoInput { filter: WhoFilter { marked: true, ..WhoFilter::default() }, cursor: None, limit: 10 };
    let marked = desk.terminal.queries.who_did_what(input).await.unwrap().entries;
    assert_eq!(
        marked.iter().map(|it| it.marks.clone()).collect::<Vec<_>>(),
        [vec![WhoMark::ClockAhead], vec![WhoMark::Override]]
    );

    // The clock is set right before the next measurement: nothing is lost, and nothing is corrected twice.
    desk.clock.pass(-TEN_YEARS);
    assert_eq!(shown(&desk, customer).await, (Standing::Prohibited, 40));
    assert!(desk.terminal.core.present.off_ms().unwrap().abs() < 1_000);
}

#[tokio::test]
async fn points_earned_under_a_measured_clock_expire_by_the_present_moment() {
    let (desk, customer) = desk().await;
    let right = desk.clock.now();
    desk.clock.pass(TEN_YEARS);
    measure(&desk, right);
    let other = desk.customer("김하나").await;
    let visit = desk.check_in(other).await;
    assert!(matches!(desk.check_out(visit).await, Outcome::CheckedOut { points: Some(100), .. }));
    desk.settle().await;
    let why = desk.terminal.queries.why(serde_json::from_value(json!({ "customerId": other })).unwrap());
    assert_eq!(why.await.unwrap().points.lots[0].last_day.as_deref(), Some("2027-11-30"));
    assert_eq!(shown(&desk, customer).await, (Standing::Prohibited, 100));
}

/// Restarts the desk, as opening its folder does, and returns what it asks.
async fn started(desk: Desk, passed: TimeDelta) -> (Desk, Option<ClockDoubt>) {
    desk.clock.pass(passed);
    let desk = desk.restart().await;
    clock_check::begin(&desk.terminal.core).await.unwrap();
    let doubt = doubt(&desk).await;
    (desk, doubt)
}

async fn doubt(desk: &Desk) -> Option<ClockDoubt> {
    clock_check::question(&desk.terminal.core).await.map(|question| question.doubt)
}

#[tokio::test]
async fn a_start_asks_about_a_clock_that_cant_be_right_until_it_is_confirmed() {
    let (desk, customer) = desk().await;
    let (desk, asked) = started(desk, TimeDelta::days(59)).await;
    assert_eq!(asked, None);
    let (desk, asked) = started(desk, TimeDelta::days(2)).await;
    assert_eq!(asked, Some(ClockDoubt::LongAfter));
    // Not answered: also what was recorded meanwhile doesn't make the clock right.
    desk.penalty(customer, 1).await;
    let (desk, asked) = started(desk, TimeDelta::zero()).await;
    assert_eq!(asked, Some(ClockDoubt::LongAfter));
    clock_check::confirm(&desk.terminal.core).await;
    assert_eq!(doubt(&desk).await, None);
    let (desk, asked) = started(desk, TimeDelta::hours(1)).await;
    assert_eq!(asked, None);
    // Before the newest fact, but not before what a person confirmed.
    let (desk, asked) = started(desk, -TimeDelta::days(3)).await;
    assert_eq!(asked, Some(ClockDoubt::Behind));
    clock_check::confirm(&desk.terminal.core).await;
    let (desk, asked) = started(desk, TimeDelta::hours(1)).await;
    assert_eq!(asked, None, "the newest fact is still ahead, but the clock was confirmed after it");
    desk.penalty(customer, 1).await;
    let (_desk, asked) = started(desk, TimeDelta::days(61)).await;
    assert_eq!(asked, Some(ClockDoubt::LongAfter), "judged by the newest fact again");
}

#[tokio::test]
async fn a_clock_that_is_mended_or_measured_ends_the_question() {
    let (desk, _) = desk().await;
    let (desk, asked) = started(desk, TEN_YEARS).await;
    assert_eq!(asked, Some(ClockDoubt::LongAfter));
    desk.clock.pass(-TEN_YEARS);
    assert_eq!(doubt(&desk).await, None);
    let (desk, asked) = started(desk, TEN_YEARS).await;
    assert_eq!(asked, Some(ClockDoubt::LongAfter));
    let right = desk.clock.now() - TEN_YEARS;
    measure(&desk, right);
    assert_eq!(doubt(&desk).await, None);
}

#[tokio::test]
async fn an_answer_that_cant_be_read_is_asked_for_again() {
    let (desk, _) = desk().await;
    let unit = |tx: &mut dyn Write| tx.put_setting("clock_check", r#"{"state":"forged"}"#);
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
    let (_desk, asked) = started(desk, TEN_YEARS).await;
    assert_eq!(asked, Some(ClockDoubt::LongAfter));
}
