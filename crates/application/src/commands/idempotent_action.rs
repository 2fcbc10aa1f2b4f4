//! Runs actions other than commands once for each idempotency key, as commands are.

use chrono::TimeDelta;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::limits;
use nosmoke_ports::{Priority, Remembered, Write, read, write};
use serde::Serialize;

use super::bus::CommandBus;
use super::idempotency::{digest, same_body};
use crate::permission::Caller;

/// How long an idempotency key is stored.
const KEY_LIFETIME: TimeDelta = TimeDelta::days(30);

impl CommandBus {
    /// Runs an action that isn't a command, once for each idempotency key. The answer is stored; if the same `request`
    /// comes again, it is returned without running the action. After an error the key can be used again. Only one
    /// action runs at a time, so that a request repeated meanwhile can't start the action twice.
    ///
    /// # Errors
    /// Returns the action's error; `key_reused` if the key was used for another request or by
    /// another caller; `empty`, `too_long`,
    /// `invalid_text` for the key, or an error of the store.
    pub async fn once(
        &self,
        caller: Caller,
        key: String,
        request: &impl Serialize,
        act: impl Future<Output = Result<String, AppError>>,
    ) -> Result<String, AppError> {
        limits::check_needed("idempotencyKey", &key, limits::KEY_MAX)?;
        let body = digest(&(caller.by, request))?;
        let _alone = self.once.lock().await;
        let asked = key.clone();
        if let Some(before) = read::<_, AppError>(&*self.core.journal, move |tx| Ok(tx.remembered(&asked)?)).await? {
            return same_body(before, body);
        }
        let (outcome, at) = (act.await?, self.core.clock.now());
        let unit = move |tx: &mut dyn Write| {
            // A command may have used this key while the action was running.
            if let Some(before) = tx.remembered(&key)? {
                return same_body(before, body);
            }
            tx.remember(&key, &Remembered { body, outcome: outcome.clone() }, at)?;
            Ok::<_, AppError>(outcome.clone())
        };
        Ok(write(&*self.core.journal, Priority::Command, unit).await?.0)
    }

    /// Deletes idempotency keys older than 30 days.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn forget_old_keys(&self) -> Result<(), AppError> {
        let before = self.core.clock.now() - KEY_LIFETIME;
        write::<(), AppError>(&*self.core.journal, Priority::Background, move |tx| Ok(tx.forget_before(before)?))
            .await?;
        Ok(())
    }
}
