//! The edits of this terminal that were overtaken, with what they changed and what counts now.

use chrono::DateTime;
use nosmoke_domain::ids::EventId;
use nosmoke_ports::contract::{AppError, EditedField, OvertakenEditView, UtcMs};
use nosmoke_ports::{DocumentKey, OvertakenEdit, Read, StoreError, Texts, read};
use nosmoke_reading::names::customer_name;
use serde_json::Value;

use super::Queries;
use crate::commands::{can_take, kind_of};

/// Most edits of one answer. The others come as these are taken or dropped.
const EDITS_MAX: usize = 100;
const HIDDEN: &str = "●●●●●●";

impl Queries {
    /// Returns the edits of this terminal that were overtaken, the oldest first; at most 100.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn overtaken_edits(&self) -> Result<Vec<OvertakenEditView>, AppError> {
        let views = read::<_, StoreError>(&*self.core.journal, |tx| {
            let edits = tx.overtaken_edits(EDITS_MAX)?;
            let mut views = Vec::with_capacity(edits.len());
            for edit in &edits {
                views.extend(view(tx, edit)?);
            }
            Ok(views)
        });
        Ok(views.await?)
    }
}

fn view(tx: &mut dyn Read, edit: &OvertakenEdit) -> Result<Option<OvertakenEditView>, StoreError> {
    let Some(kind) = kind_of(edit.key) else { return Ok(None) };
    let (mut customer, mut now, mut at) = (None, Texts::new(), None);
    match edit.key {
        DocumentKey::Profile(customer_id) => {
            let profile = tx.profile(customer_id)?;
            customer = Some(customer_name(customer_id, profile.as_ref()));
            (now, at) = profile.map(|it| (it.texts(), Some(it.event_id))).unwrap_or_default();
        }
        DocumentKey::Reference(reference, id) => {
            let reference = tx.reference(reference, id)?;
            (now, at) = reference.map(|it| (it.texts(), Some(it.event_id))).unwrap_or_default();
        }
        DocumentKey::Note(..) => {}
    }
    let field = |field: &String| EditedField {
        field: field.clone(),
        before: text(field, edit.before.get(field)),
        mine: text(field, edit.mine.get(field)),
        now: text(field, now.get(field)),
    };
    Ok(Some(OvertakenEditView {
        edit_id: edit.event_id,
        kind,
        name: customer.is_none().then(|| text("name", now.get("name"))).flatten(),
        customer,
        edited_at: made_at(edit.event_id),
        overtaken_at: at.and_then(made_at),
        fields: edit.lost(&now).map(field).collect(),
        can_take: can_take(kind, edit.lost(&now)),
    }))
}

fn text(field: &str, value: Option<&Value>) -> Option<String> {
    match value {
        None | Some(Value::Null) => None,
        Some(_) if field == "pin_hash" => Some(HIDDEN.to_owned()),
        Some(Value::String(text)) => Some(text.clone()),
        // A plan's shapes and picture: how many, and of which size.
        Some(Value::Array(items)) => Some(items.len().to_string()),
        Some(Value::Object(fields)) if fields.contains_key("bytes") => fields.get("bytes").map(Value::to_string),
        Some(other) => Some(other.to_string()),
    }
}

/// The time in a time-ordered id.
fn made_at(id: EventId) -> Option<UtcMs> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos).map(|at| at.timestamp_millis())
}
