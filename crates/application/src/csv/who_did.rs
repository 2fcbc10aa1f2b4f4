//! The columns of an export of who did what.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_ports::contract::{FactKind, WhoMark};

use super::columns::Column;
use super::writer::{Line, Row};

/// A fact with who recorded it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoLine {
    pub at: DateTime<Utc>,
    pub event_id: EventId,
    pub kind: FactKind,
    pub by_kind: Column,
    pub by_id: String,
    pub by_name: Option<String>,
    pub approved_by: Option<String>,
    pub terminal: Option<String>,
    pub customer_id: CustomerId,
    pub subject_id: Option<String>,
    pub points: Option<i64>,
    pub penalty_points: Option<i64>,
    pub marks: Vec<WhoMark>,
}

impl Line for WhoLine {
    const COLUMNS: &'static [Column] = &[
        Column::new("날짜", "date"),
        Column::new("시각", "time"),
        Column::new("행위", "kind"),
        Column::new("주체 구분", "by_kind"),
        Column::new("주체 ID", "by_id"),
        Column::new("주체", "by"),
        Column::new("승인", "approved_by"),
        Column::new("단말", "terminal"),
        Column::new("고객 ID", "customer_id"),
        Column::new("대상 ID", "subject_id"),
        Column::new("포인트", "points"),
        Column::new("패널티", "penalty_points"),
        Column::new("정정", "correction"),
        Column::new("규칙 예외", "override"),
        Column::new("책임자 승인", "approval"),
        Column::new("앞선 시계", "clock_ahead"),
        Column::new("기록 ID", "event_id"),
    ];

    fn cells(&self, row: &mut Row) {
        row.date(self.at);
        row.time(self.at);
        row.word(kind(self.kind));
        row.word(self.by_kind);
        row.plain(&self.by_id);
        row.text(self.by_name.as_deref());
        row.text(self.approved_by.as_deref());
        row.text(self.terminal.as_deref());
        row.plain(self.customer_id);
        row.text(self.subject_id.as_deref());
        for number in [self.points, self.penalty_points] {
            match number {
                Some(number) => row.number(number),
                None => row.empty(),
            }
        }
        for mark in [WhoMark::Correction, WhoMark::Override, WhoMark::Approval, WhoMark::ClockAhead] {
            if self.marks.contains(&mark) { row.number(1) } else { row.empty() }
        }
        row.plain(self.event_id);
    }
}

fn kind(kind: FactKind) -> Column {
    match kind {
        FactKind::CheckedIn => Column::new("체크인", "checkedIn"),
        FactKind::CheckedOut => Column::new("체크아웃", "checkedOut"),
        FactKind::CheckOutTakenBack => Column::new("체크아웃 되돌리기", "checkOutTakenBack"),
        FactKind::VisitClosed => Column::new("방문 종료", "visitClosed"),
        FactKind::VisitVoided => Column::new("방문 취소", "visitVoided"),
        FactKind::Earned => Column::new("적립", "earned"),
        FactKind::Paid => Column::new("결제", "paid"),
        FactKind::PaymentVoided => Column::new("결제 취소", "paymentVoided"),
        FactKind::PointsAdjusted => Column::new("포인트 정정", "pointsAdjusted"),
        FactKind::PenaltyImposed => Column::new("패널티 부과", "penaltyImposed"),
        FactKind::PenaltyDeducted => Column::new("패널티 차감", "penaltyDeducted"),
        FactKind::PenaltyVoided => Column::new("패널티 취소", "penaltyVoided"),
        FactKind::PenaltyDeductionVoided => Column::new("패널티 차감 취소", "penaltyDeductionVoided"),
        FactKind::LevelsRevised => Column::new("금지 기준 변경", "levelsRevised"),
        FactKind::Given => Column::new("포인트 이동", "given"),
        FactKind::Reclaimed => Column::new("포인트 인수", "reclaimed"),
        FactKind::CustomerErased => Column::new("고객 정보 삭제", "customerErased"),
        FactKind::CustomersLinked => Column::new("고객 연결", "customersLinked"),
        FactKind::CustomersParted => Column::new("고객 연결 해제", "customersParted"),
        FactKind::CaseResolved => Column::new("확인 처리", "caseResolved"),
        FactKind::Unknown => Column::new("알 수 없음", "unknown"),
    }
}
