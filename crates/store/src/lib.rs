//! The SQLite adapter: the journal, the customer center's own store, migrations, backup.
//!
//! Everything goes through [`open`], which locks the data folder for this process.

mod check;
mod error;
mod folder;
mod journal;
mod migrate;
mod open;
mod raw;
mod words;

pub use folder::Folder;
pub use journal::{Broken, ChainBlock, ChainCursor, Flaw, SqliteJournal};
pub use open::check_engine;
