//! What the screens ask. Every answer is one consistent view; it waits, at most a second, for what this terminal last
//! acknowledged, and carries `as_of`.

mod customers;
mod desk;
mod mypage;
mod names;
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
pub use names::Names;
pub(crate) use names::{masked, tag_of};
pub use session::{Place, staff_here};

use crate::contexts::Contexts;
use crate::feed::Feed;
use crate::link::Link;
use crate::measures::{Measures, Node};
use crate::ports::{Clock, Journal, MypageStore};

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
