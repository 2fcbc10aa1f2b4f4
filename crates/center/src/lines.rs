//! Mypage's lines: the lines of some subjects are replaced, and the sums change by the difference.

use std::collections::BTreeSet;

use nosmoke_domain::ids::{CustomerId, FacilityId};
use nosmoke_mypage_postgres::{decided_text, read_entry, to_text};
use nosmoke_ports::{EntryRow, SumChanges};
use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::copy::Rows;
use crate::sums::change_in_tx;

/// What replaces the lines of some subjects of customers who are locked.
#[derive(Debug, Default)]
pub(crate) struct Replaced {
    /// The subjects of customers of which all lines are replaced.
    pub(crate) subjects: BTreeSet<(CustomerId, Uuid)>,
    /// Customers of whom all lines are replaced.
    pub(crate) customers: BTreeSet<CustomerId>,
    pub(crate) rows: Vec<EntryRow>,
}

/// Replaces lines. The sums change at the place whose batch this is.
pub(crate) async fn replace_in_tx(
    tx: &mut PgConnection,
    facility: FacilityId,
    place_id: i32,
    replaced: &Replaced,
) -> Result<(), Error> {
    let mut removed = Vec::new();
    if !replaced.subjects.is_empty() {
        let (customers, subjects): (Vec<Uuid>, Vec<Uuid>) =
            replaced.subjects.iter().map(|(customer, subject)| (customer.0, *subject)).unzip();
        let delete = "DELETE FROM entry USING UNNEST($2::uuid[], $3::uuid[]) AS t (of_customer, of_subject) \
                      WHERE facility_id = $1 AND customer_id = of_customer AND subject = of_subject RETURNING entry.*";
        removed.extend(sqlx::query(delete).bind(facility.0).bind(customers).bind(subjects).fetch_all(&mut *tx).await?);
    }
    if !replaced.customers.is_empty() {
        let customers: Vec<Uuid> = replaced.customers.iter().map(|customer| customer.0).collect();
        let delete = "DELETE FROM entry WHERE facility_id = $1 AND customer_id = ANY($2) RETURNING *";
        removed.extend(sqlx::query(delete).bind(facility.0).bind(customers).fetch_all(&mut *tx).await?);
    }
    let removed: Vec<EntryRow> = removed.iter().map(read_entry).collect::<Result<_, _>>()?;
    add_in_tx(tx, facility, &replaced.rows).await?;
    change_in_tx(tx, facility, place_id, &SumChanges::between(&removed, &replaced.rows)).await
}

async fn add_in_tx(tx: &mut PgConnection, facility: FacilityId, rows: &[EntryRow]) -> Result<(), Error> {
    let mut copied = Rows::new(22);
    for row in rows {
        let EntryRow { entry_id, customer_id, subject, kind, other_id, .. } = *row;
        copied
            .row()
            .id(facility.0)
            .id(entry_id)
            .id(customer_id.0)
            .id(subject)
            .smallint(kind.code())
            .smallint(kind.history().code())
            .id_or_null(other_id)
            .bigint(row.at.timestamp_millis())
            .bigint_or_null(row.started_at.map(|at| at.timestamp_millis()))
            .bigint_or_null(row.ended_at.map(|at| at.timestamp_millis()))
            .id_or_null(row.area_id.map(|area| area.0))
            .text(&row.status)
            .bigint(row.points)
            .bigint(row.penalty_points)
            .text_or_null(row.code.as_ref().map(to_text).transpose()?.as_deref())
            .text_or_null(row.ground.as_ref().map(to_text).transpose()?.as_deref())
            .id_or_null(row.note_id.map(|note| note.0))
            .id(row.incarnation.0)
            .id(row.recorder_id.0)
            .bigint_or_null(row.accrued_after)
            .bigint_or_null(row.entered_at.map(|at| at.timestamp_millis()))
            .text_or_null(decided_text(row.decided)?.as_deref());
    }
    let copy = "COPY entry (facility_id, entry_id, customer_id, subject, kind, history, other_id, at_ms, started_at_ms, \
                ended_at_ms, area_id, status, points, penalty_points, code, ground, note_id, incarnation, staff_id, \
                accrued_after, entered_at_ms, decided) FROM STDIN (FORMAT binary)";
    copied.send(tx, copy).await
}

/// Reads a customer's lines, the oldest first.
pub(crate) async fn read(
    reader: &mut PgConnection,
    facility: FacilityId,
    customer: CustomerId,
) -> Result<Vec<EntryRow>, Error> {
    let rows = sqlx::query("SELECT * FROM entry WHERE facility_id = $1 AND customer_id = $2 ORDER BY at_ms, entry_id")
        .bind(facility.0)
        .bind(customer.0)
        .fetch_all(reader)
        .await?;
    rows.iter().map(read_entry).collect()
}
