//! The columns of an export of the access log. It names staff, tokens and terminals, and of customers only the random id.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{AccessAct, AccessOutcome, AccessReason};

use super::columns::Column;
use super::writer::{Line, Row};

/// One row of the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    pub number: i64,
    pub at: DateTime<Utc>,
    pub by_kind: Column,
    pub by_id: String,
    pub by_name: Option<String>,
    pub terminal: Option<String>,
    pub act: AccessAct,
    pub customer_id: Option<CustomerId>,
    pub outcome: AccessOutcome,
    pub code: Option<String>,
    pub reason: Option<AccessReason>,
    pub count: u32,
}

impl Line for AccessLine {
    const COLUMNS: &'static [Column] = &[
        Column::new("번호", "number"),
        Column::new("날짜", "date"),
        Column::new("시각", "time"),
        Column::new("주체 구분", "by_kind"),
        Column::new("주체 ID", "by_id"),
        Column::new("주체", "by"),
        Column::new("단말", "terminal"),
        Column::new("행위", "act"),
        Column::new("고객 ID", "customer_id"),
        Column::new("결과", "outcome"),
        Column::new("오류 코드", "code"),
        Column::new("사유", "reason"),
        Column::new("건수", "count"),
    ];

    fn cells(&self, row: &mut Row) {
        row.number(self.number);
        row.date(self.at);
        row.time(self.at);
        row.word(self.by_kind);
        row.plain(&self.by_id);
        row.text(self.by_name.as_deref());
        row.text(self.terminal.as_deref());
        row.word(act(self.act));
        match self.customer_id {
            Some(id) => row.plain(id),
            None => row.empty(),
        }
        row.word(outcome(self.outcome));
        row.text(self.code.as_deref());
        match self.reason {
            Some(given) => row.word(reason(given)),
            None => row.empty(),
        }
        row.number(self.count.into());
    }
}

fn act(act: AccessAct) -> Column {
    let english: &'static str = act.into();
    let korean = match act {
        AccessAct::SignIn => "로그인",
        AccessAct::Approve => "책임자 승인",
        AccessAct::Recover => "복구 코드 사용",
        AccessAct::FirstManager => "첫 관리자 등록",
        AccessAct::StaffChanged => "직원 변경",
        AccessAct::PinChanged => "PIN 변경",
        AccessAct::CardOpened => "고객 카드 열람",
        AccessAct::MypageOpened => "마이페이지 열람",
        AccessAct::ListShown => "이름 목록 표시",
        AccessAct::EvacuationList => "대피 명단",
        AccessAct::PersonRead => "프로그램의 고객 조회",
        AccessAct::Exported => "내보내기",
        AccessAct::Printed => "인쇄",
        AccessAct::Imported => "가져오기",
        AccessAct::ImportTakenBack => "가져오기 되돌리기",
        AccessAct::BackedUp => "백업",
        AccessAct::Restored => "복원",
        AccessAct::PairingShown => "연결 코드 표시",
        AccessAct::KeyChanged => "시설 키 변경",
        AccessAct::Erased => "고객 정보 삭제",
        AccessAct::EntryRefused => "입장 거절",
        AccessAct::TokenMade => "토큰 발급",
        AccessAct::TokenRotated => "토큰 교체",
        AccessAct::TokenRevoked => "토큰 폐기",
        AccessAct::ContextStopped => "서비스 중지",
        AccessAct::ContextStarted => "서비스 시작",
        AccessAct::LogSeen => "접속 기록 열람",
        AccessAct::LogConfirmed => "접속 기록 점검",
        AccessAct::NotLogged => "기록되지 않음",
        AccessAct::Refused => "권한 거부",
    };
    Column::new(korean, english)
}

fn outcome(outcome: AccessOutcome) -> Column {
    match outcome {
        AccessOutcome::Done => Column::new("완료", "done"),
        AccessOutcome::Refused => Column::new("거부", "refused"),
        AccessOutcome::Failed => Column::new("실패", "failed"),
        AccessOutcome::Cancelled => Column::new("취소", "cancelled"),
    }
}

fn reason(reason: AccessReason) -> Column {
    match reason {
        AccessReason::CustomerRequest => Column::new("고객 요청", "customer_request"),
        AccessReason::NotSeen => Column::new("장기 미방문", "not_seen"),
        AccessReason::Audit => Column::new("점검", "audit"),
        AccessReason::Accounting => Column::new("정산", "accounting"),
        AccessReason::Moving => Column::new("이관", "moving"),
        AccessReason::Incident => Column::new("사고 조사", "incident"),
        AccessReason::Other => Column::new("기타", "other"),
    }
}

/// The kind of a party, its id and its name, for a column each.
pub fn party(by: &nosmoke_ports::contract::Actor) -> (Column, String, Option<String>) {
    use nosmoke_ports::contract::Actor;
    match by {
        Actor::Staff { staff_id, name } => (Column::new("직원", "staff"), staff_id.to_string(), name.clone()),
        Actor::Token { token_id, name } => (Column::new("토큰", "token"), token_id.to_string(), name.clone()),
        Actor::Program => (Column::new("프로그램", "program"), String::new(), None),
        Actor::Nobody => (Column::new("로그인 전", "nobody"), String::new(), None),
    }
}
