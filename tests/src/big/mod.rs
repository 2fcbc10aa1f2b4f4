//! Big folders for the bench: a made-up facility with millions of facts, written straight into the store's files.
//!
//! Recording ten million facts through the store takes half an hour and more. Here the files are written in the order in
//! which they lie, without syncs, and the indexes are made last. The schema is the store's own, because the program itself
//! sets the empty folder up ([`base`]); the rows of projections come from the functions that the projectors use
//! ([`derive`]). A test (`suites/big.rs`) shows that such a folder equals one that was filled through the store.
//!
//! - [`story`]: what one person does, all facts in order of time.
//! - [`feed`]: all stories as one feed of facts.
//! - [`fill`]: writes the feed and everything that is derived from it.
//! - [`kept`]: keeps filled folders beside the program, and copies them.

mod base;
mod bulk;
mod derive;
mod draw;
mod feed;
mod fill;
mod journal_file;
mod kept;
mod mypage_file;
mod people;
mod setting;
mod story;
mod tables;

pub use base::set_up;
pub use feed::{Event, Feed, Happened};
pub use fill::fill;
pub use kept::{Kept, NotKept, kept, size_of};
pub use people::{FAMILIES, SYLLABLES};
pub use setting::{REGULAR, Setting, Size};
pub use story::{Happening, Person};
pub use tables::{Tables, tables};
