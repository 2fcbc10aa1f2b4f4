//! Reads the sums of a period, and its customers with the most.

use std::collections::BTreeMap;

use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId};
use nosmoke_domain::points::to_i64;
use nosmoke_ports::contract::TopBy;
use nosmoke_ports::{CustomerSums, DayKey, DaySum, PeriodQuery, PeriodRows, StoreError, day_from_number, day_number};

use super::apply::checkpoint;
use super::row::{decided_of, kind_of};
use crate::error::corrupt;
use crate::sqlite::{Connection, Row, params};
use crate::words::{from_text, limit};

/// Reads the figures of some days, all from one state.
pub(super) fn period(db: &mut Connection, query: &PeriodQuery) -> Result<PeriodRows, StoreError> {
    db.execute("BEGIN", params![])?;
    let days = db.rows(
        "SELECT day, kind, voided, area_id, code, ground, decided, incarnation, lines, with_points, \
           entered_afterwards, points_upper, points_lower, penalty_points_upper, penalty_points_lower \
         FROM day_sum WHERE day >= ?1 AND day < ?2",
        params![i64::from(day_number(query.from)), i64::from(day_number(query.until))],
        day,
    )?;
    let hours = db.rows(
        "SELECT area_id, hour, sum(inside_ms) FROM hour_presence WHERE day >= ?1 AND day < ?2 GROUP BY area_id, hour",
        params![i64::from(day_number(query.from)), i64::from(day_number(query.until))],
        |row| Ok(((AreaId(row.id(0)?), u8::try_from(row.int(1)).map_err(corrupt)?), row.int(2))),
    )?;
    Ok(PeriodRows {
        days: days.into_iter().filter(|(_, sum)| *sum != DaySum::default()).collect(),
        hours: hours.into_iter().filter(|(_, ms)| *ms != 0).collect::<BTreeMap<_, _>>(),
        top: top(db, query)?,
        checkpoint: checkpoint(db)?,
    })
}

fn day(row: &Row<'_>) -> Result<(DayKey, DaySum), StoreError> {
    fn word<T: for<'de> serde::Deserialize<'de>>(text: &str) -> Result<Option<T>, StoreError> {
        if text.is_empty() { Ok(None) } else { from_text(text).map(Some) }
    }
    let (number, area) = (row.int(0), row.id(3)?);
    let day = i32::try_from(number).ok().and_then(day_from_number);
    let key = DayKey {
        day: day.ok_or_else(|| corrupt(format!("{number} isn't a day")))?,
        kind: kind_of(row.int(1))?,
        voided: row.bool(2),
        area_id: (!area.is_nil()).then_some(AreaId(area)),
        code: word(row.text(4)?)?,
        ground: word(row.text(5)?)?,
        decided: decided_of(row.text(6)?)?,
        incarnation: IncarnationId(row.id(7)?),
    };
    let whole = |upper: usize| (i128::from(row.int(upper)) << 32) + i128::from(row.int(upper + 1));
    let sum = DaySum {
        lines: row.int(8),
        with_points: row.int(9),
        entered_afterwards: row.int(10),
        points: whole(11),
        penalty_points: whole(13),
    };
    Ok((key, sum))
}

/// Returns the customers with the most. Reads the whole index of customers, whatever the period. SQLite's `sum` fails
/// beyond 64 bits, so the upper and lower halves of the numbers are summed separately.
fn top(db: &mut Connection, query: &PeriodQuery) -> Result<Vec<CustomerSums>, StoreError> {
    const VISITS: &str = "(kind = 0 AND status <> 'VOIDED')";
    const EARNED: &str = "(points * (kind = 0))";
    const PAID: &str = "(-points * (kind IN (1, 2)))";
    const PENALTY_POINTS: &str = "(penalty_points * (kind IN (4, 6)))";
    let halves = |number: &str| format!("sum({number} >> 32), sum({number} & 4294967295)");
    let numbers = [VISITS, EARNED, PAID, PENALTY_POINTS].map(halves).join(", ");
    let by = match query.top_by {
        TopBy::Visits => VISITS,
        TopBy::Earned => EARNED,
        TopBy::Paid => PAID,
        TopBy::PenaltyPoints => PENALTY_POINTS,
    };
    let (from, until) = query.range();
    let whole =
        |row: &Row<'_>, upper: usize| to_i64((i128::from(row.int(upper)) << 32) + i128::from(row.int(upper + 1)));
    // Only constants are put into the statement. A number is greater than 0 if its normalised halves are.
    db.rows(
        &format!(
            "SELECT * FROM (SELECT customer_id, {numbers}, sum({by} >> 32) + (sum({by} & 4294967295) >> 32) AS upper, \
               sum({by} & 4294967295) & 4294967295 AS lower \
             FROM entry INDEXED BY entry_by_customer WHERE at_ms >= ?1 AND at_ms < ?2 GROUP BY customer_id) \
             WHERE upper > 0 OR (upper = 0 AND lower > 0) ORDER BY upper DESC, lower DESC, customer_id LIMIT ?3"
        ),
        params![from.timestamp_millis(), until.timestamp_millis(), limit(query.top)],
        |row| {
            Ok(CustomerSums {
                customer_id: CustomerId(row.id(0)?),
                visits: whole(row, 1),
                earned: whole(row, 3),
                paid: whole(row, 5),
                penalty_points: whole(row, 7),
            })
        },
    )
}
