//! Explanations of balances and standings, now and at other moments, and the notices before time changes them.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::days::Days;
use nosmoke_domain::fact::PenaltyImposed;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::lapse::{How, Lapse};
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::{Level, Levels, Prohibit, Rules};
use nosmoke_domain::words::{PenaltyCode, Standing};
use nosmoke_ports::contract::{
    BanLevel, CustomerNotice, ErrorCode, LineKind, LotView, Moment, MomentView, MypageFilter, MypageInput, Verdict,
    Why, WhyInput,
};
use nosmoke_ports::{Clock, Priority, RESTORED_FROM, RestoredFrom, StoreError, Worker, Write, setting, write};
use serde_json::json;
use uuid::Uuid;

use crate::adds_up::{Other, receive};
use crate::over_time::{days, desk_under};
use crate::support::Desk;

fn points(amount: u64) -> Points {
    Points::new(amount).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Everything that time can change.
fn over_time() -> Rules {
    let prohibit = vec![Level { at: points(40), days: Some(days(7)) }, Level { at: points(100), days: None }];
    Rules {
        levels: Levels { warn_at: points(20), prohibit: Prohibit::try_from(prohibit).unwrap() },
        lapse: Some(Lapse { days: Days::new(30).unwrap(), how: How::Fixed }),
        expiry_months: Some(1),
        ..Rules::default()
    }
}

async fn why(desk: &Desk, customer_id: CustomerId, moment: Option<Moment>) -> Why {
    desk.terminal.queries.why(WhyInput { customer_id, moment }).await.unwrap()
}

async fn notices(desk: &Desk, customer: CustomerId, day: &str) -> Vec<CustomerNotice> {
    desk.clock.stop_at(at(&format!("{day}T03:00:00Z")));
    desk.card(customer).await.notices
}

#[tokio::test]
async fn a_verdict_is_explained_fact_by_fact_with_what_would_lift_it() {
    let (desk, customer) = desk_under(over_time()).await;
    desk.penalty(customer, 30).await;
    desk.clock.pass(TimeDelta::days(5));
    let second = desk.penalty(customer, 20).await;
    desk.clock.pass(TimeDelta::days(1));
    desk.deduct(second, "service", Some(5)).await.unwrap();
    desk.settle().await;
    let verdict = why(&desk, customer, None).await.verdict;
    let on_card = desk.card(customer).await.verdict;
    assert_eq!(verdict, Verdict { as_of: verdict.as_of, ..on_card }, "the desk shows the same");
    let lines: Vec<_> = verdict.lines.iter().map(|it| (it.kind, it.points, it.outstanding, it.generation)).collect();
    assert_eq!(
        lines,
        [
            (LineKind::PenaltyImposed, 30, 30, Some(2)),
            (LineKind::PenaltyImposed, 20, 50, Some(2)),
            (LineKind::PenaltyDeducted, -5, 45, Some(2)),
        ]
    );
    let lowest = BanLevel { at: 40, days: Some(7), reached: true, last_day: Some("2026-12-02".into()), over: false };
    let highest = BanLevel { at: 100, days: None, reached: false, last_day: None, over: false };
    assert_eq!(verdict.levels, [lowest.clone(), highest.clone()]);
    assert_eq!((verdict.standing, verdict.generation), (Standing::Prohibited, 2));
    assert_eq!((verdict.to_lift, verdict.lifted_on.as_deref()), (Some(6), Some("2026-12-03")));

    assert_eq!(notices(&desk, customer, "2026-12-01").await, []);
    assert_eq!(notices(&desk, customer, "2026-12-02").await, [CustomerNotice::BanEnds { on: "2026-12-03".into() }]);
    assert_eq!(notices(&desk, customer, "2026-12-03").await, []);
    let over = why(&desk, customer, None).await.verdict;
    assert_eq!((over.standing, over.to_lift, over.lifted_on), (Standing::Warned, None, None));
    assert_eq!(over.levels, [BanLevel { over: true, ..lowest }, highest]);

    // The first penalty lapses with the 20th of December.
    desk.clock.stop_at(at("2026-12-20T15:00:00Z"));
    let lapsed = why(&desk, customer, None).await.verdict;
    let last = lapsed.lines.last().unwrap();
    assert_eq!((last.kind, last.points, last.outstanding, last.generation), (LineKind::Lapsed, -30, 15, None));
    assert_eq!((last.at, last.code), (at("2026-12-20T14:59:59.999Z").timestamp_millis(), Some(PenaltyCode::BASIC)));
    assert_eq!((lapsed.standing, lapsed.outstanding), (Standing::Allowed, 15));
}

#[tokio::test]
async fn a_balance_is_explained_with_its_lots_and_points_that_expire_are_announced() {
    let (desk, customer) = desk_under(over_time()).await;
    desk.visit(customer).await;
    desk.clock.pass(TimeDelta::days(15));
    desk.visit(customer).await;
    desk.pay(customer, 130).await.unwrap();
    let given = json!({ "type": "adjustPoints", "customerId": customer, "points": 5, "reason": "goodwill" });
    desk.give(given).await.unwrap();
    desk.settle().await;
    let lot = |last_day: &str, points| LotView { last_day: Some(last_day.into()), points };
    let explained = why(&desk, customer, None).await.points;
    assert_eq!((explained.balance, explained.earlier), (75, 0));
    assert_eq!(explained.lots, [lot("2027-01-31", 75)]);
    let lines: Vec<_> = explained.lines.iter().map(|line| (line.kind, line.points, line.balance)).collect();
    assert_eq!(
        lines,
        [
            (LineKind::Earned, 100, 100),
            (LineKind::Earned, 100, 200),
            (LineKind::Paid, -130, 70),
            (LineKind::PointsAdjusted, 5, 75)
        ]
    );
    assert_eq!(explained.lines[2].lots, [lot("2026-12-31", -100), lot("2027-01-31", -30)]);

    let expire = |days_left, before_days| CustomerNotice::PointsExpire {
        last_day: "2027-01-31".into(),
        days_left,
        before_days,
        points: 75,
    };
    for (day, notice) in [
        ("2026-12-05", Some(expire(57, 60))),
        ("2027-01-01", Some(expire(30, 30))),
        ("2027-01-27", Some(expire(4, 30))),
        ("2027-01-28", Some(expire(3, 3))),
        ("2027-01-31", Some(expire(0, 3))),
        ("2027-02-01", None),
    ] {
        assert_eq!(notices(&desk, customer, day).await, notice.into_iter().collect::<Vec<_>>(), "{day}");
    }
    let expired = why(&desk, customer, None).await.points;
    let last = expired.lines.last().unwrap();
    assert_eq!((last.kind, last.points, last.balance), (LineKind::Expired, -75, 0));
    assert_eq!((&last.lots, &expired.lots), (&vec![lot("2027-01-31", -75)], &vec![]));
}

/// What the card shows.
async fn shown(desk: &Desk, customer: CustomerId) -> (i64, i64, Standing) {
    let card = desk.card(customer).await;
    (card.points.balance, card.verdict.outstanding, card.verdict.standing)
}

/// What is shown of a moment: the explanation, and the sums after Mypage's last entry and in its chart.
async fn shown_at(desk: &Desk, customer_id: CustomerId, moment: Moment) -> (i64, i64, Standing) {
    let Why { verdict, points, at, .. } = why(desk, customer_id, Some(moment)).await;
    assert_eq!(at, moment.at);
    let (balance, outstanding) = (points.balance, verdict.outstanding);
    assert_eq!(points.lines.last().map_or(0, |line| line.balance), balance);
    assert_eq!(points.lots.iter().map(|lot| lot.points).sum::<i64>(), balance);
    assert_eq!(verdict.lines.last().map_or(0, |line| line.outstanding), outstanding);
    let (filter, moment) = (MypageFilter::All, Some(moment));
    let input = MypageInput { customer_id, filter, from: None, to: None, cursor: None, limit: 2, moment };
    let page = desk.terminal.queries.mypage(input.clone()).await.unwrap();
    let last = page.entries.first().map_or((0, 0), |entry| (entry.balance, entry.outstanding));
    assert_eq!(last, (balance, outstanding));
    let (mut all, mut next) = (page.entries.len(), page.next);
    while let Some(cursor) = next {
        let page = desk.terminal.queries.mypage(MypageInput { cursor: Some(cursor), ..input.clone() }).await.unwrap();
        (all, next) = (all + page.entries.len(), page.next);
    }
    assert_eq!(all, page.counts.all as usize);
    let chart = desk.terminal.queries.chart(input).await.unwrap();
    assert_eq!(chart.points.last().map_or((0, 0), |point| (point.balance, point.outstanding)), last);
    (balance, outstanding, verdict.standing)
}

#[tokio::test]
async fn time_travel_shows_what_was_shown_then() {
    let (desk, customer) = desk_under(over_time()).await;
    let mut seen = Vec::new();
    let mut penalty = None;
    for step in 0..14 {
        match step {
            0 | 6 | 8 => drop(desk.visit(customer).await),
            1 => penalty = Some(desk.penalty(customer, 30).await),
            2 | 9 => drop(desk.pay(customer, 60).await.unwrap()),
            3 => drop(desk.penalty(customer, 25).await),
            5 => drop(desk.deduct(penalty.unwrap(), "education", None).await.unwrap()),
            10 => {
                let payments = desk.page(customer, MypageFilter::Payments).await.entries;
                let paid = &payments.iter().find(|it| it.status == "PAID").unwrap().id;
                desk.give(json!({ "type": "voidPayment", "paymentId": paid, "reason": "mistaken" })).await.unwrap();
            }
            11 => {
                // It has lapsed by now.
                let void = json!({ "type": "voidPenalty", "penaltyId": penalty.unwrap(), "reason": "mistaken" });
                desk.give(void).await.unwrap();
            }
            _ => {}
        }
        desk.settle().await;
        seen.push((desk.clock.now(), shown(&desk, customer).await));
        desk.clock.pass(TimeDelta::days(6));
    }
    let standings: std::collections::BTreeSet<_> = seen.iter().map(|(_, (.., standing))| *standing).collect();
    assert_eq!(standings.len(), 3, "{seen:?}");
    for (then, shown) in &seen {
        for view in [MomentView::AsItWas, MomentView::AsKnownHere] {
            let moment = Moment { at: then.timestamp_millis(), view };
            assert_eq!(shown_at(&desk, customer, moment).await, *shown, "{then} {view:?}");
        }
    }
    // The running sums of the present page are those that were shown, too.
    let present = desk.page(customer, MypageFilter::All).await.entries;
    for (then, (balance, outstanding, _)) in seen {
        let last = present.iter().find(|entry| entry.at <= then.timestamp_millis());
        let sums = last.map_or((0, 0), |entry| (entry.balance, entry.outstanding));
        assert_eq!(sums, (balance, outstanding), "{then}");
    }
}

#[tokio::test]
async fn what_arrived_late_was_so_but_not_known_here() {
    let (desk, customer) = desk_under(Rules::default()).await;
    let other = Other::of(&desk).await;
    desk.clock.stop_at(at("2026-11-21T00:00:00Z"));
    let imposed = PenaltyImposed::new(
        Uuid::new_v4().into(),
        Uuid::new_v4().into(),
        points(40),
        PenaltyCode::BASIC,
        Rules::default().levels,
    );
    let late = other.fact(&desk, 1, customer, imposed);
    desk.clock.stop_at(at("2026-11-24T00:00:00Z"));
    receive(&desk, vec![late]).await;
    desk.settle().await;
    let moment = |day: &str, view| Moment { at: at(&format!("{day}T12:00:00Z")).timestamp_millis(), view };
    for (day, was, known) in [
        ("2026-11-20", (0, Standing::Allowed), (0, Standing::Allowed)),
        ("2026-11-22", (40, Standing::Prohibited), (0, Standing::Allowed)),
        ("2026-11-24", (40, Standing::Prohibited), (40, Standing::Prohibited)),
    ] {
        let (_, outstanding, standing) = shown_at(&desk, customer, moment(day, MomentView::AsItWas)).await;
        assert_eq!((outstanding, standing), was, "{day}");
        let (_, outstanding, standing) = shown_at(&desk, customer, moment(day, MomentView::AsKnownHere)).await;
        assert_eq!((outstanding, standing), known, "{day}");
    }
    let known = moment("2026-11-22", MomentView::AsKnownHere);
    assert_eq!(why(&desk, customer, Some(known)).await.known_since, None);
    let restored = RestoredFrom { incarnation: None, created_at: desk.clock.now(), restored_at: desk.clock.now() };
    let unit = move |tx: &mut dyn Write| setting::put(tx, RESTORED_FROM, &restored);
    write::<(), StoreError>(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
    let since = Some(at("2026-11-24T00:00:00Z").timestamp_millis());
    assert_eq!(why(&desk, customer, Some(known)).await.known_since, since, "a restore is said");
    let stranger = WhyInput { customer_id: Uuid::new_v4().into(), moment: None };
    assert_eq!(desk.terminal.queries.why(stranger).await.unwrap_err().code, ErrorCode::UnknownCustomer);
}

#[tokio::test]
async fn linked_ids_are_one_person_then_as_now() {
    let (desk, customer) = desk_under(over_time()).await;
    let other = desk.customer("홍길동 2").await;
    desk.penalty(other, 50).await;
    desk.settle().await;
    let before = desk.clock.now();
    desk.clock.pass(TimeDelta::days(1));
    desk.give(json!({ "type": "linkCustomers", "customerId": customer, "otherId": other })).await.unwrap();
    desk.settle_but(&[Worker::Mypage]).await;
    let of = async |then: DateTime<Utc>| {
        let moment = Moment { at: then.timestamp_millis(), view: MomentView::AsItWas };
        why(&desk, customer, Some(moment)).await.verdict.standing
    };
    assert_eq!(of(before).await, Standing::Allowed);
    assert_eq!(of(desk.clock.now()).await, Standing::Prohibited);
    desk.clock.stop_at(at("2026-11-27T03:00:00Z"));
    let ends = [CustomerNotice::BanEnds { on: "2026-11-28".into() }];
    assert_eq!(desk.card(customer).await.notices, ends, "a ban is the person's");
}
