//! SQLite through rusqlite, for all that must be fast: a call runs on the calling thread, whereas sqlx passes each
//! statement to another thread (ADR 0005).

mod connection;
mod row;

pub(crate) use connection::Connection;
pub(crate) use row::{Column, Row};
pub(crate) use rusqlite::{ToSql, params};
