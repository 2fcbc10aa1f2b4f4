//! Use cases: what staff, screens and other programs can do and ask at a terminal. Everything outside is reached through a
//! port, so that whole terminals can also be driven on one thread.

pub mod commands;
pub mod contexts;
pub mod csv;
pub mod demonstration;
pub mod jobs;
mod overview;
pub mod permission;
pub mod queries;
pub mod settings;
pub mod terminal;
pub mod workers;
