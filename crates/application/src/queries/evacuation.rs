//! The evacuation list: who is inside, also for somebody who hasn't signed in.

use std::collections::BTreeMap;

use nosmoke_domain::ids::AreaId;
use nosmoke_ports::contract::{
    AppError, AreaCount, EvacuationArea, EvacuationContent, EvacuationList, EvacuationPerson,
};
use nosmoke_ports::{InsideRow, Read, StoreError, Worker, read};
use nosmoke_reading::names::rows_by_id;
use nosmoke_reading::reference;

use super::Queries;
use super::session::evacuation_of;

impl Queries {
    /// Returns who is inside, by area, with names unless a manager has chosen counts only.
    ///
    /// # Errors
    /// `not_set_up`, or an error of the store.
    pub async fn evacuation_list(&self) -> Result<EvacuationList, AppError> {
        self.expect_set_up().await?;
        self.core.feed.caught_up(&[Worker::CheckIn]).await;
        let now = self.core.clock.now();
        let list = read::<_, StoreError>(&*self.core.journal, move |tx| {
            let (facility, rules) = (reference::facility(tx)?, reference::rules(tx)?);
            let content = evacuation_of(facility.as_ref());
            let mut by_area: BTreeMap<AreaId, Vec<EvacuationPerson>> = BTreeMap::new();
            if content == EvacuationContent::Names {
                let inside = tx.inside(None)?;
                let customers = rows_by_id(tx, inside.iter().map(|row| row.customer_id))?;
                for InsideRow { customer_id, area_id, since, .. } in inside {
                    by_area.entry(area_id).or_default().push(EvacuationPerson {
                        name: customers.get(&customer_id).and_then(|row| row.profile.name.clone()),
                        since: since.timestamp_millis(),
                        forgotten: rules.forgotten(since, now),
                    });
                }
            }
            let counts = area_counts(tx)?;
            let total = counts.iter().map(|area| area.present).sum();
            let area = |AreaCount { area_id, name, present, .. }| EvacuationArea {
                area_id,
                name,
                present,
                people: by_area.remove(&area_id).unwrap_or_default(),
            };
            let terminal_name = match tx.origin()? {
                Some(origin) => reference::terminal_name(tx, origin.terminal_id)?,
                None => None,
            };
            Ok(EvacuationList {
                facility_name: facility.map(|facility| facility.name).unwrap_or_default(),
                terminal_name: terminal_name.unwrap_or_default(),
                content,
                areas: counts.into_iter().map(area).collect(),
                total,
                as_of: now.timestamp_millis(),
            })
        })
        .await?;
        Ok(list)
    }
}

/// Counts who is inside each area. A retired area is included while someone is inside.
pub(super) fn area_counts(tx: &mut dyn Read) -> Result<Vec<AreaCount>, StoreError> {
    let mut present: BTreeMap<AreaId, u32> = BTreeMap::new();
    for row in tx.inside(None)? {
        *present.entry(row.area_id).or_default() += 1;
    }
    let count = |(area_id, area): (AreaId, reference::AreaBody)| {
        let present = present.get(&area_id).copied().unwrap_or(0);
        let shown = AreaCount { area_id, name: area.name, present, capacity: area.capacity };
        (!area.retired || present > 0).then_some(shown)
    };
    Ok(reference::areas(tx)?.into_iter().filter_map(count).collect())
}
