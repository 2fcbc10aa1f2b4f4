//! Rows of the access log from programs that don't run a terminal: command lines.

use std::path::Path;

use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::{Access, AccessLog as _, AccessRow};
use nosmoke_store::SqliteAccess;

use crate::options::Environment;

/// Adds a row to the access log of a folder, which another process may have open. If it can't be written, that is only
/// logged: what was done is done.
pub async fn note_access(environment: &Environment, folder: &Path, terminal_id: Option<TerminalId>, access: Access) {
    let log = SqliteAccess::at(folder);
    let row = AccessRow { at: environment.clock.now(), terminal_id, access };
    if let Err(error) = log.append(vec![row]).await {
        tracing::warn!(%error, "the access log can't be written");
    }
    log.close().await;
}
