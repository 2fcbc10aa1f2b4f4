//! A connection that is opened and closed here.

use std::ffi::CString;
use std::path::Path;
use std::ptr::{self, NonNull};

use libsqlite3_sys as ffi;
use nosmoke_ports::StoreError;

use super::error::error;

pub(super) struct Opened(pub(super) NonNull<ffi::sqlite3>);

// SAFETY: as for `Raw`, which alone holds it.
unsafe impl Send for Opened {}

impl Opened {
    pub(super) fn at(path: &Path) -> Result<Self, StoreError> {
        let failed = |what: &str| StoreError::Failed(format!("{}: {what}", path.display()));
        let name =
            path.to_str().and_then(|name| CString::new(name).ok()).ok_or_else(|| failed("no name for SQLite"))?;
        let mut db = ptr::null_mut();
        // One user at a time (`Raw` isn't `Sync`): no need of SQLite's own mutex.
        let flags = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_NOMUTEX;
        // SAFETY: `name` is NUL-terminated and lives during the call; `db` is ours to be written.
        let code = unsafe { ffi::sqlite3_open_v2(name.as_ptr(), &raw mut db, flags, ptr::null()) };
        // Also where opening failed: SQLite then gives a handle that tells why, and that is to be closed.
        let opened = Self(NonNull::new(db).ok_or_else(|| failed("out of memory"))?);
        if code == ffi::SQLITE_OK { Ok(opened) } else { Err(error(opened.0, code)) }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        // SAFETY: opened by `at`, closed once; its statements were finalized before (field order in `Raw`).
        unsafe { ffi::sqlite3_close(self.0.as_ptr()) };
    }
}
