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

use nosmoke_ports::{Clock, Journal, MypageStore};
use nosmoke_runtime::contexts::Contexts;
use nosmoke_runtime::feed::Feed;
use nosmoke_runtime::link::Link;
use nosmoke_runtime::measures::{Measures, Node};

#[derive(Debug, Clone)]
pub struct Queries {
    pub journal: Arc<dyn Journal>,
    pub mypage: Arc<dyn MypageStore>,
    pub clock: Arc<dyn Clock>,
    pub feed: Arc<Feed>,
    pub link: Arc<Link>,
    pub contexts: Arc<Contexts>,
    pub measures: Arc<Measures>,
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
