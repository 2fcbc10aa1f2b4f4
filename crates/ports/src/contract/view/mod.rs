//! Views: the data that the screens show. `as_of` is the time up to which a view includes everything.

mod access_log;
mod backup;
mod contexts;
mod customer;
mod desk;
mod erasing;
mod fact_kind;
mod gateway;
mod mypage;
mod people;
mod preferences;
mod record;
mod session;
mod start;
mod sync;
mod tokens;
mod traces;
mod who_did;

pub use access_log::*;
pub use backup::*;
pub use contexts::*;
pub use customer::*;
pub use desk::*;
pub use erasing::*;
pub use fact_kind::*;
pub use gateway::*;
pub use mypage::*;
pub use people::*;
pub use preferences::*;
pub use record::*;
pub use session::*;
pub use start::*;
pub use sync::*;
pub use tokens::*;
pub use traces::*;
pub use who_did::*;
