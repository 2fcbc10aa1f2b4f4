//! Commands about the plans of the facility's sites.

use data_encoding::BASE64;
use nosmoke_domain::ids::PlanId;
use nosmoke_domain::site::{
    DRAWING_SIDES, DrawingProblem, LABEL_MAX, PICTURE_MAX_BYTES, PictureHead, SHAPES_MAX, ShapeKind, cut,
};
use nosmoke_ports::contract::{AppError, ContextName, ErrorCode, Outcome, PictureChange, RetirePlan, SavePlan};
use nosmoke_ports::limits::{NAME_MAX, check_needed};
use nosmoke_ports::{ReferenceKind, Texts};
use nosmoke_reading::plans::{self, Plan};
use nosmoke_reading::{PlanBody, reference};
use serde_json::{Value, json};

use super::decide::Decide;
use super::work::Work;
use crate::permission::Act;

/// Upper bound for the plans in use.
const PLANS_MAX: usize = 20;

impl Decide for SavePlan {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::SavePlan
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { plan_id, base_revision, name, width, height, shapes, picture } = self;
        let present = plan_id.map(|plan_id| expect(work, plan_id, base_revision)).transpose()?;
        if present.is_none() && plans::plans(work.tx)?.len() >= PLANS_MAX {
            return Err(AppError::with(ErrorCode::TooManyPlans, json!({ "max": PLANS_MAX })));
        }
        let kept = present.as_ref().and_then(|plan| plan.body.picture.clone());
        let picture = match picture {
            PictureChange::Keep => kept,
            PictureChange::Remove => None,
            PictureChange::Replace { data } => Some(store_picture(work, &data)?),
        };
        let body = PlanBody { name, width, height, shapes, picture, retired: false };
        put(work, present.map_or_else(|| work.id(), |plan| plan.plan_id), &body)
    }
}

impl Decide for RetirePlan {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::SavePlan
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { plan_id, base_revision } = self;
        let plan = expect(work, plan_id, base_revision)?;
        work.put(ReferenceKind::Plan, plan_id.0, &PlanBody { retired: true, ..plan.body })?;
        Ok(Outcome::Done)
    }
}

/// Records the texts of an edit that was overtaken as the plan's next revision.
pub(super) fn take(work: &mut Work<'_>, plan_id: PlanId, texts: Texts) -> Result<(), AppError> {
    plans::plan(work.tx, plan_id)?.ok_or_else(|| AppError::new(ErrorCode::UnknownPlan))?;
    let body = serde_json::from_value(Value::Object(texts))
        .map_err(|error| AppError::with(ErrorCode::InvalidInput, json!({ "detail": error.to_string() })))?;
    put(work, plan_id, &body).map(|_| ())
}

/// Returns the plan if it has this revision.
fn expect(work: &mut Work<'_>, plan_id: PlanId, base_revision: i64) -> Result<Plan, AppError> {
    let plan = plans::plan(work.tx, plan_id)?.ok_or_else(|| AppError::new(ErrorCode::UnknownPlan))?;
    if plan.revision != base_revision {
        return Err(AppError::with(
            ErrorCode::RevisedMeanwhile,
            json!({ "revision": plan.revision, "reason": "plan" }),
        ));
    }
    Ok(plan)
}

fn put(work: &mut Work<'_>, plan_id: PlanId, body: &PlanBody) -> Result<Outcome, AppError> {
    check_needed("name", &body.name, NAME_MAX)?;
    body.drawing().check().map_err(of_drawing)?;
    for (index, shape) in body.shapes.iter().enumerate() {
        let Some(area_id) = shape.area else { continue };
        // The area may have been retired since it was drawn; that is no reason to refuse the rest of the plan.
        if reference::area(work.tx, area_id)?.is_none() {
            let number = if shape.kind == ShapeKind::Area { Some(index + 1) } else { None };
            return Err(AppError::with(ErrorCode::UnknownArea, json!({ "number": number })));
        }
    }
    work.put(ReferenceKind::Plan, plan_id.0, body)?;
    let revision = plans::plan(work.tx, plan_id)?.map_or(0, |plan| plan.revision);
    Ok(Outcome::PlanSaved { plan_id, revision })
}

fn store_picture(work: &mut Work<'_>, data: &str) -> Result<PictureHead, AppError> {
    let not_one = || AppError::with(ErrorCode::NotAPicture, json!({ "reason": "other" }));
    let too_large =
        || AppError::with(ErrorCode::PictureTooLarge, json!({ "reason": "stored", "max": PICTURE_MAX_BYTES }));
    let bytes = BASE64.decode(data.as_bytes()).map_err(|_| not_one())?;
    if bytes.len() > PICTURE_MAX_BYTES {
        return Err(too_large());
    }
    let (head, pieces) = cut(&bytes).ok_or_else(not_one)?;
    work.put_pieces(&pieces)?;
    Ok(head)
}

fn of_drawing(problem: DrawingProblem) -> AppError {
    let range = |field: &str, min: u32, max: u32| {
        AppError::with(ErrorCode::OutOfRange, json!({ "field": field, "min": min, "max": max }))
    };
    let shape = |number: usize, reason: &str| {
        AppError::with(ErrorCode::ShapeInvalid, json!({ "number": number, "reason": reason }))
    };
    match problem {
        DrawingProblem::Size => range("planSize", *DRAWING_SIDES.start(), *DRAWING_SIDES.end()),
        DrawingProblem::TooManyShapes => range("shapes", 0, u32::try_from(SHAPES_MAX).unwrap_or(u32::MAX)),
        DrawingProblem::Outside(number) => shape(number, "outside"),
        DrawingProblem::AreaMissing(number) => shape(number, "area"),
        DrawingProblem::NoSuchPlace(number) => shape(number, "place"),
        DrawingProblem::LabelTooLong(_) => {
            AppError::with(ErrorCode::TooLong, json!({ "field": "label", "max": LABEL_MAX }))
        }
        DrawingProblem::LabelText(_) => AppError::with(ErrorCode::InvalidText, json!({ "field": "label" })),
    }
}
