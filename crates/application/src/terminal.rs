//! One terminal's application core: the gateway, the queries and the workers over one set of ports. The window, the
//! headless binary and the tests all compose this.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::commands::Gateway;
use crate::contract::Changed;
use crate::feed::{Feed, WORKERS};
use crate::gate::PointGate;
use crate::link::Link;
use crate::ports::{Clock, Ids, Journal, Log, MypageStore, StoreError, Worker};
use crate::queries::Queries;
use crate::sync::Exchange;
use crate::workers::Workers;

/// What a terminal needs from outside.
#[derive(Debug, Clone)]
pub struct Ports {
    pub journal: Arc<dyn Journal>,
    pub mypage: Arc<dyn MypageStore>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

#[derive(Debug, Clone)]
pub struct Terminal {
    pub ports: Ports,
    pub gateway: Gateway,
    pub queries: Queries,
    pub workers: Workers,
    pub feed: Arc<Feed>,
    pub point: Arc<PointGate>,
    pub link: Arc<Link>,
}

impl Terminal {
    /// Puts a terminal together and reads where its workers stand. Nothing runs yet.
    ///
    /// # Errors
    /// The stores'.
    pub async fn new(ports: Ports) -> Result<Self, StoreError> {
        let (feed, point, link) =
            (Arc::new(Feed::default()), Arc::new(PointGate::default()), Arc::new(Link::default()));
        let Ports { journal, mypage, clock, ids } = ports.clone();
        let queries = Queries {
            journal: journal.clone(),
            mypage: mypage.clone(),
            clock: clock.clone(),
            feed: feed.clone(),
            link: link.clone(),
        };
        let gateway = Gateway {
            journal: journal.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            point: point.clone(),
            feed: feed.clone(),
            link: link.clone(),
        };
        let workers = Workers { journal, mypage, clock, ids, feed: feed.clone(), link: link.clone() };
        workers.begin().await?;
        Ok(Self { ports, gateway, queries, workers, feed, point, link })
    }

    /// Stops point for maintenance: its port, its projector and its policy. Check-ins and check-outs go on.
    pub fn stop_point(&self) {
        self.point.shut();
        self.feed.hold(Worker::Point);
        self.feed.hold(Worker::Earning);
    }

    /// Starts point again: what waited is folded and earned.
    pub fn start_point(&self) {
        self.point.open();
        self.feed.release(Worker::Point);
        self.feed.release(Worker::Earning);
    }

    /// Starts every worker on the current tokio runtime, and tells of changes once they can be seen.
    pub fn start(&self, tell: impl Fn(Changed) + Send + Sync + 'static) -> Running {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for worker in WORKERS {
            tasks.spawn(self.workers.clone().run(worker, stopped.clone()));
        }
        tasks.spawn(self.workers.clone().announce(stopped, tell));
        Running { stop, tasks }
    }
}

impl Terminal {
    /// Exchanges with other terminals over a log, until it is stopped. `version` is the program's.
    pub fn start_exchange(&self, log: Arc<dyn Log>, version: String) -> RunningExchange {
        self.run_exchange(Exchange::new(self, log, version))
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

/// The running workers of a terminal.
#[derive(Debug)]
pub struct Running {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Running {
    /// Stops every worker after its current step.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}
