//! The SQLite adapter: the journal, Mypage's read model, spans, migrations, and backups. Opening a [`Folder`] locks it
//! for this process; the stores are opened from it.

#![forbid(unsafe_code)]

mod access;
mod adopted;
pub mod backup;
mod check;
mod erased;
mod error;
mod folder;
mod journal;
mod journal_key;
mod machine;
pub mod mark;
mod migrate;
mod mypage;
mod open;
mod pool;
mod quarantine;
mod secret;
mod spans;
mod sqlite;
mod staged;
mod store;
mod words;

pub use access::SqliteAccess;
pub use folder::Folder;
pub use journal::{Broken, ChainBlock, ChainCursor, Flaw, ReadingJournal, SqliteJournal, Writer};
pub use mypage::SqliteMypage;
pub use open::{check_engine, sqlite_version};
pub use secret::Secret;
pub use spans::{SPANS_MAX, SqliteSpans};
pub use staged::is_being_restored;
pub use store::{Store, StoreBeside};
