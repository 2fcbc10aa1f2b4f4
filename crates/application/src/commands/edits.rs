//! Commands about edits of this terminal that were overtaken: taken, as the document's next revision, or dropped.

use nosmoke_domain::ids::{AreaId, EventId, PlanId};
use nosmoke_ports::contract::{
    AppError, ContextName, DropEdit, EditedKind, ErrorCode, Numeral, Outcome, ProfileInput, ReviseCustomer, SaveArea,
    SaveFacility, TakeEdit,
};
use nosmoke_ports::{DocumentKey, OvertakenEdit, ReferenceKind, Texts};
use serde_json::{Value, json};

use super::decide::Decide;
use super::plan;
use super::work::Work;
use crate::permission::Act;

impl Decide for TakeEdit {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        act_of(self.kind)
    }

    /// Records the lost fields with the command that edits such a document; the other fields stay as they are now.
    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let edit = find(work, self.kind, self.edit_id)?;
        let invalid = || AppError::with(ErrorCode::InvalidInput, json!({ "detail": "edit" }));
        match edit.key {
            DocumentKey::Profile(customer_id) => {
                let current = work.expect_customer(customer_id)?;
                let texts = taken(&edit, &current.texts());
                let text = |field: &str| texts.get(field).and_then(Value::as_str).map(str::to_owned);
                let is_lost = edit.lost(&current.texts()).any(|field| field == "consentOn");
                let profile = ProfileInput {
                    name: text("name").unwrap_or_default(),
                    phone: text("phone"),
                    card: text("card"),
                    consent_on: is_lost.then(|| text("consentOn").unwrap_or_default()),
                };
                ReviseCustomer { customer_id, base_revision: current.revision, profile }.decide(work)?;
            }
            DocumentKey::Reference(kind, id) => {
                let now = work.tx.reference(kind, id)?.map(|it| it.texts()).unwrap_or_default();
                if !can_take(self.kind, edit.lost(&now)) {
                    return Err(invalid());
                }
                let texts = taken(&edit, &now);
                let name = texts.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
                if kind == ReferenceKind::Plan {
                    plan::take(work, PlanId(id), texts)?;
                } else if kind == ReferenceKind::Area {
                    let capacity = texts.get("capacity").filter(|it| !it.is_null()).cloned().map(Numeral);
                    SaveArea { area_id: Some(AreaId(id)), name, capacity }.decide(work)?;
                } else {
                    SaveFacility { name }.decide(work)?;
                }
            }
            DocumentKey::Note(..) => return Err(invalid()),
        }
        work.tx.drop_overtaken_edit(self.edit_id)?;
        Ok(Outcome::Done)
    }
}

impl Decide for DropEdit {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        act_of(self.kind)
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        find(work, self.kind, self.edit_id)?;
        work.tx.drop_overtaken_edit(self.edit_id)?;
        work.has_put = true;
        Ok(Outcome::Done)
    }
}

/// Returns the kind of a document that people edit.
pub(crate) const fn kind_of(key: DocumentKey) -> Option<EditedKind> {
    match key {
        DocumentKey::Profile(_) => Some(EditedKind::Customer),
        DocumentKey::Note(..) => None,
        DocumentKey::Reference(kind, _) => match kind {
            ReferenceKind::Facility => Some(EditedKind::Facility),
            ReferenceKind::Area => Some(EditedKind::Area),
            ReferenceKind::Staff => Some(EditedKind::Staff),
            ReferenceKind::Terminal => Some(EditedKind::Terminal),
            ReferenceKind::Hub => Some(EditedKind::Hub),
            ReferenceKind::Keeping => Some(EditedKind::Keeping),
            ReferenceKind::Plan => Some(EditedKind::Plan),
            ReferenceKind::Rules | ReferenceKind::Token | ReferenceKind::Recovery | ReferenceKind::PlanPiece => None,
        },
    }
}

/// Whether the lost fields can be recorded again with the command that edits such a document.
pub(crate) fn can_take<'a>(kind: EditedKind, mut lost: impl Iterator<Item = &'a String>) -> bool {
    let fields: &[&str] = match kind {
        EditedKind::Customer => &["name", "phone", "card", "consentOn"],
        EditedKind::Facility => &["name"],
        EditedKind::Area => &["name", "capacity"],
        EditedKind::Plan => &["name", "width", "height", "shapes", "picture"],
        EditedKind::Staff | EditedKind::Terminal | EditedKind::Hub | EditedKind::Keeping => &[],
    };
    lost.all(|field| fields.contains(&field.as_str()))
}

/// The act with which such a document is edited.
const fn act_of(kind: EditedKind) -> Act {
    match kind {
        EditedKind::Customer => Act::ReviseCustomer,
        EditedKind::Facility => Act::SaveFacility,
        EditedKind::Area => Act::SaveArea,
        EditedKind::Staff => Act::SavePeople,
        EditedKind::Terminal => Act::SaveTerminal,
        EditedKind::Hub => Act::SaveHub,
        EditedKind::Keeping => Act::SaveKeeping,
        EditedKind::Plan => Act::SavePlan,
    }
}

/// Returns an edit of this kind: the act was authorised for it.
fn find(work: &mut Work<'_>, kind: EditedKind, id: EventId) -> Result<OvertakenEdit, AppError> {
    let edit = work.tx.overtaken_edit(id)?.filter(|edit| kind_of(edit.key) == Some(kind));
    edit.ok_or_else(|| AppError::new(ErrorCode::UnknownCase))
}

/// The present texts with the lost ones in their place.
fn taken(edit: &OvertakenEdit, now: &Texts) -> Texts {
    let lost = edit.lost(now).filter_map(|field| Some((field.clone(), edit.mine.get(field)?.clone())));
    now.clone().into_iter().chain(lost).collect()
}
