//! The columns of exports of a period's tables.

use chrono::DateTime;
use nosmoke_ports::contract::{DayLine, PeriodCustomer, PeriodTerminal};
use nosmoke_reading::names::masked;

use super::columns::Column;
use super::day::{figure_cells, item_cells};
use super::writer::{Line, Row};

const FIRST_DAY: Column = Column::new("시작일", "from");
const LAST_DAY: Column = Column::new("종료일", "to");

/// A figure of a part of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodFigureLine {
    pub from: String,
    pub to: String,
    pub line: DayLine,
}

impl Line for PeriodFigureLine {
    const COLUMNS: &'static [Column] = &[
        FIRST_DAY,
        LAST_DAY,
        Column::new("항목", "item"),
        Column::new("종류", "code"),
        Column::new("이 단말 건수", "here_count"),
        Column::new("이 단말 합계", "here_points"),
        Column::new("시설 건수", "facility_count"),
        Column::new("시설 합계", "facility_points"),
    ];

    fn cells(&self, row: &mut Row) {
        row.plain(&self.from);
        row.plain(&self.to);
        item_cells(&self.line, row);
        figure_cells(&self.line, row);
    }
}

/// An hour of the day in an area, over all days of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodHourLine {
    pub from: String,
    pub to: String,
    pub area: Option<String>,
    pub hour: usize,
    pub inside_ms: i64,
    /// The days by which the average is divided.
    pub days: u32,
}

impl Line for PeriodHourLine {
    const COLUMNS: &'static [Column] = &[
        FIRST_DAY,
        LAST_DAY,
        Column::new("구역", "area"),
        Column::new("시간대", "hour"),
        Column::new("머문 분", "inside_minutes"),
        Column::new("평균 인원", "average_inside"),
    ];

    fn cells(&self, row: &mut Row) {
        row.plain(&self.from);
        row.plain(&self.to);
        row.text(self.area.as_deref());
        row.number(i64::try_from(self.hour).unwrap_or_default());
        row.number(self.inside_ms / 60_000);
        // In hundredths, so that no digit depends on floating-point numbers.
        let hundredths = self.inside_ms / (i64::from(self.days.max(1)) * 36_000);
        row.plain(format_args!("{}.{:02}", hundredths / 100, hundredths % 100));
    }
}

/// A customer of a period, with a masked name: the table counts and identifies nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodCustomerLine {
    pub from: String,
    pub to: String,
    pub row: PeriodCustomer,
}

impl Line for PeriodCustomerLine {
    const COLUMNS: &'static [Column] = &[
        FIRST_DAY,
        LAST_DAY,
        Column::new("고객 ID", "customer_id"),
        Column::new("이름", "name"),
        Column::new("방문", "visits"),
        Column::new("적립", "earned"),
        Column::new("결제", "paid"),
        Column::new("패널티", "penalty_points"),
    ];

    fn cells(&self, row: &mut Row) {
        row.plain(&self.from);
        row.plain(&self.to);
        row.plain(self.row.customer.customer_id);
        row.text(self.row.customer.name.as_deref().map(masked).as_deref());
        row.number(self.row.visits);
        row.number(self.row.earned);
        row.number(self.row.paid);
        row.number(self.row.penalty_points);
    }
}

/// A terminal in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodTerminalLine {
    pub from: String,
    pub to: String,
    pub row: PeriodTerminal,
}

impl Line for PeriodTerminalLine {
    const COLUMNS: &'static [Column] = &[
        FIRST_DAY,
        LAST_DAY,
        Column::new("단말", "terminal"),
        Column::new("이 단말", "is_here"),
        Column::new("기록", "lines"),
        Column::new("마지막으로 들은 때", "heard"),
    ];

    fn cells(&self, row: &mut Row) {
        row.plain(&self.from);
        row.plain(&self.to);
        row.text(self.row.terminal.name.as_deref());
        row.word(if self.row.is_here { Column::new("예", "yes") } else { Column::new("아니요", "no") });
        row.number(self.row.lines);
        row.moment(self.row.terminal.heard_at.and_then(DateTime::from_timestamp_millis));
    }
}
