//! The plans of the sites, with their pictures.

use chrono::TimeDelta;
use data_encoding::BASE64;
use nosmoke_domain::ids::PlanId;
use nosmoke_ports::contract::{AppError, ErrorCode, PlacePenalties, PlanPicture, PlanPictureState, PlanView};
use nosmoke_ports::{Read, StoreError, Worker, read};
use nosmoke_reading::plans::{self, Plan};
use serde_json::json;

use super::Queries;

/// Longest period in which penalties are counted.
const PENALTY_DAYS_MAX: u32 = 366;

impl Queries {
    /// Returns the plans in use, by name.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn plans(&self) -> Result<Vec<PlanView>, AppError> {
        let views = read::<_, StoreError>(&*self.core.journal, |tx| {
            let plans = plans::plans(tx)?;
            plans.into_iter().map(|plan| view(tx, plan)).collect()
        });
        Ok(views.await?)
    }

    /// Returns the penalties of each area in the last days, the area with the most first.
    ///
    /// # Errors
    /// `out_of_range`, or an error of the store.
    pub async fn place_penalties(&self, days: u32) -> Result<Vec<PlacePenalties>, AppError> {
        if !(1..=PENALTY_DAYS_MAX).contains(&days) {
            let params = json!({ "field": "days", "min": 1, "max": PENALTY_DAYS_MAX });
            return Err(AppError::with(ErrorCode::OutOfRange, params));
        }
        self.core.feed.caught_up(&[Worker::Mypage]).await;
        let since = self.core.present.moment() - TimeDelta::days(i64::from(days));
        let counts = self.mypage.penalties_by_area(since).await?;
        Ok(counts.into_iter().map(|(area_id, count)| PlacePenalties { area_id, count }).collect())
    }

    /// Returns the picture of a plan once all of it has come; `None` before, and for a plan without one.
    ///
    /// # Errors
    /// `unknown_plan`, or an error of the store.
    pub async fn plan_picture(&self, plan_id: PlanId) -> Result<Option<PlanPicture>, AppError> {
        read(&*self.core.journal, move |tx| {
            let plan = plans::plan(tx, plan_id)?.ok_or_else(|| AppError::new(ErrorCode::UnknownPlan))?;
            let Some(head) = plan.body.picture else { return Ok(None) };
            let picture = plans::picture(tx, &head)?.ok();
            Ok(picture.map(|(size, bytes)| PlanPicture { kind: size.kind, data: BASE64.encode(&bytes) }))
        })
        .await
    }
}

fn view(tx: &mut dyn Read, plan: Plan) -> Result<PlanView, StoreError> {
    let Plan { plan_id, revision, body } = plan;
    let count = |pieces: usize| u32::try_from(pieces).unwrap_or(u32::MAX);
    let picture = match body.picture {
        Some(head) => {
            let have = count(plans::pieces_here(tx, &head)?);
            Some(PlanPictureState { pieces: count(head.pieces.len()), have })
        }
        None => None,
    };
    let (name, width, height, shapes) = (body.name, body.width, body.height, body.shapes);
    Ok(PlanView { plan_id, revision, name, width, height, shapes, picture })
}
