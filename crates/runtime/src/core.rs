use std::sync::Arc;

use nosmoke_ports::contract::ContextName;
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{AccessLog, Clock, Ids, Journal};

use crate::access::AccessNotes;
use crate::connection::ClusterConnection;
use crate::contexts::Contexts;
use crate::feed::Feed;
use crate::heard::HeardIncarnations;
use crate::measures::Measures;
use crate::points_requests::PointsRequests;
use crate::present::PresentMoment;

/// The parts of one terminal that commands, queries and workers all use; cheap to clone.
#[derive(Debug, Clone)]
pub struct Core {
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
    /// The moment at which balances and standings are judged.
    pub present: Arc<PresentMoment>,
    pub ids: Arc<dyn Ids>,
    pub traces: Traces,
    pub feed: Arc<Feed>,
    pub connection: Arc<ClusterConnection>,
    pub contexts: Arc<Contexts>,
    pub measures: Arc<Measures>,
    pub points_requests: Arc<PointsRequests>,
    pub heard: Arc<HeardIncarnations>,
    /// What is noted for the access log.
    pub access: Arc<AccessNotes>,
}

impl Core {
    pub fn new(
        journal: Arc<dyn Journal>,
        access: Arc<dyn AccessLog>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        traces: Traces,
    ) -> Self {
        let contexts = Arc::new(Contexts::new(&clock));
        let (feed, connection) = (Arc::new(Feed::new(contexts.clone())), Arc::default());
        let measures = Arc::new(Measures::new(clock.clone()));
        let (points_requests, heard) = (Arc::default(), Arc::default());
        let access = Arc::new(AccessNotes::new(access, clock.clone()));
        let present = Arc::new(PresentMoment::new(clock.clone()));
        Self {
            journal,
            clock,
            present,
            ids,
            traces,
            feed,
            connection,
            contexts,
            measures,
            points_requests,
            heard,
            access,
        }
    }

    /// Whether messages reach the other terminals now, and theirs this one.
    pub fn is_exchanging(&self) -> bool {
        let is_open = |side| self.contexts.unit(side).is_open();
        self.connection.is_up() && is_open(ContextName::Publisher) && is_open(ContextName::Consumer)
    }
}
