//! The SQLite adapter: the journal, the customer center's own store, spans, migrations, backup.
//!
//! A [`Folder`] is locked for this process; its files are opened from it.

pub mod backup;
mod check;
mod error;
mod folder;
mod journal;
pub mod mark;
mod migrate;
mod mypage;
mod open;
mod pool;
mod raw;
mod secret;
mod spans;
mod staged;
mod store;
mod words;

pub use folder::Folder;
pub use journal::{Broken, ChainBlock, ChainCursor, Flaw, ReadingJournal, SqliteJournal, Writer};
pub use mypage::SqliteMypage;
pub use open::check_engine;
pub use secret::Secret;
pub use spans::{SPANS_MAX, SqliteSpans};
pub use store::{Store, StoreBeside};
