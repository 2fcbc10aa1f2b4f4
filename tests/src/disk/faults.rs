//! Disk faults: makes SQLite's calls for the files of a folder fail.

use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use libsqlite3_sys as ffi;
use parking_lot::Mutex;

use super::{Calls, MOVER};

/// The ways in which a disk fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// From the chosen call on the disk is full: every write fails with SQLITE_FULL.
    Full,
    /// The chosen call fails.
    Once,
    /// Every call from the chosen one on fails, also reads.
    Broken,
    /// The process aborts just before the chosen call, as by SIGKILL.
    Killed,
}

/// A folder whose disk fails.
#[derive(Debug)]
struct Failing {
    folder: PathBuf,
    fault: Fault,
    /// Calls that still succeed before the fault.
    left: AtomicU64,
    /// Calls that have failed.
    failed: AtomicU64,
}

static FAILS: AtomicBool = AtomicBool::new(false);
static FAILING: Mutex<Vec<Arc<Failing>>> = Mutex::new(Vec::new());

/// Makes the disk fail for a folder after this many more calls. Calls of the thread that moves the write-ahead log into
/// the journal don't count and never fail.
///
/// # Panics
/// When the folder doesn't exist.
pub fn fail(folder: &Path, fault: Fault, after: u64) -> Fails {
    let folder = folder.canonicalize().expect("a folder");
    let failing = Arc::new(Failing { folder, fault, left: after.into(), failed: 0.into() });
    FAILING.lock().push(failing.clone());
    FAILS.store(true, Ordering::SeqCst);
    Fails(failing)
}

/// Guard of a disk fault; dropping it ends the fault.
#[derive(Debug)]
pub struct Fails(Arc<Failing>);

impl Fails {
    /// Returns the number of calls that have failed so far.
    pub fn count(&self) -> u64 {
        self.0.failed.load(Ordering::SeqCst)
    }
}

impl Drop for Fails {
    fn drop(&mut self) {
        let mut failing = FAILING.lock();
        failing.retain(|one| !Arc::ptr_eq(one, &self.0));
        FAILS.store(!failing.is_empty(), Ordering::SeqCst);
    }
}

impl Failing {
    /// Counts a call, and returns the error code if it must fail. A full disk can still be read.
    fn meets(&self, is_reading: bool, error: c_int) -> Option<c_int> {
        if is_reading && self.fault == Fault::Full {
            return None;
        }
        if self.left.try_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return None;
        }
        match (self.fault, self.failed.fetch_add(1, Ordering::SeqCst)) {
            (Fault::Killed, _) => std::process::abort(),
            (Fault::Once, 1..) => None,
            (Fault::Full, _) => Some(ffi::SQLITE_FULL),
            _ => Some(error),
        }
    }
}

/// Returns the error code if this call for the file must fail.
pub(super) fn fault(calls: &Calls, is_reading: bool, error: c_int) -> Option<c_int> {
    if !FAILS.load(Ordering::Relaxed) || std::thread::current().name() == Some(MOVER) {
        return None;
    }
    let failing = FAILING.lock();
    failing.iter().find(|failing| calls.file.starts_with(&failing.folder))?.meets(is_reading, error)
}
