//! Rows of customers: profiles, and what lists show beside them.

use nosmoke_domain::ids::{AreaId, CustomerId, EventId, VisitId};
use nosmoke_ports::{CustomerRow, Profile, StoreError};

use super::projections::standing_copy;
use crate::error::corrupt;
use crate::sqlite::{Column, Row};
use crate::words::time;

/// Selects the columns that lists show, for the customers of `hit(customer_id, place)` in the order of `place`.
pub(super) fn customers(hit: &str) -> String {
    format!(
        "WITH hit (customer_id, place) AS MATERIALIZED ({hit}) \
         SELECT p.customer_id, p.revision, p.event_id, p.base_revision, p.name, p.phone, p.card, \
         p.registered_at_ms, p.erased, p.consent_on, p.bases, s.standing, s.outstanding, s.levels, s.changes, s.as_of_ms, \
         i.visit_id, i.area_id, i.since_ms, v.at_ms, v.area_id FROM hit JOIN profile p ON p.customer_id = hit.customer_id \
         LEFT JOIN standing s ON s.customer_id = hit.customer_id \
         LEFT JOIN inside i ON i.customer_id = hit.customer_id AND i.visit_id = (SELECT visit_id FROM inside \
         WHERE customer_id = hit.customer_id ORDER BY since_ms DESC, visit_id LIMIT 1) \
         LEFT JOIN last_visit v ON v.customer_id = hit.customer_id ORDER BY hit.place"
    )
}

pub(super) fn profile_row(row: &Row<'_>) -> Result<Profile, StoreError> {
    let text = |column: Column<'_>| column.text().map(str::to_owned);
    Ok(Profile {
        customer_id: CustomerId(row.id(0)?),
        revision: row.int(1),
        event_id: EventId(row.id(2)?),
        base_revision: row.int(3),
        name: row.optional(4, text)?,
        phone: row.optional(5, text)?,
        card: row.optional(6, text)?,
        registered_at: time(row.int(7))?,
        erased: row.bool(8),
        consent_on: row.optional(9, |day| day.text()?.parse().map_err(corrupt))?,
        bases: serde_json::from_str(row.text(10)?).map_err(corrupt)?,
    })
}

pub(super) fn customer_row(row: &Row<'_>) -> Result<CustomerRow, StoreError> {
    let inside = row.optional(16, |visit| Ok((VisitId(visit.id()?), AreaId(row.id(17)?), time(row.int(18))?)))?;
    let last_visit = row.optional(19, |at| Ok((time(at.int())?, AreaId(row.id(20)?))))?;
    Ok(CustomerRow {
        profile: profile_row(row)?,
        standing: row.optional(11, |_| standing_copy(row, 11))?,
        inside,
        last_visit,
    })
}
