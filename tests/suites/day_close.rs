//! The figures of a day, which are the sums of Mypage's lines, and its closes at a terminal.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use nosmoke_application::jobs::export_day;
use nosmoke_application::permission::{Caller, Scopes};
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::fact::{CheckedIn, Given};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, VisitId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{Ground, PenaltyCode, Role, Scope, Standing};
use nosmoke_ports::Clock;
use nosmoke_ports::contract::{
    DayFigure, DayItem, DayLine, DayView, ErrorCode, FactKind, JobKind, JobState, Language, MypageFilter, Outcome,
};
use serde_json::json;
use uuid::Uuid;

use crate::other_terminal::{Other, receive};
use crate::over_time::publish;
use crate::support::{Desk, csv_rows, job};

fn today(desk: &Desk) -> String {
    seoul_date(desk.clock.now()).to_string()
}

async fn day(desk: &Desk, day: &str) -> DayView {
    desk.settle().await;
    desk.terminal.queries.day(day).await.unwrap()
}

async fn close(desk: &Desk, day: &str) -> DayView {
    desk.settle().await;
    desk.terminal.queries.close_day(desk.caller().await, day).await.unwrap()
}

/// The figures of this terminal that aren't 0, by item and code or ground.
fn here(lines: &[DayLine]) -> BTreeMap<(DayItem, Option<String>), (i64, i64)> {
    let word = |line: &DayLine| line.code.map(|it| it.to_string()).or(line.ground.map(|it| it.to_string()));
    let figure = |line: &DayLine| ((line.item, word(line)), (line.here.count, line.here.points));
    lines.iter().filter(|line| line.here != DayFigure::default()).map(figure).collect()
}

/// A day with one of everything that staff can do, to two customers.
async fn busy_day(desk: &Desk) -> [CustomerId; 2] {
    let (one, other) = (desk.customer("홍길동").await, desk.customer("김하늘").await);
    for customer in [one, one, other] {
        desk.visit(customer).await;
        desk.settle().await;
    }
    let voided = desk.check_in(other).await;
    desk.give(json!({ "type": "voidVisit", "visitId": voided, "reason": "mistaken" })).await.unwrap();
    desk.pay(one, 60).await.unwrap();
    let Ok(Outcome::Paid { payment_id, .. }) = desk.pay(one, 30).await else { panic!() };
    desk.give(json!({ "type": "voidPayment", "paymentId": payment_id, "reason": "mistaken" })).await.unwrap();
    let adjust = json!({ "type": "adjustPoints", "customerId": other, "points": 7, "reason": "goodwill" });
    desk.give(adjust).await.unwrap();
    let imposed = json!({ "type": "imposePenalty", "customerId": other });
    let Ok(Outcome::PenaltyImposed { penalty_id, .. }) = desk.give(imposed).await else { panic!() };
    desk.deduct(penalty_id, "service", Some(4)).await.unwrap();
    let mistaken = desk.penalty(other, 3).await;
    desk.give(json!({ "type": "voidPenalty", "penaltyId": mistaken, "reason": "mistaken" })).await.unwrap();
    desk.penalty(one, 500).await;
    desk.settle().await;
    let enter = json!({ "type": "checkIn", "customerId": one, "areaId": desk.area.area_id });
    assert_eq!(desk.refused(enter.clone()).await, ErrorCode::Prohibited);
    let mut admit = enter;
    admit["admission"] = json!("emergency");
    desk.give(admit).await.unwrap();
    [one, other]
}

#[tokio::test]
async fn the_figures_of_a_day_are_the_sums_of_mypage_lines() {
    let desk = Desk::new().await;
    let customers = busy_day(&desk).await;
    let view = day(&desk, &today(&desk)).await;
    let found = here(&view.report.lines);
    let code = |code: PenaltyCode| Some(code.to_string());
    let expected = [
        ((DayItem::Visits, None), (4, 0)),
        ((DayItem::VisitsVoided, None), (1, 0)),
        ((DayItem::Refusals, None), (1, 0)),
        ((DayItem::Earned, None), (3, 300)),
        ((DayItem::Paid, None), (2, -90)),
        ((DayItem::PaymentsVoided, None), (1, 30)),
        ((DayItem::Adjusted, None), (1, 7)),
        ((DayItem::Penalties, code(PenaltyCode::BASIC)), (3, 513)),
        ((DayItem::PenaltiesVoided, None), (1, -3)),
        ((DayItem::Deductions, Some(Ground::SERVICE.to_string())), (1, -4)),
        // An admission of a prohibited customer, and two penalties with points of their own.
        ((DayItem::Overrides, None), (3, 0)),
    ];
    assert_eq!(found, BTreeMap::from(expected));
    assert_eq!((view.report.inside, view.report.open_cases, view.report.others.len()), (1, 0, 0));
    assert!(view.report.lines.iter().all(|line| line.facility.is_none_or(|facility| facility == line.here)));

    let (mut points, mut penalty_points) = (0, 0);
    for customer in customers {
        for (.., of_line, penalty) in desk.lines(customer, MypageFilter::All).await {
            points += of_line;
            penalty_points += penalty;
        }
    }
    let sum = |items: &[DayItem]| {
        let of_items = view.report.lines.iter().filter(|line| items.contains(&line.item));
        of_items.map(|line| line.here.points).sum::<i64>()
    };
    use DayItem as I;
    let points_items =
        [I::Earned, I::Paid, I::PaymentsVoided, I::DeductionPrices, I::Adjusted, I::Expired, I::WrittenOff];
    assert_eq!(sum(&points_items), points);
    assert_eq!(sum(&[I::Penalties, I::PenaltiesVoided, I::Deductions, I::DeductionsVoided, I::Lapsed]), penalty_points);
}

#[tokio::test]
async fn a_closed_day_keeps_its_figures_and_shows_what_came_later() {
    let desk = Desk::new().await;
    busy_day(&desk).await;
    let today = today(&desk);
    let closed = close(&desk, &today).await;
    let [first] = closed.closes.as_slice() else { panic!("{:?}", closed.closes) };
    assert_eq!((first.number, first.by.as_deref()), (1, Some("박서연")));
    assert_eq!(first.report.lines, closed.report.lines);
    let since = closed.since.unwrap();
    assert_eq!((since.lines, since.facts, since.more), (vec![], vec![], false));
    // A second Enter closes nothing twice.
    assert_eq!(close(&desk, &today).await.closes.len(), 1);

    // Another terminal was offline; what it recorded arrives after the close.
    let late = desk.customer("이하준").await;
    let mut other = Other::of(&desk).await;
    let area_id = desk.area.area_id;
    let (visit_id, standing_as_of) = (VisitId(Uuid::new_v4()), desk.clock.now());
    let standing = Standing::Allowed;
    let entered = CheckedIn { visit_id, area_id, standing, outstanding: 0, standing_as_of, admission: None };
    other.record(&desk, late, entered).await;
    desk.clock.pass(TimeDelta::days(3));
    let view = day(&desk, &today).await;
    assert_eq!(view.closes[0].report, first.report, "a close never changes");
    let since = view.since.unwrap();
    let [visits] = since.lines.as_slice() else { panic!("{:?}", since.lines) };
    assert_eq!(
        (visits.item, visits.here.count, visits.facility.map(|it| it.count)),
        (DayItem::Visits, 0, Some(1)),
        "it was recorded at another terminal"
    );
    assert_eq!(since.facts.iter().map(|fact| fact.entry.kind).collect::<Vec<_>>(), [FactKind::CheckedIn]);
    assert_eq!(since.facts[0].entry.customer.name.as_deref(), Some("이하준"));

    let again = close(&desk, &today).await;
    assert_eq!(again.closes.iter().map(|close| close.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(again.since.unwrap().facts, []);
    // It is kept at this terminal, also after a restart.
    let desk = desk.restart().await;
    assert_eq!(day(&desk, &today).await.closes, again.closes);
}

#[tokio::test]
async fn a_refusal_after_the_close_and_the_void_of_a_visit_of_that_day_are_told() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.visit(customer).await;
    desk.penalty(customer, 500).await;
    let today = today(&desk);
    close(&desk, &today).await;
    let enter = json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id });
    assert_eq!(desk.refused(enter).await, ErrorCode::Prohibited);
    // A refusal is no change of the journal, and yet the day differs from its close.
    let again = close(&desk, &today).await;
    assert_eq!(again.closes.iter().map(|close| close.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(close(&desk, &today).await.closes.len(), 2);

    desk.clock.pass(TimeDelta::days(1));
    desk.give(json!({ "type": "voidVisit", "visitId": visit, "reason": "mistaken" })).await.unwrap();
    let since = day(&desk, &today).await.since.unwrap();
    let changed: Vec<_> = since.lines.iter().map(|line| (line.item, line.here.count)).collect();
    assert_eq!(changed, [(DayItem::Visits, -1), (DayItem::VisitsVoided, 1)]);
    assert_eq!(since.facts.iter().map(|fact| fact.entry.kind).collect::<Vec<_>>(), [FactKind::VisitVoided]);
}

/// What the program records by itself changes the figures, once for each event id, and is nothing that anybody did.
#[tokio::test]
async fn points_given_between_terminals_count_once_and_are_nobody_s_act() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let today = today(&desk);
    close(&desk, &today).await;
    let (mut other, event) = (Other::of(&desk).await, EventId(Uuid::now_v7()));
    let to = IncarnationId(Uuid::new_v4());
    let given = || Given { to, lots: Lots::never(Points::new(5).unwrap()), request: None };
    let twice = [(); 2].map(|()| other.named_fact(&desk, event, customer, given()));
    receive(&desk, twice.into()).await;
    let since = day(&desk, &today).await.since.unwrap();
    let lines: Vec<_> = since.lines.iter().map(|line| (line.item, line.facility)).collect();
    assert_eq!(lines, [(DayItem::Given, Some(DayFigure { count: 1, points: 5 }))]);
    assert_eq!(since.facts, []);
}

#[tokio::test]
async fn what_is_entered_afterwards_is_of_the_day_on_which_it_happened() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let (before, then) = (today(&desk), desk.clock.now().timestamp_millis());
    desk.clock.pass(TimeDelta::days(2));
    let after = today(&desk);
    for of in [&before, &after] {
        close(&desk, of).await;
    }
    desk.give(json!({ "type": "imposePenalty", "customerId": customer, "happenedAt": then })).await.unwrap();
    let listed = async |of: &str| {
        let since = day(&desk, of).await.since.unwrap();
        let late = here(&since.lines).get(&(DayItem::EnteredAfterwards, None)).copied();
        (since.facts.iter().map(|fact| fact.entry.kind).collect::<Vec<_>>(), late)
    };
    assert_eq!(listed(&before).await, (vec![FactKind::PenaltyImposed], Some((1, 0))));
    assert_eq!(listed(&after).await, (vec![], None));
}

#[tokio::test]
async fn what_happened_before_midnight_counts_on_that_day_whenever_it_is_looked_at() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let before = today(&desk);
    desk.clock.pass(TimeDelta::days(1));
    desk.visit(customer).await;
    let after = today(&desk);
    for of in [&before, &after] {
        let view = day(&desk, of).await;
        assert_eq!(here(&view.report.lines)[&(DayItem::Visits, None)], (1, 0), "{of}");
    }
    let tomorrow = seoul_date(desk.clock.now() + TimeDelta::days(1)).to_string();
    for refused in [tomorrow.as_str(), "2026-13-01", "", "어제"] {
        let error = desk.terminal.queries.day(refused).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidInput, "{refused}");
    }
}

#[tokio::test]
async fn points_that_expired_count_on_the_day_that_was_their_last() {
    let desk = Desk::new().await;
    publish(&desk, Rules { expiry_months: Some(0), ..Rules::default() }).await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    desk.settle().await;
    let month = seoul_date(desk.clock.now()).format("%Y-%m").to_string();
    desk.clock.pass(TimeDelta::days(40));
    let last = (28..=31).rev().find_map(|day| format!("{month}-{day}").parse::<chrono::NaiveDate>().ok()).unwrap();
    let view = day(&desk, &last.to_string()).await;
    let expired = view.report.lines.iter().find(|line| line.item == DayItem::Expired).unwrap();
    assert_eq!(expired.facility, Some(DayFigure { count: 1, points: -100 }));
    assert_eq!(expired.here, DayFigure::default(), "time is no terminal's");
}

#[tokio::test]
async fn staff_close_days_and_only_who_is_signed_in() {
    let desk = Desk::new().await;
    let staff = desk.staff(Role::Staff).await;
    let view = desk.terminal.queries.close_day(staff, &today(&desk)).await.unwrap();
    assert_eq!(view.closes.len(), 1);
    desk.customer("홍길동").await;
    let machine = Caller::token(Uuid::new_v4(), Scopes::of(&[Scope::Operate]));
    for (caller, refused) in
        [(Caller::staff(Uuid::new_v4().into()), ErrorCode::NotSignedIn), (machine, ErrorCode::NotAuthorised)]
    {
        let error = desk.terminal.queries.close_day(caller, &today(&desk)).await.unwrap_err();
        assert_eq!(error.code, refused, "{caller:?}");
    }
}

#[tokio::test]
async fn the_export_of_a_day_has_its_figures_its_close_and_what_came_since() {
    let desk = Desk::new().await;
    let [_, customer] = busy_day(&desk).await;
    let today = today(&desk);
    close(&desk, &today).await;
    desk.visit(customer).await;
    desk.settle().await;
    let path = desk.folder.path().join("day.csv");
    let (queries, day, to) = (desk.terminal.queries.clone(), today.clone(), path.clone());
    let ended = job(&desk, JobKind::Export, |progress| export_day(queries, day, Language::En, to, progress)).await;
    assert_eq!(ended.state, JobState::Done);
    let rows = csv_rows(&path);
    let visits = |state: &str| {
        let row = rows.iter().find(|row| &row[1] == state && &row[3] == "visits").unwrap();
        (row[2].to_owned(), row[5].to_owned())
    };
    assert_eq!(visits("now"), (String::new(), "5".into()));
    assert_eq!(visits("closed"), ("1".into(), "4".into()));
    assert_eq!(visits("since"), ("1".into(), "1".into()));
}
