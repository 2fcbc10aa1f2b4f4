//! A safe face on SQLite's own interface, over a connection that sqlx opened and has locked for us, or one opened here.
//!
//! sqlx pays a thread change for every statement, which the writer can't afford (ADR 0005). The only `unsafe` of the
//! store is here.

mod bind;
mod connection;
mod error;
mod opened;
mod row;
mod statement;

use libsqlite3_sys as ffi;

pub(crate) use bind::{Bind, binds};
pub(crate) use connection::Raw;
pub(crate) use row::Row;

/// SQLite's version as a number, such as 3051003 for 3.51.3.
pub(crate) fn engine_version() -> i32 {
    // SAFETY: takes no argument, reads a constant.
    unsafe { ffi::sqlite3_libversion_number() }
}
