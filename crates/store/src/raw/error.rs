//! What SQLite says of a call that failed.

use std::borrow::Cow;
use std::ffi::{CStr, c_int};
use std::ptr::NonNull;

use libsqlite3_sys as ffi;
use nosmoke_ports::StoreError;

use crate::error::from_code;

pub(super) fn error(db: NonNull<ffi::sqlite3>, code: c_int) -> StoreError {
    // SAFETY: the handle is open and locked for us; the message is a NUL-terminated text that stays valid until the
    // next call on the handle, and is copied before.
    let (extended, os, message) = unsafe {
        let text = ffi::sqlite3_errmsg(db.as_ptr());
        let message = if text.is_null() { Cow::Borrowed("") } else { CStr::from_ptr(text).to_string_lossy() };
        (ffi::sqlite3_extended_errcode(db.as_ptr()), ffi::sqlite3_system_errno(db.as_ptr()), message.into_owned())
    };
    // API misuse sets no error on the handle; then the call's own code tells.
    from_code(if extended & 0xff == code & 0xff { extended } else { code }, os, &message)
}
