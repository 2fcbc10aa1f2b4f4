//! What isn't a command is done once for an idempotency key, as commands are.

use chrono::TimeDelta;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::limits;
use nosmoke_ports::{Priority, Remembered, Write, read, write};
use serde::Serialize;

use super::bus::CommandBus;
use super::idempotency::{digest, same_body};

/// How long an idempotency key is remembered.
const KEYS_KEPT: TimeDelta = TimeDelta::days(30);

impl CommandBus {
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
        if let Some(before) = read::<_, AppError>(&*self.core.journal, move |tx| Ok(tx.remembered(&asked)?)).await? {
            return same_body(before, body);
        }
        let (outcome, at) = (act.await?, self.core.clock.now());
        let unit = move |tx: &mut dyn Write| {
            // A command may have come with this key meanwhile.
            if let Some(before) = tx.remembered(&key)? {
                return same_body(before, body);
            }
            tx.remember(&key, &Remembered { body, outcome: outcome.clone() }, at)?;
            Ok::<_, AppError>(outcome.clone())
        };
        Ok(write(&*self.core.journal, Priority::Command, unit).await?.0)
    }

    /// Forgets idempotency keys older than 30 days.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget_old_keys(&self) -> Result<(), AppError> {
        let before = self.core.clock.now() - KEYS_KEPT;
        write::<(), AppError>(&*self.core.journal, Priority::Background, move |tx| Ok(tx.forget_before(before)?))
            .await?;
        Ok(())
    }
}
