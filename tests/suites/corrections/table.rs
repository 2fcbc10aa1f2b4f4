//! Executes each cell of `table.ko.md`.

use chrono::TimeDelta;
use nosmoke_application::permission::{By, Caller};
use nosmoke_domain::fact::{CheckedIn, CheckedOut, Paid, PenaltyDeducted, PenaltyImposed, Recorder};
use nosmoke_domain::ids::{CustomerId, PaymentId, PenaltyDeductionId, PenaltyId, VisitId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{Ground, PenaltyCode, Role, Standing};
use nosmoke_ports::Clock;
use nosmoke_ports::contract::{AppError, Correctable, CorrectionKind, ErrorCode, Outcome};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer;
use crate::other_terminal::Other;
use crate::restore::{backed_up, restored};
use crate::support::Desk;

const TABLE: &str = include_str!("table.ko.md");
/// The minutes after which each column corrects, and whether another terminal recorded.
const COLUMNS: [(i64, bool); 4] = [(10, false), (20, false), (10, true), (20, true)];
/// The minutes of the columns after these, which correct what was recorded here before a restore.
const AFTER_RESTORE: [i64; 2] = [10, 20];

fn rows() -> Vec<Vec<&'static str>> {
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>();
    let lines = TABLE.lines().filter(|line| line.starts_with('|'));
    lines.skip(2).map(cells).collect()
}

fn kind_of(text: &str) -> CorrectionKind {
    match text {
        "방문 취소" => CorrectionKind::VoidVisit,
        "체크아웃 취소" => CorrectionKind::TakeBackCheckOut,
        "방문 종료" => CorrectionKind::CloseVisit,
        "결제 취소" => CorrectionKind::VoidPayment,
        "포인트 조정" => CorrectionKind::AdjustPoints,
        "패널티 취소" => CorrectionKind::VoidPenalty,
        "차감 취소" => CorrectionKind::VoidPenaltyDeduction,
        other => panic!("{other}"),
    }
}

/// Writes an answer as the table does.
fn words(answer: &Result<(), AppError>) -> &'static str {
    let Err(error) = answer else { return "됩니다" };
    match (error.code, error.params["needed"].as_str()) {
        (ErrorCode::NotAuthorised, Some("supervisor")) => "책임자",
        (ErrorCode::NotAuthorised, Some("manager")) => "관리자",
        (ErrorCode::VoidWindowPassed, Some("supervisor")) => "시간이 지나 책임자",
        (ErrorCode::RecordedElsewhere, _) => "그 단말에서만",
        _ => panic!("{error:?}"),
    }
}

fn command(kind: CorrectionKind, of: Correctable, customer: CustomerId) -> Value {
    match (kind, of) {
        (CorrectionKind::VoidVisit, Correctable::Visit { visit_id }) => {
            json!({ "type": "voidVisit", "visitId": visit_id, "reason": "mistaken" })
        }
        (CorrectionKind::TakeBackCheckOut, Correctable::Visit { visit_id }) => {
            json!({ "type": "takeBackCheckOut", "visitId": visit_id })
        }
        (CorrectionKind::CloseVisit, Correctable::Visit { visit_id }) => {
            json!({ "type": "closeVisit", "visitId": visit_id, "reason": "forgotten" })
        }
        (CorrectionKind::VoidPayment, Correctable::Payment { payment_id }) => {
            json!({ "type": "voidPayment", "paymentId": payment_id, "reason": "mistaken" })
        }
        (CorrectionKind::VoidPenalty, Correctable::Penalty { penalty_id }) => {
            json!({ "type": "voidPenalty", "penaltyId": penalty_id, "reason": "mistaken" })
        }
        (CorrectionKind::VoidPenaltyDeduction, Correctable::PenaltyDeduction { penalty_id, deduction_id }) => json!({
            "type": "voidPenaltyDeduction", "penaltyId": penalty_id, "deductionId": deduction_id, "reason": "mistaken",
        }),
        (CorrectionKind::AdjustPoints, _) => {
            json!({ "type": "adjustPoints", "customerId": customer, "points": 5, "reason": "correction" })
        }
        other => panic!("{other:?}"),
    }
}

/// Records here, as whoever is signed in, what a kind of correction corrects.
async fn here(desk: &Desk, kind: CorrectionKind, customer: CustomerId) -> Correctable {
    match kind {
        CorrectionKind::VoidVisit | CorrectionKind::CloseVisit => {
            Correctable::Visit { visit_id: desk.check_in(customer).await }
        }
        CorrectionKind::TakeBackCheckOut => Correctable::Visit { visit_id: desk.visit(customer).await },
        CorrectionKind::VoidPayment | CorrectionKind::AdjustPoints => {
            desk.visit(customer).await;
            Correctable::Payment { payment_id: super::paid(desk, customer).await }
        }
        CorrectionKind::VoidPenalty | CorrectionKind::VoidPenaltyDeduction => {
            let imposed = desk.give(json!({ "type": "imposePenalty", "customerId": customer })).await.unwrap();
            let Outcome::PenaltyImposed { penalty_id, .. } = imposed else { panic!("{imposed:?}") };
            if kind == CorrectionKind::VoidPenalty {
                return Correctable::Penalty { penalty_id };
            }
            let deducted = desk.deduct(penalty_id, "service", Some(1)).await.unwrap();
            let Outcome::PenaltyDeducted { deduction_id, .. } = deducted else { panic!("{deducted:?}") };
            Correctable::PenaltyDeduction { penalty_id, deduction_id }
        }
    }
}

/// The same, recorded at another terminal.
async fn there(desk: &Desk, other: &mut Other, kind: CorrectionKind, customer: CustomerId) -> Correctable {
    let id = Uuid::new_v4();
    let (points, levels) = (Points::new(10).unwrap(), Rules::default().levels);
    match kind {
        CorrectionKind::VoidVisit | CorrectionKind::CloseVisit | CorrectionKind::TakeBackCheckOut => {
            let visit_id = VisitId(id);
            let (area_id, standing_as_of) = (desk.area.area_id, desk.clock.now());
            let (standing, outstanding, admission) = (Standing::Allowed, 0, None);
            let entry = CheckedIn { visit_id, area_id, standing, outstanding, standing_as_of, admission };
            other.record(desk, customer, entry).await;
            if kind == CorrectionKind::TakeBackCheckOut {
                other.record(desk, customer, CheckedOut { visit_id, earning: None, daily_cap: None }).await;
            }
            Correctable::Visit { visit_id }
        }
        CorrectionKind::VoidPayment | CorrectionKind::AdjustPoints => {
            let payment_id = PaymentId(id);
            let paid = Paid::new(payment_id, Uuid::new_v4().into(), Lots::never(points), None);
            other.record(desk, customer, paid).await;
            Correctable::Payment { payment_id }
        }
        CorrectionKind::VoidPenalty | CorrectionKind::VoidPenaltyDeduction => {
            let (penalty_id, code) = (PenaltyId(id), PenaltyCode::BASIC);
            let imposed = PenaltyImposed::new(penalty_id, Uuid::new_v4().into(), points, code, levels.clone());
            other.record(desk, customer, imposed).await;
            if kind == CorrectionKind::VoidPenalty {
                return Correctable::Penalty { penalty_id };
            }
            let (deduction_id, ground) = (PenaltyDeductionId(Uuid::new_v4()), Ground::SERVICE);
            let (once, price, note_id) = (false, None, None);
            let deducted = PenaltyDeducted { deduction_id, penalty_id, points, ground, once, price, note_id, levels };
            other.record(desk, customer, deducted).await;
            Correctable::PenaltyDeduction { penalty_id, deduction_id }
        }
    }
}

fn recorder(caller: Caller) -> Recorder {
    let By::Staff(id) = caller.by else { panic!("{caller:?}") };
    Recorder::Staff { id, role: Role::Staff }
}

/// The people of the table's rows.
struct People {
    own: Caller,
    colleague: Caller,
    supervisor: Caller,
    manager: Caller,
}

impl People {
    async fn of(desk: &Desk) -> Self {
        let manager = desk.caller().await;
        let (own, colleague) = (desk.staff(Role::Staff).await, desk.staff(Role::Staff).await);
        Self { own, colleague, supervisor: desk.staff(Role::Supervisor).await, manager }
    }

    fn named(&self, who: &str) -> Caller {
        match who {
            "본인" => self.own,
            "다른 직원" => self.colleague,
            "책임자" => self.supervisor,
            "관리자" => self.manager,
            other => panic!("{other}"),
        }
    }
}

/// Compares the menu's answer and the command's with a cell of the table.
async fn expect(
    desk: &Desk,
    (kind, of, customer): (CorrectionKind, Correctable, CustomerId),
    expected: &str,
    place: &str,
) {
    assert_eq!(words(&answer(desk, of, kind).await), expected, "the menu: {place}");
    assert_eq!(words(&desk.give(command(kind, of, customer)).await.map(drop)), expected, "the command: {place}");
}

#[tokio::test]
async fn the_menu_and_the_commands_answer_as_the_table_says() {
    let desk = Desk::new().await;
    let people = People::of(&desk).await;
    let mut other = Other::of(&desk).await;
    other.recorded_by = recorder(people.own);
    let mut cells = 0;
    for row in rows() {
        let [what, who, expected @ ..] = row.as_slice() else { panic!("{row:?}") };
        let kind = kind_of(what);
        for ((minutes, elsewhere), expected) in COLUMNS.into_iter().zip(expected) {
            desk.hand_to(people.own);
            let customer = desk.customer("홍길동").await;
            let of = match elsewhere {
                true => there(&desk, &mut other, kind, customer).await,
                false => here(&desk, kind, customer).await,
            };
            desk.clock.pass(TimeDelta::minutes(minutes));
            desk.hand_to(people.named(who));
            let place = format!("{what}, {who}, {minutes} minutes, elsewhere: {elsewhere}");
            expect(&desk, (kind, of, customer), expected, &place).await;
            cells += 1;
        }
    }
    assert_eq!(cells, 7 * 4 * COLUMNS.len());
}

#[tokio::test]
async fn after_a_restore_the_menu_and_the_commands_answer_as_the_table_says() {
    let desk = Desk::new().await;
    let people = People::of(&desk).await;
    desk.hand_to(people.own);
    let mut recorded = Vec::new();
    for row in rows() {
        let kind = kind_of(row[0]);
        for _ in AFTER_RESTORE {
            let customer = desk.customer("홍길동").await;
            recorded.push((kind, here(&desk, kind, customer).await, customer));
        }
    }
    desk.settle().await;
    let folder = tempfile::tempdir().unwrap();
    let backup = backed_up(&desk, folder.path()).await;
    let desk = restored(desk, &backup).await;
    desk.settle().await;
    let mut passed = 0;
    for (column, minutes) in AFTER_RESTORE.into_iter().enumerate() {
        desk.clock.pass(TimeDelta::minutes(minutes - passed));
        passed = minutes;
        for (row, of_row) in rows().iter().zip(recorded.chunks(AFTER_RESTORE.len())) {
            desk.hand_to(people.named(row[1]));
            let place = format!("{}, {}, {minutes} minutes, after a restore", row[0], row[1]);
            expect(&desk, of_row[column], row[2 + COLUMNS.len() + column], &place).await;
        }
    }
    assert_eq!(recorded.len(), 7 * 4 * AFTER_RESTORE.len());
}
