//! Keeps the folder's mark up to date: a file outside the data folder that tells it from its copies (ADR 0018).

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nosmoke_ports::contract::AppError;
use nosmoke_replication::incarnations::copy_detection;
use nosmoke_store::mark::FileMarks;

use super::OpenFolder;
use crate::options::Purpose;

/// Shortest time between two writes of the mark.
const MARK_INTERVAL: Duration = Duration::from_secs(1);

impl OpenFolder {
    /// Compares the folder with its mark, and begins another incarnation if it was restored or copied. Then spawns a
    /// task that updates the mark after commits until the terminal is dropped.
    ///
    /// A mark that can't be written keeps nothing from working, and is said once.
    pub(super) async fn mark(&mut self) -> Result<(), AppError> {
        let Purpose::Record { marks } = &self.options.purpose else { return Ok(()) };
        let marks = Arc::new(FileMarks::new(marks.as_deref(), &self.options.folder)?);
        let (journal, ids) = (&*self.terminal().core.journal, self.environment.ids.clone());
        copy_detection::detect_copy(journal, &*marks, ids, self.environment.clock.now()).await?;
        let is_told = self.is_mark_told.clone();
        tell_once(copy_detection::update_mark(journal, &*marks).await, &is_told);
        if self.marks.replace(marks.clone()).is_some() {
            return Ok(());
        }
        let (terminal, mut written) = (Arc::downgrade(self.terminal()), self.terminal().core.feed.subscribe());
        tokio::spawn(async move {
            while written.changed().await.is_ok() {
                let Some(terminal) = terminal.upgrade() else { return };
                tell_once(copy_detection::update_mark(&*terminal.core.journal, &*marks).await, &is_told);
                drop(terminal);
                tokio::time::sleep(MARK_INTERVAL).await;
            }
        });
        Ok(())
    }
}

fn tell_once(updated: Result<(), AppError>, is_told: &AtomicBool) {
    if let Err(error) = updated
        && !is_told.swap(true, Ordering::Relaxed)
    {
        tracing::warn!(%error, "the mark of the data folder can't be written; an older copy of it may not be recognised");
    }
}

/// Returns the folder in which a program without a window writes its marks. It is local to this machine and user, so
/// that no copy of a data folder includes its mark. `NOSMOKE_MARKS_DIR` overrides it.
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
    // The same folder as the window uses, so that each program recognises a data folder that the other has marked.
    base.map(|base| base.join("app.nosmoke.desk").join("marks"))
}
