//! What the screens ask. Every answer is one consistent view; it waits, at most a second, for what this terminal last
//! acknowledged, and carries `as_of`.

mod customers;
mod desk;
mod mypage;
mod paging;
mod payments;
mod penalties;
mod prohibits;
mod session;
mod sync;
pub mod traces;
mod visits;

use std::sync::Arc;

pub use mypage::{DayRange, day_range, status};
pub use session::{Place, staff_here};

use nosmoke_ports::MypageStore;
use nosmoke_runtime::Core;
use nosmoke_runtime::measures::Node;

#[derive(Debug, Clone)]
pub struct Queries {
    pub core: Core,
    pub mypage: Arc<dyn MypageStore>,
    /// Who asks: a node of the graph of services.
    pub caller: Node,
}

impl Queries {
    /// The same queries for another caller.
    #[must_use]
    pub fn called_by(&self, caller: Node) -> Self {
        Self { caller, ..self.clone() }
    }
}
