//! Adds up figures of Mypage's lines.

use std::collections::BTreeMap;

use nosmoke_domain::fact::Given;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::contract::{DayFigure, DayItem, DayLine, EntryKind};
use nosmoke_ports::{DayKey, DaySum, EntryRow};
use nosmoke_reading::entries::departures;

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

/// Figures of this terminal and of the facility.
#[derive(Debug, Default)]
pub(crate) struct Figures(BTreeMap<Key, (DayFigure, DayFigure)>);

impl Figures {
    pub(crate) fn new() -> Self {
        Self(ALWAYS.map(|item| ((item, None, None), Default::default())).into())
    }

    /// Adds lines of Mypage. `here` says whether this terminal recorded them; `departures` counts how often they depart
    /// from the rules.
    pub(crate) fn add_lines(&mut self, key: &DayKey, sum: &DaySum, departures: i64, here: bool) {
        let (lines, points, penalty_points) = (sum.lines, to_i64(sum.points), to_i64(sum.penalty_points));
        let with_points = (sum.with_points, points);
        self.change((DayItem::Overrides, None, None), (departures * lines, 0), here);
        self.change((DayItem::EnteredAfterwards, None, None), (sum.entered_afterwards, 0), here);
        match key.kind {
            EntryKind::Visit => {
                let item = if key.voided { DayItem::VisitsVoided } else { DayItem::Visits };
                self.change((item, None, None), (lines, 0), here);
                // A voided visit keeps the points that it earned.
                self.change((DayItem::Earned, None, None), with_points, here);
            }
            EntryKind::Payment => self.change((DayItem::Paid, None, None), (lines, points), here),
            EntryKind::PaymentVoid => self.change((DayItem::PaymentsVoided, None, None), (lines, points), here),
            EntryKind::Adjustment => self.change((DayItem::Adjusted, None, None), (lines, points), here),
            EntryKind::WriteOff => self.change((DayItem::WrittenOff, None, None), (lines, points), here),
            EntryKind::Expired => self.change((DayItem::Expired, None, None), (lines, points), here),
            EntryKind::Penalty => self.change((DayItem::Penalties, key.code, None), (lines, penalty_points), here),
            EntryKind::PenaltyVoid => {
                self.change((DayItem::PenaltiesVoided, None, None), (lines, penalty_points), here);
            }
            EntryKind::PenaltyDeduction => {
                self.change((DayItem::Deductions, None, key.ground), (lines, penalty_points), here);
                self.change((DayItem::DeductionPrices, None, None), with_points, here);
            }
            EntryKind::PenaltyDeductionVoid => {
                self.change((DayItem::DeductionsVoided, None, None), (lines, penalty_points), here);
                // One price less, with the points that were given back.
                self.change((DayItem::DeductionPrices, None, None), (-sum.with_points, points), here);
            }
            EntryKind::Lapsed => self.change((DayItem::Lapsed, None, None), (lines, penalty_points), here),
        }
    }

    /// Adds one line.
    pub(crate) fn add_line(&mut self, row: &EntryRow, rules: &BTreeMap<u64, Rules>, here: bool) {
        let key = DayKey::of(row);
        self.add_lines(&key, &DaySum::of(row), departures_of(&key, rules), here);
    }

    /// Adds points that this or another terminal gave to others. Mypage has no line for them.
    pub(crate) fn add_given(&mut self, given: &Given, here: bool) {
        self.change((DayItem::Given, None, None), (1, to_i64(given.lots.points().get().into())), here);
    }

    /// Adds other figures.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (key, (here, facility)) in &other.0 {
            let (of_here, of_facility) = self.0.entry(*key).or_default();
            for (figure, more) in [(of_here, here), (of_facility, facility)] {
                figure.count += more.count;
                figure.points = figure.points.saturating_add(more.points);
            }
        }
    }

    /// Returns the lines. `refusals` are those of this terminal.
    pub(crate) fn into_lines(mut self, refusals: i64) -> Vec<DayLine> {
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

    fn change(&mut self, key: Key, (count, points): (i64, i64), here: bool) {
        if (count, points) == (0, 0) {
            return;
        }
        let (of_here, of_facility) = self.0.entry(key).or_default();
        let figures = if here { vec![of_here, of_facility] } else { vec![of_facility] };
        for figure in figures {
            figure.count += count;
            figure.points = figure.points.saturating_add(points);
        }
    }
}

/// Returns how often a line with this key departs from the rules. Of unknown rules nothing is said.
pub(crate) fn departures_of(key: &DayKey, rules: &BTreeMap<u64, Rules>) -> i64 {
    key.decided.map_or(0, |decided| departures(&decided, key.code, rules.get(&decided.rules)))
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
