//! The customer center's read model on PostgreSQL (S5), beside the one on SQLite and through the same port.
//!
//! Each life of a terminal has a schema of its own, so that several may use one database. It can be built again from the
//! journal at any time: one of another journal, a damaged one or a newer one is thrown away. Nothing is connected before it
//! is asked for, and a lost connection is made again with the next question.

mod apply;
mod bounds;
mod export;
mod fault;
mod page;
mod row;
mod schema;
mod server;
mod session;
mod store;
mod sums;

pub use server::{Settings, try_server};
pub use store::PostgresMypage;
