//! The store on real files.

mod append;
mod support;
