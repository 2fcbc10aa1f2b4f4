//! The columns of a histories export: one row for each entry of Mypage.
//!
//! An English export is for programs: its values are the codes of the contract (`visit`, `EARNED`), which never change.
//! A Korean export is for people: its values are the words that the screens show.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::contract::EntryKind;
use uuid::Uuid;

use super::columns::Column;
use super::writer::{Line, Row};

/// An entry of Mypage with the names that it refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub at: DateTime<Utc>,
    pub customer_id: CustomerId,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub kind: EntryKind,
    pub entry_id: Uuid,
    pub other_id: Option<Uuid>,
    pub area: Option<String>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// The status, with the same values as in `contract::MypageEntry`.
    pub status: String,
    pub points: i64,
    pub penalty_points: i64,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub note: Option<String>,
    pub staff: Option<String>,
    pub terminal: Option<String>,
    /// When it was entered, if that was after it happened.
    pub entered_at: Option<DateTime<Utc>>,
}

impl Line for HistoryLine {
    const COLUMNS: &'static [Column] = &[
        Column::new("날짜", "date"),
        Column::new("시각", "time"),
        Column::new("고객 ID", "customer_id"),
        Column::new("이름", "name"),
        Column::new("전화", "phone"),
        Column::new("카드", "card"),
        Column::new("구분", "kind"),
        Column::new("기록 ID", "entry_id"),
        Column::new("관련 ID", "other_id"),
        Column::new("구역", "area"),
        Column::new("시작", "started"),
        Column::new("종료", "ended"),
        Column::new("상태", "status"),
        Column::new("포인트", "points"),
        Column::new("패널티", "penalty_points"),
        Column::new("위반 종류", "code"),
        Column::new("차감 사유", "ground"),
        Column::new("메모", "note"),
        Column::new("직원", "staff"),
        Column::new("단말", "terminal"),
        Column::new("나중에 입력", "entered_afterwards"),
    ];

    fn cells(&self, row: &mut Row) {
        row.date(self.at);
        row.time(self.at);
        row.plain(self.customer_id);
        row.text(self.name.as_deref());
        row.text(self.phone.as_deref());
        row.text(self.card.as_deref());
        row.word(kind(self.kind));
        row.plain(self.entry_id);
        match self.other_id {
            Some(id) => row.plain(id),
            None => row.empty(),
        }
        row.text(self.area.as_deref());
        row.moment(self.started_at);
        row.moment(self.ended_at);
        match status(self.kind, &self.status) {
            Some(word) => row.word(word),
            None => row.text(Some(&self.status)),
        }
        row.number(self.points);
        row.number(self.penalty_points);
        // A word that isn't known here is shown as it stands.
        match (self.code, self.code.and_then(code)) {
            (_, Some(label)) => row.word(label),
            (Some(unknown), None) => row.text(Some(unknown.as_str())),
            (None, None) => row.empty(),
        }
        match (self.ground, self.ground.and_then(ground)) {
            (_, Some(label)) => row.word(label),
            (Some(unknown), None) => row.text(Some(unknown.as_str())),
            (None, None) => row.empty(),
        }
        row.text(self.note.as_deref());
        row.text(self.staff.as_deref());
        row.text(self.terminal.as_deref());
        row.moment(self.entered_at);
    }
}

fn kind(kind: EntryKind) -> Column {
    match kind {
        EntryKind::Visit => Column::new("방문", "visit"),
        EntryKind::Payment => Column::new("결제", "payment"),
        EntryKind::PaymentVoid => Column::new("결제 취소", "paymentVoid"),
        EntryKind::Adjustment => Column::new("조정", "adjustment"),
        EntryKind::Penalty => Column::new("패널티", "penalty"),
        EntryKind::PenaltyDeduction => Column::new("패널티 차감", "penaltyDeduction"),
        EntryKind::PenaltyVoid => Column::new("패널티 취소", "penaltyVoid"),
        EntryKind::WriteOff => Column::new("손실 처리", "writeOff"),
        EntryKind::PenaltyDeductionVoid => Column::new("차감 취소", "penaltyDeductionVoid"),
        EntryKind::Expired => Column::new("만료", "expired"),
        EntryKind::Lapsed => Column::new("소멸", "lapsed"),
    }
}

/// Returns the names of a status; `None` for an unknown status, which is written as it is.
fn status(kind: EntryKind, status: &str) -> Option<Column> {
    let word = match (kind, status) {
        (_, "CHECKED_IN") => Column::new("체크인", "CHECKED_IN"),
        (_, "CHECKED_OUT") => Column::new("적립 대기", "CHECKED_OUT"),
        (_, "EARNED") => Column::new("적립 완료", "EARNED"),
        (_, "CLOSED") => Column::new("종료", "CLOSED"),
        (_, "PAID") => Column::new("결제 완료", "PAID"),
        (_, "ADJUSTED") => Column::new("조정 완료", "ADJUSTED"),
        (_, "IMPOSED") => Column::new("누적 대기", "IMPOSED"),
        (_, "ACCRUED") => Column::new("누적 완료", "ACCRUED"),
        (_, "DEDUCTED") => Column::new("반영 완료", "DEDUCTED"),
        (_, "EXPIRED") => Column::new("만료", "EXPIRED"),
        (_, "LAPSED") => Column::new("소멸", "LAPSED"),
        (_, "WRITTEN_OFF") => Column::new("반영 완료", "WRITTEN_OFF"),
        (EntryKind::PaymentVoid, "RECORDED") => Column::new("포인트 반환", "RECORDED"),
        (_, "RECORDED") => Column::new("반영 완료", "RECORDED"),
        (EntryKind::Visit, "VOIDED") => Column::new("방문 취소", "VOIDED"),
        (EntryKind::Payment, "VOIDED") => Column::new("결제 취소", "VOIDED"),
        (EntryKind::Adjustment, "VOIDED") => Column::new("조정 취소", "VOIDED"),
        (EntryKind::Penalty, "VOIDED") => Column::new("패널티 취소", "VOIDED"),
        (EntryKind::PenaltyDeduction, "VOIDED") => Column::new("차감 취소", "VOIDED"),
        (_, "VOIDED") => Column::new("취소", "VOIDED"),
        _ => return None,
    };
    Some(word)
}

/// Returns the names of a code; `None` for one that isn't known here.
pub(super) fn code(code: PenaltyCode) -> Option<Column> {
    let word = match code {
        PenaltyCode::BASIC => Column::new("비흡연구역 흡연", "BASIC"),
        PenaltyCode::REPEAT => Column::new("반복", "REPEAT"),
        PenaltyCode::AGGRAVATED => Column::new("가중", "AGGRAVATED"),
        _ => return None,
    };
    Some(word)
}

/// Returns the names of a ground; `None` for one that isn't known here.
pub(super) fn ground(ground: Ground) -> Option<Column> {
    let word = match ground {
        Ground::EDUCATION => Column::new("교육 이수", "education"),
        Ground::SERVICE => Column::new("봉사", "service"),
        Ground::APPEAL => Column::new("이의 인정", "appeal"),
        Ground::WAIVER => Column::new("면제", "waiver"),
        _ => return None,
    };
    Some(word)
}
