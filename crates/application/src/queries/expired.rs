//! Mypage's lines for points that expired. They are derived when they are read, so nothing is recorded because of a
//! clock. With them a customer's lines add up to the balance at every moment.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use nosmoke_domain::days::seoul_midnight;
use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_domain::ids::{CustomerId, IncarnationId, RecorderId};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::EntryKind;
use nosmoke_ports::{EntryRow, MypageTotals, PageCursor, ReadFacts, StoreError};
use nosmoke_reading::state::load;
use uuid::Uuid;

/// The lines of one customer for the points that have expired up to a moment, the oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expired(Vec<EntryRow>);

impl Expired {
    pub(crate) fn of(tx: &mut dyn ReadFacts, customer: CustomerId, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let expired = load::<Account>(tx, customer)?.state.expired(now);
        Ok(Self(expired.into_iter().map(|(day, points)| row(customer, day, points)).collect()))
    }

    /// The lines in a half-open range of time.
    pub(crate) fn between(&self, (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>)) -> Vec<EntryRow> {
        let is_in =
            |row: &&EntryRow| from.is_none_or(|from| row.at >= from) && until.is_none_or(|until| row.at < until);
        self.0.iter().filter(is_in).cloned().collect()
    }

    /// The points of the lines before a time.
    pub(crate) fn before(&self, until: DateTime<Utc>) -> i64 {
        self.between((None, Some(until))).iter().map(|row| row.points).fold(0, i64::saturating_add)
    }

    /// Adds the points of the lines up to and including a position.
    pub(crate) fn add_to(&self, totals: &mut MypageTotals, position: PageCursor) {
        let points = self.0.iter().filter(|row| place(row) <= (position.at_ms, position.entry_id));
        totals.balance = points.map(|row| row.points).fold(totals.balance, i64::saturating_add);
    }
}

/// The place of a line among a customer's lines, which are sorted by it.
pub(crate) fn place(row: &EntryRow) -> (i64, Uuid) {
    (row.at.timestamp_millis(), row.entry_id)
}

/// A line is dated by the last instant of the day on which its points still counted. Its id is always the same one for
/// a customer and a day.
fn row(customer_id: CustomerId, day: NaiveDate, points: i128) -> EntryRow {
    let of = [b"expired".as_slice(), customer_id.0.as_bytes(), day.to_string().as_bytes()].concat();
    let id = chain_hash(Hash::ZERO, &of).0.first_chunk().copied().unwrap_or_default();
    let subject = uuid::Builder::from_custom_bytes(id).into_uuid();
    EntryRow {
        entry_id: subject,
        customer_id,
        subject,
        kind: EntryKind::Expired,
        other_id: None,
        at: day.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, seoul_midnight) - TimeDelta::milliseconds(1),
        started_at: None,
        ended_at: None,
        area_id: None,
        status: "EXPIRED".to_owned(),
        points: -to_i64(points),
        penalty_points: 0,
        code: None,
        ground: None,
        note_id: None,
        incarnation: IncarnationId(Uuid::nil()),
        recorder_id: RecorderId::PROGRAM,
        accrued_after: None,
    }
}
