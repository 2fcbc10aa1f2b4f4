//! What is done to the program itself and records nothing but its answer, safe to repeat as a command is.

use serde::Serialize;

use super::{Gateway, digest, same_body};
use crate::contract::AppError;
use crate::limits;
use crate::ports::{Priority, Remembered, Write, read, write};

impl Gateway {
    /// Does something once for a key: its answer is kept as a command's is, and given again to the same `request`. What
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
}
