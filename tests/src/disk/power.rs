//! Power cuts: remembers what wasn't synced, and loses some of it.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;

use super::Calls;

/// The disk persists a write by sectors of this size, in any order.
const SECTOR: usize = 512;

/// What an unsynced write has replaced: the bytes from `at` on, zeros where the file was shorter.
struct Replaced {
    at: u64,
    bytes: Vec<u8>,
}

struct Watched {
    folder: PathBuf,
    unsynced: Mutex<BTreeMap<PathBuf, Vec<Replaced>>>,
}

static WATCHES: AtomicBool = AtomicBool::new(false);
static WATCHED: Mutex<Vec<Arc<Watched>>> = Mutex::new(Vec::new());

/// Remembers what SQLite writes into the files of a folder, until each file is synced.
///
/// # Panics
/// When the folder doesn't exist.
pub fn watch(folder: &Path) -> Power {
    let watched = Watched { folder: folder.canonicalize().expect("a folder"), unsynced: Mutex::default() };
    let watched = Arc::new(watched);
    WATCHED.lock().push(watched.clone());
    WATCHES.store(true, Ordering::SeqCst);
    Power(watched)
}

/// Guard of a watched folder; dropping it ends the watch.
pub struct Power(Arc<Watched>);

impl std::fmt::Debug for Power {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Power").field("folder", &self.0.folder).finish_non_exhaustive()
    }
}

impl Power {
    /// Copies the folder as the disk holds it after a power cut now: of what isn't synced, each sector is there only if
    /// `keeps` says so. SQLite must not be writing meanwhile.
    ///
    /// # Errors
    /// An error of the file system.
    pub fn cut(&self, to: &Path, mut keeps: impl FnMut() -> bool) -> io::Result<()> {
        let unsynced = self.0.unsynced.lock();
        for entry in fs::read_dir(&self.0.folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().filter(|name| path.is_file() && !is_shared_memory(name)) else {
                continue;
            };
            let copy = to.join(name);
            fs::copy(&path, &copy)?;
            let file = OpenOptions::new().write(true).open(&copy)?;
            for Replaced { at, bytes } in unsynced.get(&path).into_iter().flatten().rev() {
                for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                    if !keeps() {
                        file.write_all_at(sector, at + (number * SECTOR) as u64)?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl Drop for Power {
    fn drop(&mut self) {
        let mut all = WATCHED.lock();
        all.retain(|one| !Arc::ptr_eq(one, &self.0));
        WATCHES.store(!all.is_empty(), Ordering::SeqCst);
    }
}

/// SQLite makes its index of the write-ahead log again at the next start.
fn is_shared_memory(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().ends_with("-shm")
}

/// Called before a write or a truncation; `replaced` returns the bytes that it replaces.
pub(super) fn unsynced(calls: &Calls, at: u64, replaced: impl FnOnce() -> Vec<u8>) {
    if let Some(watched) = watched(calls) {
        let replaced = Replaced { at, bytes: replaced() };
        watched.unsynced.lock().entry(calls.file.clone()).or_default().push(replaced);
    }
}

/// Called after a sync.
pub(super) fn synced(calls: &Calls) {
    if let Some(watched) = watched(calls) {
        watched.unsynced.lock().remove(&calls.file);
    }
}

fn watched(calls: &Calls) -> Option<Arc<Watched>> {
    if !WATCHES.load(Ordering::Relaxed) {
        return None;
    }
    WATCHED.lock().iter().find(|watched| calls.file.starts_with(&watched.folder)).cloned()
}
