use std::sync::Arc;

use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Clock, Ids, Journal};

use crate::contexts::Contexts;
use crate::feed::Feed;
use crate::link::Link;
use crate::measures::Measures;

/// What the parts of one terminal share; cheap to clone.
#[derive(Debug, Clone)]
pub struct Core {
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub traces: Traces,
    pub feed: Arc<Feed>,
    pub link: Arc<Link>,
    pub contexts: Arc<Contexts>,
    pub measures: Arc<Measures>,
}
