//! Views: what the screens show. Each carries `as_of`, the time up to which it is known to be right.

mod contexts;
mod customer;
mod desk;
mod gateway;
mod mypage;
mod record;
mod record_kind;
mod session;
mod sync;
mod traces;

pub use contexts::*;
pub use customer::*;
pub use desk::*;
pub use gateway::*;
pub use mypage::*;
pub use record::*;
pub use record_kind::*;
pub use session::*;
pub use sync::*;
pub use traces::*;
