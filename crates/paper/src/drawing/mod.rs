//! Slips as pictures.

mod font;
mod page;
mod picture;

pub(crate) use page::page;
pub use picture::Picture;
