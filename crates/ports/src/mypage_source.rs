//! What Mypage's read model must have been made from: a journal, in its present generation.

use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

use crate::{Journal, MypageClaim, MypageSource, StoreError, WriteSettings, read, setting};

/// The journal's own, as the store writes it.
const STORE_ID: &str = "store_id";
const GENERATION: &str = "mypage_generation";

/// The read model on a server begins anew with its next contact: facts that it has passed are understood anew.
///
/// # Errors
/// The store's.
pub fn begin_anew(tx: &mut dyn WriteSettings) -> Result<(), StoreError> {
    let generation: u64 = setting::read(tx, GENERATION)?.unwrap_or_default();
    tx.put_setting(GENERATION, &(generation + 1).to_string())
}

/// A journal as its read model asks it.
#[derive(Debug, Clone)]
pub struct JournalSource(pub Arc<dyn Journal>);

#[async_trait]
impl MypageSource for JournalSource {
    async fn claim(&self) -> Result<MypageClaim, StoreError> {
        read(&*self.0, |tx| {
            Ok(MypageClaim {
                store_id: setting::read::<Uuid>(tx, STORE_ID)?.unwrap_or_default(),
                life: tx.origin()?.map(|origin| origin.incarnation),
                generation: setting::read(tx, GENERATION)?.unwrap_or_default(),
                last_change: tx.last_change()?,
            })
        })
        .await
    }
}
