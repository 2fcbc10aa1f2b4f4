//! The files with a folder's tokens: `tokens` and `gateway.token`, which only this user can read (0600) and no backup has.

use std::path::{Path, PathBuf};

use nosmoke_ports::{StoreError, TokenFiles};
use nosmoke_store::Secret;

#[derive(Debug)]
pub(crate) struct FolderTokens {
    folder: PathBuf,
}

impl FolderTokens {
    pub(crate) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }
}

impl TokenFiles for FolderTokens {
    fn tokens(&self) -> Result<Option<String>, StoreError> {
        Secret::tokens(&self.folder).read()
    }

    fn put_tokens(&self, text: &str) -> Result<(), StoreError> {
        Secret::tokens(&self.folder).write(text)
    }

    fn owner(&self) -> Result<Option<String>, StoreError> {
        let token = Secret::gateway_token(&self.folder).read()?;
        Ok(token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty()))
    }

    fn put_owner(&self, secret: &str) -> Result<(), StoreError> {
        Secret::gateway_token(&self.folder).write(secret)
    }
}
