//! Finds what this terminal's draft of the rules would change, from its own data. It only reads, beside the writer, and
//! in small pieces while commands come.

mod points;
mod standings;

use std::sync::Arc;

use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{AppError, ErrorCode, RulesPreview};
use nosmoke_ports::{Pace, read};
use nosmoke_reading::rule_sets;
use serde_json::json;

use super::Progress;
use crate::queries::Queries;
use crate::rules::{Draft, form_of, parse};

/// Items read at a time, while no commands come.
const BATCH: usize = 512;
/// Items read at a time, while commands come.
const BUSY_BATCH: usize = 64;

/// The set in force and the draft.
#[derive(Debug, Clone)]
struct Compared {
    in_force: Rules,
    draft: Rules,
}

/// Previews the draft; the set in force if there is none.
///
/// # Errors
/// `rules_invalid` with the problems of the draft, `cancelled`, or an error of the store.
pub async fn preview_rules(queries: &Queries, progress: Arc<Progress>) -> Result<RulesPreview, AppError> {
    let now = queries.core.clock.now();
    let compared: Compared = read::<_, AppError>(&*queries.core.journal, |tx| {
        let in_force = rule_sets::in_force(tx)?.rules;
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

/// Waits for background work's turn, and returns how many items to read.
async fn batch(queries: &Queries) -> usize {
    match queries.core.journal.turn().await {
        Pace::Free => BATCH,
        Pace::Busy | Pace::Burst => BUSY_BATCH,
    }
}
