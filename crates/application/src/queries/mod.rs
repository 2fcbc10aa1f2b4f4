//! Queries of the screens and the REST gateway. A query first waits up to a second until the projections include
//! everything that was committed before. Then it reads one consistent view; `as_of` tells up to when the result is
//! complete.

mod access_log;
mod actors;
mod alike;
mod corrections;
mod customers;
mod desk;
mod edits;
mod erasing;
mod evacuation;
mod find;
mod linked;
mod lock_screen;
mod mypage;
mod mypage_at;
mod paging;
mod payments;
mod penalties;
mod plans;
mod prohibits;
mod recorders;
mod review;
mod rules;
mod session;
mod slips;
mod staff;
mod sync;
pub mod traces;
mod verdict;
mod visits;
mod who_did;
mod why;

use std::sync::Arc;

pub(crate) use access_log::query_of as access_query;
pub(crate) use desk::shown;
pub use find::Handle;
pub use mypage::{DayRange, day_range, status};
pub use session::{Place, facility_name};

use nosmoke_ports::MypageStore;
use nosmoke_runtime::Core;
use nosmoke_runtime::measures::Node;

use crate::people::People;

#[derive(Debug, Clone)]
pub struct Queries {
    pub core: Core,
    pub mypage: Arc<dyn MypageStore>,
    /// The sender of these queries, as a node in the graph of services.
    pub caller: Node,
    /// Who is signed in, in whose name the screens query.
    pub people: People,
}

impl Queries {
    /// Returns a copy for another sender of queries.
    #[must_use]
    pub fn called_by(&self, caller: Node) -> Self {
        Self { caller, ..self.clone() }
    }
}
