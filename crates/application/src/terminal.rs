//! One terminal's application core: the gateway, the queries and the contexts over one set of ports. The window, the
//! headless binary and the tests all compose this.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::contract::{Changed, ContextName};
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Clock, Ids, Journal, Log, MypageStore, PointPort, StoreError};
use nosmoke_replication::Exchange;
use nosmoke_runtime::Core;
use nosmoke_runtime::contexts::{Contexts, context_of, task_of};
use nosmoke_runtime::feed::{Feed, WORKERS};
use nosmoke_runtime::link::Link;
use nosmoke_runtime::measures::{Measures, Node};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::commands::Gateway;
use crate::contexts::{PointCalls, PointUnit};
use crate::queries::Queries;
use crate::workers::Workers;

/// A step that takes longer when everything ends hangs.
const LONGEST_STEP: Duration = Duration::from_secs(1);

/// What a terminal needs from outside.
#[derive(Debug, Clone)]
pub struct Ports {
    pub journal: Arc<dyn Journal>,
    pub mypage: Arc<dyn MypageStore>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub traces: Traces,
}

#[derive(Debug, Clone)]
pub struct Terminal {
    pub ports: Ports,
    pub gateway: Gateway,
    pub queries: Queries,
    pub workers: Workers,
    pub feed: Arc<Feed>,
    pub contexts: Arc<Contexts>,
    pub measures: Arc<Measures>,
    pub link: Arc<Link>,
    point: Arc<PointUnit>,
    /// The journals of contexts that have one of their own.
    journals: BTreeMap<ContextName, Arc<dyn Journal>>,
}

impl Terminal {
    /// Puts a terminal together and reads where its workers stand. Nothing runs yet.
    ///
    /// # Errors
    /// The stores'.
    pub async fn new(ports: Ports) -> Result<Self, StoreError> {
        let Ports { journal, mypage, clock, ids, traces } = ports.clone();
        let contexts = Arc::new(Contexts::new(&clock));
        let (feed, link) = (Arc::new(Feed::new(contexts.clone())), Arc::new(Link::default()));
        let measures = Arc::new(Measures::new(clock.clone()));
        let point = Arc::new(PointUnit::new(contexts.unit(ContextName::Point).clone()));
        let calls = Arc::new(PointCalls::new(point.clone(), clock.clone(), measures.clone()));
        let queries = Queries {
            journal: journal.clone(),
            mypage: mypage.clone(),
            clock: clock.clone(),
            feed: feed.clone(),
            link: link.clone(),
            contexts: contexts.clone(),
            measures: measures.clone(),
            caller: Node::Screen,
        };
        let gateway = Gateway {
            journal: journal.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            contexts: contexts.clone(),
            point: calls,
            measures: measures.clone(),
            traces: traces.clone(),
            caller: Node::Screen,
            feed: feed.clone(),
            link: link.clone(),
            once: Arc::default(),
        };
        let workers = Workers {
            journal,
            mypage,
            clock,
            ids,
            feed: feed.clone(),
            link: link.clone(),
            contexts: contexts.clone(),
            measures: measures.clone(),
            traces,
        };
        workers.begin().await?;
        Ok(Self { ports, gateway, queries, workers, feed, contexts, measures, link, point, journals: BTreeMap::new() })
    }

    /// Calls another point than the one here.
    #[must_use]
    pub fn with_point(mut self, port: Arc<dyn PointPort>) -> Self {
        let calls = PointCalls::new(port, self.ports.clock.clone(), self.measures.clone());
        self.gateway.point = Arc::new(calls);
        self
    }

    /// Gives the tasks of one context a journal of their own to work on: what goes wrong with it is that context's alone.
    #[must_use]
    pub fn with_journal_of(mut self, name: ContextName, journal: Arc<dyn Journal>) -> Self {
        self.journals.insert(name, journal);
        self
    }

    /// Starts the tasks of every context on the current tokio runtime, and tells of changes once they can be seen.
    pub fn start(&self, tell: impl Fn(Changed) + Send + Sync + 'static) -> Running {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for worker in WORKERS {
            let unit = self.contexts.unit_of(worker).clone();
            let mut workers = self.workers.clone();
            if let Some(journal) = self.journals.get(&context_of(worker)) {
                workers.journal = journal.clone();
            }
            let stopped = stopped.clone();
            let task = move || workers.clone().run(worker, stopped.clone());
            tasks.spawn(unit.keep_running(task_of(worker), stop.subscribe(), task));
        }
        let (unit, point) = (self.contexts.unit(ContextName::Point).clone(), self.point.clone());
        point.supervised();
        let serving = stopped.clone();
        tasks.spawn(unit.keep_running("port", stop.subscribe(), move || point.clone().serve(serving.clone())));
        tasks.spawn(self.workers.clone().announce(stopped, tell));
        Running { stop, tasks, point: self.point.clone() }
    }
}

impl Terminal {
    /// What the parts of this terminal share.
    pub fn core(&self) -> Core {
        let Ports { journal, clock, ids, traces, .. } = self.ports.clone();
        let (feed, link) = (self.feed.clone(), self.link.clone());
        let (contexts, measures) = (self.contexts.clone(), self.measures.clone());
        Core { journal, clock, ids, traces, feed, link, contexts, measures }
    }

    /// Exchanges with other terminals over a log, until it is stopped. `version` is the program's.
    pub fn start_exchange(&self, log: Arc<dyn Log>, version: String) -> RunningExchange {
        self.run_exchange(Exchange::new(&self.core(), log, version))
    }

    /// Runs an exchange that was made for this terminal.
    pub fn run_exchange(&self, exchange: Exchange) -> RunningExchange {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(exchange.run(stopped));
        RunningExchange { stop, task, link: self.link.clone() }
    }
}

/// A terminal's running exchange.
#[derive(Debug)]
pub struct RunningExchange {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    link: Arc<Link>,
}

impl RunningExchange {
    /// Ends the connection, within 2 s whatever the cluster does. What isn't read back stays pending.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the exchange had failed");
        }
        self.link.alone();
    }
}

/// The running tasks of a terminal's contexts.
#[derive(Debug)]
pub struct Running {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    point: Arc<PointUnit>,
}

impl Running {
    /// Stops every task after its current step; one that hangs is left where it is, with nothing half-written.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(LONGEST_STEP, ended).await.is_err() {
            tracing::warn!("a context hangs and is ended");
            self.tasks.shutdown().await;
        }
        self.point.by_hand();
    }
}
