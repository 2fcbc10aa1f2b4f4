//! What time changes without a fact: bans that end, penalties that lapse, points that expire. All of it is off by
//! default, so these tests publish rules first.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_application::jobs::export_histories;
use nosmoke_domain::days::Days;
use nosmoke_domain::fact::{PenaltyDeducted, PenaltyImposed, Sealed, chain_hash, decode};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::lapse::{How, Lapse};
use nosmoke_domain::lots::LotSums;
use nosmoke_domain::point::Account;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::{Level, Levels, Prohibit, Rules};
use nosmoke_domain::words::{Ground, PenaltyCode, Standing};
use nosmoke_ports::contract::{
    CustomerSearch, ErrorCode, ExportInput, JobKind, Language, MypageEntry, MypageFilter, MypageInput, Outcome,
    PageInput,
};
use nosmoke_ports::{Clock, Priority, RandomIds, ReferenceKind, StoreError, Worker, Write, read, write};
use nosmoke_reading::reference;
use nosmoke_reading::state::load;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::adds_up::{Other, receive};
use crate::support::{Desk, csv_rows, job};

pub fn days(days: u32) -> Days {
    Days::new(days).unwrap()
}

pub async fn publish(desk: &Desk, rules: Rules) {
    let (rules, now) = (Rules { generation: 2, ..rules }, desk.clock.now());
    let unit =
        move |tx: &mut dyn Write| reference::put(tx, &RandomIds, now, (ReferenceKind::Rules, Uuid::new_v4()), &rules);
    write::<(), StoreError>(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
}

/// A desk with a customer, under rules.
pub async fn desk_under(rules: Rules) -> (Desk, CustomerId) {
    let desk = Desk::new().await;
    publish(&desk, rules).await;
    let customer = desk.customer("홍길동").await;
    (desk, customer)
}

/// The standing on the card, in the search, and in the list of those who aren't allowed.
async fn shown(desk: &Desk, customer: CustomerId) -> (Standing, i64) {
    let verdict = desk.card(customer).await.verdict;
    let found =
        desk.terminal.queries.search(CustomerSearch { text: "홍길동".into(), limit: 10, cursor: None }).await.unwrap();
    assert_eq!((found.hits[0].standing, found.hits[0].outstanding), (verdict.standing, verdict.outstanding));
    let page = PageInput { cursor: None, limit: 10 };
    let listed = desk.terminal.queries.prohibits(None, page).await.unwrap().items;
    assert_eq!(listed.iter().any(|(id, _)| *id == customer), verdict.standing != Standing::Allowed);
    assert!(listed.iter().all(|(_, it)| it.standing != Standing::Allowed));
    (verdict.standing, verdict.outstanding)
}

#[tokio::test]
async fn a_ban_ends_at_midnight_although_point_is_stopped() {
    let level = Level { at: Points::new(40).unwrap(), days: Some(days(7)) };
    let levels = Levels { prohibit: Prohibit::try_from(vec![level]).unwrap(), ..Rules::default().levels };
    let (desk, customer) = desk_under(Rules { levels, ..Rules::default() }).await;
    desk.penalty(customer, 40).await;
    desk.settle().await;
    let enter = json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id });
    assert_eq!(desk.refused(enter.clone()).await, ErrorCode::Prohibited);
    assert_eq!(shown(&desk, customer).await, (Standing::Prohibited, 40));
    assert_eq!(desk.card(customer).await.verdict.to_lift, Some(1));

    // It is the 20th, 10 o'clock: the ban ends with the 27th. No worker runs from here on.
    desk.clock.stop_at("2026-11-27T14:59:59Z".parse().unwrap());
    assert_eq!(desk.refused(enter.clone()).await, ErrorCode::Prohibited);
    desk.clock.stop_at("2026-11-27T15:00:00Z".parse().unwrap());
    assert_eq!(shown(&desk, customer).await, (Standing::Warned, 40));
    assert_eq!(desk.card(customer).await.verdict.to_lift, None);
    assert!(matches!(desk.give(enter).await, Ok(Outcome::CheckedIn { .. })));
    desk.clock.go_on();
    // A clock that was ahead and is set right loses nothing, also if the projector ran meanwhile.
    desk.settle().await;
    desk.clock.stop_at("2026-11-21T00:00:00Z".parse().unwrap());
    assert_eq!(shown(&desk, customer).await, (Standing::Prohibited, 40));
}

#[tokio::test]
async fn a_penalty_that_has_lapsed_is_nowhere_outstanding() {
    let lapse = Some(Lapse { days: days(30), how: How::Fixed });
    let (desk, customer) = desk_under(Rules { lapse, ..Rules::default() }).await;
    let penalty = desk.penalty(customer, 50).await;
    desk.settle().await;
    assert_eq!(shown(&desk, customer).await, (Standing::Prohibited, 50));
    assert_eq!(desk.card(customer).await.penalties.len(), 1);
    desk.clock.pass(TimeDelta::days(31));
    assert_eq!(shown(&desk, customer).await, (Standing::Allowed, 0));
    assert_eq!(desk.card(customer).await.penalties, []);
    assert_eq!(desk.terminal.queries.penalty(penalty).await.unwrap().outstanding, 0);
    let last = entries(&desk, customer).await.pop().unwrap();
    assert_eq!((last.status.as_str(), last.penalty_points, last.code), ("LAPSED", Some(-50), Some(PenaltyCode::BASIC)));
    assert_eq!(last.at, "2026-12-20T14:59:59.999Z".parse::<DateTime<Utc>>().unwrap().timestamp_millis());
    assert_eq!(desk.lines(customer, MypageFilter::Penalties).await.len(), 2);
    let deduct = json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "service", "points": 1 });
    assert_eq!(desk.refused(deduct).await, ErrorCode::NothingOutstanding);
    // Another penalty changes nothing about it.
    let second = desk.penalty(customer, 15).await;
    desk.settle().await;
    assert_eq!(shown(&desk, customer).await, (Standing::Allowed, 15));
    let left = desk.deduct(second, "education", None).await.unwrap();
    assert!(matches!(left, Outcome::PenaltyDeducted { outstanding: 8, .. }), "{left:?}");
    desk.settle().await;
    // What is recorded later about the lapsed one has a line that takes its effect back.
    desk.give(json!({ "type": "voidPenalty", "penaltyId": penalty, "reason": "mistaken" })).await.unwrap();
    desk.settle().await;
    let lines = entries(&desk, customer).await;
    let of_lapse: Vec<_> = lines.iter().filter(|line| line.status == "LAPSED").map(|it| it.penalty_points).collect();
    assert_eq!(of_lapse, [Some(-50), Some(50)]);
    let path = desk.folder.path().join("내역.csv");
    let (queries, to) = (desk.terminal.queries.clone(), path.clone());
    let input = ExportInput { customer_id: None, from: None, to: None, masked: false, reason: None };
    job(&desk, JobKind::Export, move |progress| export_histories(queries, input, Language::Ko, to, progress)).await;
    assert_eq!(csv_rows(&path).iter().filter(|row| row.iter().any(|cell| cell == "소멸")).count(), 2);
}

async fn lots(desk: &Desk, customer: CustomerId) -> LotSums {
    let unit = move |tx: &mut dyn nosmoke_ports::Read| {
        let here = tx.origin()?.unwrap().incarnation;
        Ok::<_, StoreError>(load::<Account>(tx, customer)?.state.holdings.lots(here))
    };
    read(&*desk.terminal.core.journal, unit).await.unwrap()
}

/// All entries of a customer, read in pages of two, the oldest first. Checks that they add up to the balance and to the
/// outstanding points.
async fn entries(desk: &Desk, customer_id: CustomerId) -> Vec<MypageEntry> {
    let mut input = MypageInput {
        customer_id,
        filter: MypageFilter::All,
        from: None,
        to: None,
        cursor: None,
        limit: 2,
        moment: None,
    };
    let mut all = Vec::new();
    loop {
        let page = desk.terminal.queries.mypage(input.clone()).await.unwrap();
        all.extend(page.entries);
        if page.next.is_none() {
            assert_eq!(page.counts.all as usize, all.len());
            break;
        }
        input.cursor = page.next;
    }
    all.reverse();
    let mut sums = (0, 0);
    for entry in &all {
        sums = (sums.0 + entry.points.unwrap_or_default(), sums.1 + entry.penalty_points.unwrap_or_default());
        assert_eq!((entry.balance, entry.outstanding), sums, "{entry:?}");
    }
    let card = desk.card(customer_id).await;
    assert_eq!(sums, (card.points.balance, card.verdict.outstanding));
    let chart = desk.terminal.queries.chart(MypageInput { cursor: None, limit: 100, ..input }).await.unwrap();
    assert_eq!(chart.points.last().map_or((0, 0), |point| (point.balance, point.outstanding)), sums);
    all
}

#[tokio::test]
async fn expiring_points_are_paid_oldest_first_and_expire_without_a_fact() {
    let (desk, customer) = desk_under(Rules { expiry_months: Some(1), ..Rules::default() }).await;
    desk.visit(customer).await;
    desk.clock.stop_at("2026-12-05T00:00:00Z".parse().unwrap());
    desk.clock.go_on();
    desk.visit(customer).await;
    desk.pay(customer, 30).await.unwrap();
    desk.settle().await;
    let held = lots(&desk, customer).await;
    let parts: Vec<_> = held.parts()[0].iter().map(|(last, points)| (last.to_string(), points.get())).collect();
    assert_eq!(parts, [("2026-12-31".to_owned(), 70), ("2027-01-31".to_owned(), 100)]);
    assert_eq!(desk.balance(customer).await, 170);
    assert_eq!(entries(&desk, customer).await.len(), 3);

    let facts = desk.facts().await;
    desk.clock.stop_at("2026-12-31T15:00:00Z".parse().unwrap());
    assert_eq!((desk.balance(customer).await, desk.card(customer).await.points.payable_here), (100, 100));
    let lines = entries(&desk, customer).await;
    let last = lines.last().unwrap();
    assert_eq!((last.status.as_str(), last.points, last.balance), ("EXPIRED", Some(-70), 100));
    assert_eq!(last.at, "2026-12-31T14:59:59.999Z".parse::<DateTime<Utc>>().unwrap().timestamp_millis());
    assert_eq!(desk.facts().await, facts, "nothing was recorded");
    let short = json!({ "type": "pay", "customerId": customer, "points": 101 });
    assert_eq!(desk.refused(short).await, ErrorCode::InsufficientPoints);
    let payments = desk.lines(customer, MypageFilter::Payments).await;
    assert!(payments.iter().any(|line| line.1 == "EXPIRED"), "{payments:?}");

    for of in [Some(customer), None] {
        let path = desk.folder.path().join("내역.csv");
        let (queries, to) = (desk.terminal.queries.clone(), path.clone());
        let input = ExportInput { customer_id: of, from: None, to: None, masked: false, reason: None };
        job(&desk, JobKind::Export, move |progress| export_histories(queries, input, Language::En, to, progress)).await;
        let rows = csv_rows(&path);
        let expired: Vec<_> = rows.iter().filter(|row| row.iter().any(|cell| cell == "EXPIRED")).collect();
        assert_eq!(expired.len(), 1, "{rows:?}");
        assert!(expired[0].iter().any(|cell| cell == "-70") && expired[0].iter().any(|cell| cell == "2026-12-31"));
    }
    // What was paid before comes back to its lot, whose day is over.
    let payment = &lines.iter().find(|line| line.status == "PAID").unwrap().id;
    desk.give(json!({ "type": "voidPayment", "paymentId": payment, "reason": "mistaken" })).await.unwrap();
    desk.settle().await;
    assert_eq!(desk.balance(customer).await, 100);
    let lines = entries(&desk, customer).await;
    let expired: Vec<_> = lines.iter().filter(|line| line.status == "EXPIRED").map(|line| line.points).collect();
    assert_eq!(expired, [Some(-70), Some(-30)], "the second with the void");
}

#[tokio::test]
async fn a_code_or_ground_that_the_rules_lack_is_refused_and_records_nothing() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 20).await;
    desk.settle_but(&[Worker::Mypage]).await;
    for command in [
        json!({ "type": "imposePenalty", "customerId": customer, "code": "LITTERING" }),
        json!({ "type": "imposePenalty", "customerId": customer, "code": "two words" }),
        json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "gift", "points": 1 }),
        json!({ "type": "voidPenalty", "penaltyId": penalty, "reason": "misteken" }),
    ] {
        assert_eq!(desk.refused(command.clone()).await, ErrorCode::InvalidInput, "{command}");
    }
    let mut rules = Rules::default();
    rules.codes[0].code = "LITTERING".parse().unwrap();
    publish(&desk, rules).await;
    let own = json!({ "type": "imposePenalty", "customerId": customer, "code": "LITTERING" });
    assert!(matches!(desk.give(own).await, Ok(Outcome::PenaltyImposed { points: 10, .. })));
    desk.settle().await;
    let codes: Vec<_> = desk.card(customer).await.penalties.iter().map(|it| it.code.unwrap().to_string()).collect();
    assert_eq!(codes, ["LITTERING", "BASIC"], "shown as it stands");
}

/// The same fact as a newer program would have written it: a word that isn't known here, and further fields.
fn as_newer(sealed: &Sealed, field: &str, word: &str) -> Sealed {
    let mut json: Value = serde_json::from_slice(&sealed.bytes).unwrap();
    json["payload"][field] = word.into();
    json["sinceLater"] = json!({ "more": [1, 2] });
    json["payload"]["sinceLater"] = true.into();
    let bytes = serde_json::to_vec(&json).unwrap();
    let hash = chain_hash(sealed.previous, &bytes);
    Sealed { fact: decode(&bytes).unwrap(), bytes, previous: sealed.previous, hash }
}

#[tokio::test]
async fn a_terminal_whose_rules_lack_a_code_and_a_ground_counts_them_by_their_amounts() {
    let (desk, customer) = desk_under(with_own_code()).await;
    let other = desk.beside().await;
    let newer = Other::of(&desk).await;
    let mut rules = with_own_code();
    rules.levels.warn_at = Points::new(3).unwrap();
    let ids = (Uuid::new_v4().into(), Uuid::new_v4().into());
    let imposed = PenaltyImposed::new(ids.0, ids.1, Points::new(46).unwrap(), PenaltyCode::BASIC, rules.levels.clone());
    let deducted = PenaltyDeducted {
        deduction_id: Uuid::new_v4().into(),
        penalty_id: ids.0,
        ground: Ground::SERVICE,
        points: Points::new(5).unwrap(),
        once: true,
        note_id: None,
        levels: rules.levels.clone(),
        price: None,
    };
    let facts = [
        as_newer(&newer.fact(&desk, 1, customer, imposed), "code", "LITTERING"),
        as_newer(&newer.fact(&desk, 2, customer, deducted), "ground", "cleaning"),
    ];
    let mut digests = Vec::new();
    for terminal in [&desk, &other] {
        receive(terminal, facts.to_vec()).await;
        terminal.settle().await;
        let read_account = move |tx: &mut dyn nosmoke_ports::Read| {
            let account = load::<Account>(tx, customer)?.state;
            Ok::<_, StoreError>((
                tx.standing(customer)?.map(|row| row.copy.at(row_time())),
                account,
                tx.extent()?.digest,
            ))
        };
        let (copy, account, digest) = read(&*terminal.terminal.core.journal, read_account).await.unwrap();
        let copy = copy.unwrap();
        assert_eq!((copy.standing, copy.outstanding.0), (Standing::Prohibited, 41));
        assert_eq!((account.not_understood, account.outstanding(row_time())), (0, 41));
        assert_eq!(terminal.terminal.queries.quarantine(None).await.unwrap().total, 0);
        let lines = terminal.page(customer, MypageFilter::Penalties).await.entries;
        assert_eq!(lines[1].code.unwrap().as_str(), "LITTERING", "shown as it stands");
        assert_eq!(lines[0].ground.unwrap().as_str(), "cleaning", "shown as it stands");
        digests.push((digest, account));
    }
    assert_eq!(digests[0].1, digests[1].1);
    // The rules that know the code arrive, or the program is replaced: the facts are the same ones, and so is the state.
    publish(&other, with_own_code()).await;
    receive(&other, facts.to_vec()).await;
    other.settle().await;
    let again = move |tx: &mut dyn nosmoke_ports::Read| {
        Ok::<_, StoreError>((tx.extent()?.digest, load::<Account>(tx, customer)?.state))
    };
    assert_eq!(read(&*other.terminal.core.journal, again).await.unwrap(), digests[1]);
}

fn row_time() -> DateTime<Utc> {
    "2026-11-20T02:00:00Z".parse().unwrap()
}

fn with_own_code() -> Rules {
    let mut rules = Rules::default();
    let mut own = rules.codes[0].clone();
    own.code = "LITTERING".parse().unwrap();
    rules.codes.push(own);
    rules
}
