//! The contexts as Services shows them: their state, what waits for each, and what passes between them.

mod contexts;
mod services;
mod waiting;
