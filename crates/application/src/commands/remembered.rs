//! What makes a request safe to repeat: its first answer is kept by its idempotency key and given again.

use chrono::TimeDelta;
use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_ports::contract::{AppError, ErrorCode, Outcome};
use nosmoke_ports::limits;
use nosmoke_ports::{Priority, Remembered, Write, read, write};
use serde::Serialize;
use serde_json::json;

use super::{Gateway, to_json};

/// How long an idempotency key is remembered.
const KEYS_KEPT: TimeDelta = TimeDelta::days(30);

impl Gateway {
    /// What a command that can't be taken now was answered before, if it was.
    pub(super) async fn answered_before(&self, key: String, body: [u8; 32]) -> Option<Result<Outcome, AppError>> {
        let remembered = read::<_, AppError>(&*self.journal, move |tx| Ok(tx.remembered(&key)?)).await;
        remembered.ok().flatten().map(|remembered| first_answer(remembered, body))
    }

    /// Does what isn't a command once for a key: its answer is kept as a command's is, and given again to the same `request`. What
    /// fails is forgotten and may be tried again. One at a time, so that what is refused isn't done.
    ///
    /// # Errors
    /// Its own; `key_reused` for another request; `empty`, `too_long`, `invalid_text` for the key; the store's.
    pub async fn once(
        &self,
        key: String,
        request: &impl Serialize,
        act: impl Future<Output = Result<String, AppError>>,
    ) -> Result<String, AppError> {
        limits::check_needed("idempotencyKey", &key, limits::KEY_MAX)?;
        let body = digest(request)?;
        let _alone = self.once.lock().await;
        let asked = key.clone();
        if let Some(before) = read::<_, AppError>(&*self.journal, move |tx| Ok(tx.remembered(&asked)?)).await? {
            return same_body(before, body);
        }
        let (outcome, at) = (act.await?, self.clock.now());
        let unit = move |tx: &mut dyn Write| {
            // A command may have come with this key meanwhile.
            if let Some(before) = tx.remembered(&key)? {
                return same_body(before, body);
            }
            tx.remember(&key, &Remembered { body, outcome: outcome.clone() }, at)?;
            Ok::<_, AppError>(outcome.clone())
        };
        Ok(write(&*self.journal, Priority::Command, unit).await?.0)
    }

    /// Forgets idempotency keys older than 30 days.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget_old_keys(&self) -> Result<(), AppError> {
        let before = self.clock.now() - KEYS_KEPT;
        write::<(), AppError>(&*self.journal, Priority::Background, move |tx| Ok(tx.forget_before(before)?)).await?;
        Ok(())
    }
}

pub(super) fn digest(request: &impl Serialize) -> Result<[u8; 32], AppError> {
    Ok(chain_hash(Hash::ZERO, to_json(request)?.as_bytes()).0)
}

pub(super) fn first_answer(remembered: Remembered, body: [u8; 32]) -> Result<Outcome, AppError> {
    serde_json::from_str(&same_body(remembered, body)?)
        .map_err(|error| AppError::with(ErrorCode::StorageCorrupt, json!({ "detail": error.to_string() })))
}

/// What was answered, if it was to the same request.
pub(super) fn same_body(remembered: Remembered, body: [u8; 32]) -> Result<String, AppError> {
    if remembered.body == body { Ok(remembered.outcome) } else { Err(AppError::new(ErrorCode::KeyReused)) }
}
