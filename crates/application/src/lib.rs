//! The use cases of a terminal: its commands, queries, jobs and workers. Databases, the log and the clock are reached
//! only through ports, so that tests can run whole terminals on one thread.

pub mod clock_check;
pub mod commands;
pub mod contexts;
pub mod csv;
mod day;
pub mod demonstration;
pub(crate) mod facility_cases;
pub(crate) mod gifts;
pub mod jobs;
mod overview;
pub mod people;
mod period;
pub mod permission;
pub mod queries;
pub(crate) mod revising;
pub(crate) mod rules;
pub mod settings;
pub mod terminal;
pub mod tokens;
pub mod workers;
