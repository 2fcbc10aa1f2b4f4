//! The store on real files.

mod append;
mod mypage;
mod support;
