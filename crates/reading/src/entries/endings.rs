//! Mypage's lines for what time alone ended: points that expired and penalties that lapsed. They are derived when they
//! are read, so nothing is recorded because of a clock. With them a customer's lines add up to the balance and to the
//! outstanding points at every moment.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Fact, Hash, Payload, Recorded, chain_hash};
use nosmoke_domain::ids::{CustomerId, IncarnationId, RecorderId};
use nosmoke_domain::point::{Account, Cause, Step, history};
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::EntryKind;
use nosmoke_ports::{EntryRow, MypageTotals, PageCursor, ReadFacts, StoreError};
use uuid::Uuid;

use crate::state::{load, recorded};

/// The lines of one customer for what ended up to a moment, the oldest first.
#[derive(Debug, Clone, Default)]
pub struct Endings(Vec<EntryRow>);

impl Endings {
    /// Reads the facts of a customer only if something may have ended.
    ///
    /// # Errors
    /// An error of the store.
    pub fn of(tx: &mut dyn ReadFacts, customer: CustomerId, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let account = load::<Account>(tx, customer)?.state;
        if !account.has_endings(now) {
            return Ok(Self::default());
        }
        let facts = tx.facts_after(customer, 0)?;
        Ok(Self::from_facts(customer, recorded(&facts), &account.forked, now))
    }

    pub(super) fn from_facts<'a>(
        customer: CustomerId,
        facts: impl Iterator<Item = &'a Recorded>,
        forked: &BTreeSet<IncarnationId>,
        now: DateTime<Utc>,
    ) -> Self {
        let (mut codes, mut rows) = (BTreeMap::new(), Vec::new());
        for step in history(facts, forked, now) {
            match step.cause {
                Cause::Fact(Recorded { fact: Fact { payload: Payload::PenaltyImposed(p), .. }, .. }) => {
                    codes.entry(p.penalty_id()).or_insert(p.code);
                }
                Cause::Fact(_) => {}
                Cause::Expired(day) => rows.push(row(customer, &step, EntryKind::Expired, day.to_string().as_bytes())),
                Cause::Lapsed(id) => rows.push(EntryRow {
                    other_id: Some(id.0),
                    code: codes.get(&id).copied(),
                    ..row(customer, &step, EntryKind::Lapsed, id.0.as_bytes())
                }),
            }
        }
        Self(rows)
    }

    /// All lines.
    pub fn into_rows(self) -> Vec<EntryRow> {
        self.0
    }

    /// The lines in a half-open range of time.
    pub fn between(&self, (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>)) -> Vec<EntryRow> {
        let is_in =
            |row: &&EntryRow| from.is_none_or(|from| row.at >= from) && until.is_none_or(|until| row.at < until);
        self.0.iter().filter(is_in).cloned().collect()
    }

    /// Adds the lines before a time.
    pub fn add_before(&self, totals: &mut MypageTotals, until: DateTime<Utc>) {
        add(totals, self.0.iter().filter(|row| row.at < until));
    }

    /// Adds the lines up to and including a position.
    pub fn add_to(&self, totals: &mut MypageTotals, position: PageCursor) {
        add(totals, self.0.iter().filter(|row| place(row) <= (position.at_ms, position.entry_id)));
    }
}

fn add<'a>(totals: &mut MypageTotals, rows: impl Iterator<Item = &'a EntryRow>) {
    for row in rows {
        totals.balance = totals.balance.saturating_add(row.points);
        totals.outstanding = totals.outstanding.saturating_add(row.penalty_points);
    }
}

/// The place of a line among a customer's lines, which are sorted by it.
pub fn place(row: &EntryRow) -> (i64, Uuid) {
    (row.at.timestamp_millis(), row.entry_id)
}

/// The line of a step that time made, dated by the last instant of the day on which the points or the penalty still
/// counted. Its id is always the same one for what ended and the line's date.
fn row(customer_id: CustomerId, step: &Step<'_>, kind: EntryKind, ended: &[u8]) -> EntryRow {
    let status = if kind == EntryKind::Expired { "EXPIRED" } else { "LAPSED" };
    let at = step.at.timestamp_millis().to_be_bytes();
    let of = [status.as_bytes(), customer_id.0.as_bytes(), ended, &at].concat();
    let id = chain_hash(Hash::ZERO, &of).0.first_chunk().copied().unwrap_or_default();
    let entry_id = uuid::Builder::from_custom_bytes(id).into_uuid();
    EntryRow {
        entry_id,
        customer_id,
        subject: entry_id,
        kind,
        other_id: None,
        at: step.at,
        started_at: None,
        ended_at: None,
        area_id: None,
        status: status.to_owned(),
        points: to_i64(step.points),
        penalty_points: to_i64(step.penalty_points),
        code: None,
        ground: None,
        note_id: None,
        incarnation: IncarnationId(Uuid::nil()),
        recorder_id: RecorderId::PROGRAM,
        accrued_after: None,
        entered_at: None,
        decided: None,
    }
}
