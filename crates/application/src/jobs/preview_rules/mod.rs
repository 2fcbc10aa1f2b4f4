//! Finds what this terminal's draft of the rules would change, from its own data. It only reads, beside the writer, and
//! in small pieces while commands come.

mod compared;
mod points;
mod standings;

use std::sync::Arc;

use nosmoke_ports::contract::{AppError, ErrorCode, RulesPreview};
use nosmoke_ports::read;
use nosmoke_reading::rule_sets;
use serde_json::json;

use self::compared::Compared;
use super::Progress;
use crate::queries::Queries;
use crate::rules::{Draft, form_of, parse};

/// Previews the draft; the set in force if there is none.
///
/// # Errors
/// `rules_invalid` with the problems of the draft, `cancelled`, or an error of the store.
pub async fn preview_rules(queries: &Queries, progress: Arc<Progress>) -> Result<RulesPreview, AppError> {
    let now = queries.core.present.moment();
    let compared: Compared = read::<_, AppError>(&*queries.core.journal, |tx| {
        let in_force = rule_sets::in_force(tx)?.rules.clone();
        let form = Draft::read(tx)?.map_or_else(|| form_of(&in_force), |draft| draft.form);
        let draft = parse(&form, &in_force)
            .map_err(|problems| AppError::with(ErrorCode::RulesInvalid, json!({ "problems": problems })))?;
        Ok(Compared { in_force, draft })
    })
    .await?;
    let compared = Arc::new(compared);
    let standings = standings::preview(queries, &compared, now, &progress).await?;
    let points = points::preview(queries, &compared, now, &progress).await?;
    let standings::Standings { customers, now: at_once, next } = standings;
    Ok(RulesPreview { as_of: now.timestamp_millis(), customers, now: at_once, next, points })
}
