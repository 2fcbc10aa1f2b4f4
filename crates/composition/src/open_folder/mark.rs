//! The mark outside the data folder, which tells the folder from its copies (ADR 0018).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::contract::AppError;
use nosmoke_replication::lives::mark;
use nosmoke_store::mark::FileMarks;

use super::OpenFolder;

/// How often a mark is written at most.
const PAUSE: Duration = Duration::from_secs(1);

impl OpenFolder {
    /// Compares the folder with its mark outside of it, and begins another life where it is an older or a copied one. Then
    /// marks how far it has come from time to time, until the terminal is gone.
    pub(super) async fn mark(&mut self) -> Result<(), AppError> {
        let Some(folder) = &self.place.marks else { return Ok(()) };
        let marks = Arc::new(FileMarks::new(folder, &self.place.folder)?);
        let (journal, ids) = (&*self.terminal().core.journal, self.means.ids.clone());
        mark::recognise(journal, &*marks, ids, self.means.clock.now()).await?;
        if self.marks.replace(marks.clone()).is_some() {
            return Ok(());
        }
        let (terminal, mut written) = (Arc::downgrade(self.terminal()), self.terminal().core.feed.subscribe());
        tokio::spawn(async move {
            while written.changed().await.is_ok() {
                let Some(terminal) = terminal.upgrade() else { return };
                if let Err(error) = mark::follow(&*terminal.core.journal, &*marks).await {
                    tracing::warn!(%error, "the mark can't be written");
                }
                drop(terminal);
                tokio::time::sleep(PAUSE).await;
            }
        });
        Ok(())
    }
}

/// Where a program without a window marks its folders: a folder of this machine and user that no copy of a data folder
/// takes along. `NOSMOKE_MARKS_DIR` names another.
pub fn machine_folder() -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    if let Some(given) = of("NOSMOKE_MARKS_DIR") {
        return Some(given);
    }
    let base = if cfg!(target_os = "windows") {
        of("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        of("HOME").map(|home| home.join("Library/Caches"))
    } else {
        of("XDG_CONFIG_HOME").or_else(|| of("HOME").map(|home| home.join(".config")))
    };
    // The window's folder: whichever of the two opens a data folder next knows it again.
    base.map(|base| base.join("app.nosmoke.desk").join("marks"))
}
