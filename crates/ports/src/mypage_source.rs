//! The state of the journal that Mypage's read model must match: its id, incarnation and generation.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use crate::{Journal, MypageClaim, MypageSource, StoreError, WriteSettings, read, setting};

/// Keys of settings in the journal.
const STORE_ID: &str = "store_id";
const GENERATION: &str = "mypage_generation";

/// Makes a read model on a server rebuild itself at its next connect, because the program can now read facts that an
/// older version skipped.
///
/// # Errors
/// An error of the store.
pub fn start_new_generation(tx: &mut dyn WriteSettings) -> Result<(), StoreError> {
    let generation: u64 = setting::read(tx, GENERATION)?.unwrap_or_default();
    tx.put_setting(GENERATION, &(generation + 1).to_string())
}

/// The journal as a [`MypageSource`].
#[derive(Debug, Clone)]
pub struct JournalSource(pub Arc<dyn Journal>);

#[async_trait]
impl MypageSource for JournalSource {
    async fn claim(&self) -> Result<MypageClaim, StoreError> {
        read(&*self.0, |tx| {
            Ok(MypageClaim {
                store_id: setting::read::<Uuid>(tx, STORE_ID)?.unwrap_or_default(),
                incarnation: tx.own_incarnations()?.first().copied(),
                generation: setting::read(tx, GENERATION)?.unwrap_or_default(),
                last_change: tx.last_change()?,
            })
        })
        .await
    }
}
