//! How long the facility keeps personal data, and its notice: a document that all its terminals share.

use nosmoke_ports::contract::{AppError, ErrorCode, Keeping};
use nosmoke_ports::limits::check_text;
use nosmoke_ports::{Priority, ReferenceKind, Write, write};
use nosmoke_reading::reference::{self, KeepingBody};
use nosmoke_runtime::Core;
use serde_json::json;

/// Upper bound for the years after which an unseen customer is listed.
const YEARS_MAX: u32 = 30;
/// Upper bound for the notice, in characters.
const NOTICE_MAX: usize = 4_000;

/// Saves the setting.
///
/// # Errors
/// `out_of_range`, `too_long`, `invalid_text`, `not_set_up`, or an error of the store.
pub async fn keep(core: &Core, keeping: Keeping) -> Result<(), AppError> {
    let Keeping { unseen_years, notice } = keeping;
    if unseen_years.is_some_and(|years| !(1..=YEARS_MAX).contains(&years)) {
        let params = json!({ "field": "unseenYears", "min": 1, "max": YEARS_MAX });
        return Err(AppError::with(ErrorCode::OutOfRange, params));
    }
    check_text("notice", &notice, NOTICE_MAX)?;
    let (ids, now) = (core.ids.clone(), core.clock.now());
    let body = KeepingBody { unseen_years, notice };
    let unit = move |tx: &mut dyn Write| {
        let origin = tx.origin()?.ok_or_else(|| AppError::new(ErrorCode::NotSetUp))?;
        if reference::keeping(tx)? != body {
            reference::put(tx, &*ids, now, (ReferenceKind::Keeping, origin.facility_id.0), &body)?;
        }
        Ok(())
    };
    let ((), written) = write::<_, AppError>(&*core.journal, Priority::Command, unit).await?;
    if let Some(written) = written {
        core.feed.wrote(written.last_change);
        core.feed.documents_changed();
    }
    Ok(())
}
