//! Finds newer versions of the program in a static file, downloads and verifies one, and has it installed.
//!
//! The format of the file and of the signatures is that of Tauri's updater, whose command line signs the packages. Nothing here
//! decides when to look: that does the program with the window.

mod download;
mod fault;
mod install;
mod installation;
mod key;
mod look;
mod source;

pub use download::Download;
pub use install::install;
pub use installation::Installation;
pub use look::Offer;
pub use source::Source;
