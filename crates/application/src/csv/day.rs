//! The columns of an export of a day's figures.

use nosmoke_ports::contract::{DayFigure, DayItem, DayLine};

use super::columns::Column;
use super::history;
use super::writer::{Line, Row};

/// A figure of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCsvLine {
    pub day: String,
    /// The number of the close that it is of; `None` for the figures of now.
    pub close: Option<u32>,
    /// Whether it is what changed since that close.
    pub since: bool,
    pub line: DayLine,
}

impl Line for DayCsvLine {
    const COLUMNS: &'static [Column] = &[
        Column::new("날짜", "date"),
        Column::new("시점", "state"),
        Column::new("마감 번호", "close"),
        Column::new("항목", "item"),
        Column::new("종류", "code"),
        Column::new("이 단말 건수", "here_count"),
        Column::new("이 단말 합계", "here_points"),
        Column::new("시설 건수", "facility_count"),
        Column::new("시설 합계", "facility_points"),
    ];

    fn cells(&self, row: &mut Row) {
        row.plain(&self.day);
        row.word(match (self.close, self.since) {
            (None, _) => Column::new("현재", "now"),
            (Some(_), false) => Column::new("마감", "closed"),
            (Some(_), true) => Column::new("마감 이후", "since"),
        });
        match self.close {
            Some(number) => row.number(number.into()),
            None => row.empty(),
        }
        item_cells(&self.line, row);
        figure_cells(&self.line, row);
    }
}

/// Adds the item of a figure, and its code or ground.
pub(super) fn item_cells(line: &DayLine, row: &mut Row) {
    row.word(item(line.item));
    match (line.code, line.ground) {
        (Some(code), _) => match history::code(code) {
            Some(word) => row.word(word),
            None => row.text(Some(code.as_str())),
        },
        (None, Some(ground)) => match history::ground(ground) {
            Some(word) => row.word(word),
            None => row.text(Some(ground.as_str())),
        },
        (None, None) => row.empty(),
    }
}

/// Adds the count and the points of this terminal, then those of the facility.
pub(super) fn figure_cells(line: &DayLine, row: &mut Row) {
    for figure in [Some(line.here), line.facility] {
        match figure {
            Some(DayFigure { count, points }) => {
                row.number(count);
                row.number(points);
            }
            None => {
                row.empty();
                row.empty();
            }
        }
    }
}

const fn item(item: DayItem) -> Column {
    match item {
        DayItem::Visits => Column::new("방문", "visits"),
        DayItem::VisitsVoided => Column::new("취소한 방문", "visitsVoided"),
        DayItem::Refusals => Column::new("입장 거절", "refusals"),
        DayItem::Overrides => Column::new("규칙 예외", "overrides"),
        DayItem::Earned => Column::new("적립", "earned"),
        DayItem::Paid => Column::new("결제", "paid"),
        DayItem::PaymentsVoided => Column::new("결제 취소", "paymentsVoided"),
        DayItem::DeductionPrices => Column::new("차감에 쓴 포인트", "deductionPrices"),
        DayItem::Adjusted => Column::new("조정", "adjusted"),
        DayItem::Expired => Column::new("만료", "expired"),
        DayItem::WrittenOff => Column::new("손실 처리", "writtenOff"),
        DayItem::Given => Column::new("단말 간 이동", "given"),
        DayItem::Penalties => Column::new("패널티", "penalties"),
        DayItem::PenaltiesVoided => Column::new("패널티 취소", "penaltiesVoided"),
        DayItem::Deductions => Column::new("패널티 차감", "deductions"),
        DayItem::DeductionsVoided => Column::new("차감 취소", "deductionsVoided"),
        DayItem::Lapsed => Column::new("소멸", "lapsed"),
        DayItem::EnteredAfterwards => Column::new("나중에 입력", "enteredAfterwards"),
    }
}
