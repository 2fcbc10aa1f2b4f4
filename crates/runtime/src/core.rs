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

impl Core {
    pub fn new(journal: Arc<dyn Journal>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>, traces: Traces) -> Self {
        let contexts = Arc::new(Contexts::new(&clock));
        let (feed, link) = (Arc::new(Feed::new(contexts.clone())), Arc::default());
        let measures = Arc::new(Measures::new(clock.clone()));
        Self { journal, clock, ids, traces, feed, link, contexts, measures }
    }
}
