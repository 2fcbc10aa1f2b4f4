//! Calls that are to fail.

use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use libsqlite3_sys as ffi;

use super::{Calls, MOVER};

/// How a disk fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is full from one call on: nothing is written any more.
    Full,
    /// One call fails.
    Once,
    /// Every call from one on fails, reading too.
    Broken,
    /// The process ends at one call, before it is made, as by SIGKILL.
    Killed,
}

/// A disk that is to fail; it is whole again once this is dropped.
#[derive(Debug)]
struct Failing {
    folder: PathBuf,
    fault: Fault,
    /// Calls that still succeed.
    left: AtomicU64,
    /// Calls that failed.
    failed: AtomicU64,
}

static FAILS: AtomicBool = AtomicBool::new(false);
static FAILING: Mutex<Vec<Arc<Failing>>> = Mutex::new(Vec::new());

/// Has the disk fail under a folder once so many calls were made, by anybody but the thread that moves the write-ahead log.
///
/// # Panics
/// When there is no such folder.
pub fn fail(folder: &Path, fault: Fault, after: u64) -> Fails {
    let folder = folder.canonicalize().expect("a folder");
    let failing = Arc::new(Failing { folder, fault, left: after.into(), failed: 0.into() });
    FAILING.lock().unwrap_or_else(PoisonError::into_inner).push(failing.clone());
    FAILS.store(true, Ordering::SeqCst);
    Fails(failing)
}

/// Lets a disk fail for as long as it is kept.
#[derive(Debug)]
pub struct Fails(Arc<Failing>);

impl Fails {
    /// Calls that have failed so far.
    pub fn count(&self) -> u64 {
        self.0.failed.load(Ordering::SeqCst)
    }
}

impl Drop for Fails {
    fn drop(&mut self) {
        let mut failing = FAILING.lock().unwrap_or_else(PoisonError::into_inner);
        failing.retain(|one| !Arc::ptr_eq(one, &self.0));
        FAILS.store(!failing.is_empty(), Ordering::SeqCst);
    }
}

impl Failing {
    /// The code to fail a call with; a full disk can still be read.
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

/// Whether a call for this file is to fail, and how.
pub(super) fn fault(calls: &Calls, is_reading: bool, error: c_int) -> Option<c_int> {
    if !FAILS.load(Ordering::Relaxed) || std::thread::current().name() == Some(MOVER) {
        return None;
    }
    let failing = FAILING.lock().unwrap_or_else(PoisonError::into_inner);
    failing.iter().find(|failing| calls.file.starts_with(&failing.folder))?.meets(is_reading, error)
}
