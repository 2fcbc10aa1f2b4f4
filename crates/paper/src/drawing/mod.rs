//! Slips as pictures.

mod font;
mod page;
mod picture;

#[cfg(test)]
pub(crate) use font::draw;
pub(crate) use font::has;
#[cfg(test)]
pub(crate) use font::{Dots, line_height};
pub(crate) use page::{module_width, page};
pub(crate) use picture::Picture;
