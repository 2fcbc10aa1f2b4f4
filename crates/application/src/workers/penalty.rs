//! penalty's projector: writes the list of penalties with points outstanding, as far as deductions and voids decide
//! that. Whether one has lapsed depends on the moment at which the list is read.

use std::collections::BTreeSet;

use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::PenaltyId;
use nosmoke_domain::penalty::Penalty;
use nosmoke_domain::words::Ground;
use nosmoke_ports::{Change, PenaltyRow, ReadFacts, StoreError};
use nosmoke_reading::state::recorded;

use super::rows::ProjectedRow;

pub(super) fn project(tx: &mut dyn ReadFacts, changes: &[Change]) -> Result<Vec<ProjectedRow>, StoreError> {
    let penalties: BTreeSet<PenaltyId> = changes
        .iter()
        .filter_map(|change| match &change.recorded.fact.payload {
            Payload::PenaltyImposed(p) => Some(p.penalty_id()),
            Payload::PenaltyDeducted(p) => Some(p.penalty_id),
            Payload::PenaltyVoided(p) => Some(p.penalty_id),
            Payload::PenaltyDeductionVoided(p) => Some(p.penalty_id),
            _ => None,
        })
        .collect();
    let mut rows = Vec::with_capacity(penalties.len());
    for penalty_id in penalties {
        let facts = tx.facts_about(&[penalty_id.0].into())?;
        let penalty = Penalty::of(recorded(&facts));
        rows.push(match row(penalty_id, &penalty, &facts) {
            Some(row) if row.outstanding > 0 => ProjectedRow::Penalty(row),
            _ => ProjectedRow::NoPenalty(penalty_id),
        });
    }
    Ok(rows)
}

fn row(penalty_id: PenaltyId, penalty: &Penalty, facts: &[Change]) -> Option<PenaltyRow> {
    let imposed = penalty.imposed.as_ref()?;
    let by = facts.iter().find(|change| change.recorded.key() == imposed.key)?;
    Some(PenaltyRow {
        penalty_id,
        customer_id: by.recorded.fact.customer_id,
        imposed_at: imposed.key.occurred_at,
        code: imposed.code,
        points: imposed.points.get(),
        outstanding: u64::try_from(penalty.undeducted()).unwrap_or(u64::MAX),
        educated: penalty.deducted_for(Ground::EDUCATION),
        area_id: imposed.area_id,
        imposed_change_seq: by.change_seq,
    })
}
