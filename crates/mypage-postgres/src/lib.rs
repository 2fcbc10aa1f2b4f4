//! Mypage's read model on PostgreSQL (S5), behind the same port as the one on SQLite.
//!
//! Each incarnation of a terminal has its own schema, so that several terminals can share a database. A schema is
//! emptied or dropped and built again from the journal if it belongs to another journal, is damaged, or was made by a
//! newer version. The store connects at the first query, and reconnects at the next query after a connection was lost.
//!
//! The customer center keeps the same lines and sums in tables of its own: it uses the settings, errors and columns.

mod apply;
mod bounds;
mod connections;
mod day_sums;
mod export;
mod fault;
mod page;
mod period;
mod row;
mod schema;
mod server;
mod store;
mod sums;

pub use day_sums::{Statement, bind_days, bind_hours};
pub use fault::fault;
pub use period::read_day_sum;
pub use row::{corrupt, decided_text, read as read_entry, to_text};
pub use server::{Settings, try_server};
pub use store::PostgresMypage;
