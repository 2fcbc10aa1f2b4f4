//! Adds up the figures of a day, from Mypage's lines and from facts.

use std::collections::BTreeMap;

use nosmoke_domain::fact::{Fact, Payload};
use nosmoke_domain::points::to_i64;
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::EntryRow;
use nosmoke_ports::contract::{DayFigure, DayItem, DayLine, EntryKind};

type Key = (DayItem, Option<PenaltyCode>, Option<Ground>);

/// Items that always have a line, also if nothing of the kind happened. Penalties and deductions have one for each code
/// and ground that occurs.
const ALWAYS: [DayItem; 14] = [
    DayItem::Visits,
    DayItem::VisitsVoided,
    DayItem::Refusals,
    DayItem::Overrides,
    DayItem::Earned,
    DayItem::Paid,
    DayItem::PaymentsVoided,
    DayItem::DeductionPrices,
    DayItem::Adjusted,
    DayItem::Expired,
    DayItem::WrittenOff,
    DayItem::Given,
    DayItem::PenaltiesVoided,
    DayItem::EnteredAfterwards,
];

/// The figures of one day, of this terminal and of the facility.
#[derive(Debug, Default)]
pub(super) struct Figures(BTreeMap<Key, (DayFigure, DayFigure)>);

impl Figures {
    pub(super) fn new() -> Self {
        Self(ALWAYS.map(|item| ((item, None, None), Default::default())).into())
    }

    /// Adds a line of Mypage. `here` says whether this terminal recorded it.
    pub(super) fn add_line(&mut self, row: &EntryRow, here: bool) {
        let voided = row.status == "VOIDED";
        match row.kind {
            EntryKind::Visit => {
                self.add((if voided { DayItem::VisitsVoided } else { DayItem::Visits }, None, None), 0, here);
                // A voided visit keeps the points that it earned.
                self.add_points(DayItem::Earned, row.points, here);
            }
            EntryKind::Payment => self.add((DayItem::Paid, None, None), row.points, here),
            EntryKind::PaymentVoid => self.add((DayItem::PaymentsVoided, None, None), row.points, here),
            EntryKind::Adjustment => self.add((DayItem::Adjusted, None, None), row.points, here),
            EntryKind::WriteOff => self.add((DayItem::WrittenOff, None, None), row.points, here),
            EntryKind::Expired => self.add((DayItem::Expired, None, None), row.points, here),
            EntryKind::Penalty => self.add((DayItem::Penalties, row.code, None), row.penalty_points, here),
            EntryKind::PenaltyVoid => self.add((DayItem::PenaltiesVoided, None, None), row.penalty_points, here),
            EntryKind::PenaltyDeduction => {
                self.add((DayItem::Deductions, None, row.ground), row.penalty_points, here);
                self.add_points(DayItem::DeductionPrices, row.points, here);
            }
            EntryKind::PenaltyDeductionVoid => {
                self.add((DayItem::DeductionsVoided, None, None), row.penalty_points, here);
                if row.points != 0 {
                    self.take((DayItem::DeductionPrices, None, None), row.points, here);
                }
            }
            EntryKind::Lapsed => self.add((DayItem::Lapsed, None, None), row.penalty_points, here),
        }
    }

    /// Adds a fact, for the figures that Mypage has no lines for.
    pub(super) fn add_fact(&mut self, fact: &Fact, overrides: bool, here: bool) {
        if overrides {
            self.add((DayItem::Overrides, None, None), 0, here);
        }
        // A visit that is entered afterwards has two facts.
        let is_end = matches!(fact.payload, Payload::CheckedOut(_));
        if fact.recorded_at > fact.occurred_at && !is_end {
            self.add((DayItem::EnteredAfterwards, None, None), 0, here);
        }
        if let Payload::Given(given) = &fact.payload {
            self.add((DayItem::Given, None, None), to_i64(given.lots.points().get().into()), here);
        }
    }

    /// Returns the lines. `refusals` are those of this terminal.
    pub(super) fn into_lines(mut self, refusals: i64) -> Vec<DayLine> {
        self.0.entry((DayItem::Refusals, None, None)).or_default().0.count = refusals;
        let line = |((item, code, ground), (here, facility)): (Key, (DayFigure, DayFigure))| DayLine {
            item,
            code,
            ground,
            here,
            facility: (item != DayItem::Refusals).then_some(facility),
        };
        self.0.into_iter().map(line).collect()
    }

    /// Adds points without a count if there are none, so that the count says how often there were some.
    fn add_points(&mut self, item: DayItem, points: i64, here: bool) {
        if points != 0 {
            self.add((item, None, None), points, here);
        }
    }

    fn add(&mut self, key: Key, points: i64, here: bool) {
        self.change(key, (1, points), here);
    }

    /// Counts one less, with the points that were given back.
    fn take(&mut self, key: Key, points: i64, here: bool) {
        self.change(key, (-1, points), here);
    }

    fn change(&mut self, key: Key, (count, points): (i64, i64), here: bool) {
        let (of_here, of_facility) = self.0.entry(key).or_default();
        let figures = if here { vec![of_here, of_facility] } else { vec![of_facility] };
        for figure in figures {
            figure.count += count;
            figure.points = figure.points.saturating_add(points);
        }
    }
}

/// Returns the lines that differ between two reports, with the differences.
pub(super) fn differences(before: &[DayLine], now: &[DayLine]) -> Vec<DayLine> {
    let key = |line: &DayLine| (line.item, line.code, line.ground);
    let mut lines: BTreeMap<Key, (Option<DayLine>, Option<DayLine>)> = BTreeMap::new();
    for line in before {
        lines.entry(key(line)).or_default().0 = Some(*line);
    }
    for line in now {
        lines.entry(key(line)).or_default().1 = Some(*line);
    }
    let minus = |now: Option<DayFigure>, before: Option<DayFigure>| {
        let (now, before) = (now.unwrap_or_default(), before.unwrap_or_default());
        DayFigure { count: now.count - before.count, points: now.points.saturating_sub(before.points) }
    };
    let difference = |((item, code, ground), (before, now)): (Key, (Option<DayLine>, Option<DayLine>))| {
        let of_facility = |line: Option<DayLine>| line.and_then(|line| line.facility);
        DayLine {
            item,
            code,
            ground,
            here: minus(now.map(|line| line.here), before.map(|line| line.here)),
            facility: of_facility(now).or(of_facility(before)).map(|_| minus(of_facility(now), of_facility(before))),
        }
    };
    let differs =
        |line: &DayLine| [Some(line.here), line.facility].into_iter().flatten().any(|it| it != DayFigure::default());
    lines.into_iter().map(difference).filter(differs).collect()
}
