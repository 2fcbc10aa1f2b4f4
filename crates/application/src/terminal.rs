//! One terminal's application core: the commands, the queries and the contexts over one set of ports. The window, the
//! headless binary and the tests all compose this.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::contract::{Changed, ContextName};
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{Clock, Ids, Journal, Log, MypageStore, StoreError, Worker};
use nosmoke_replication::Exchange;
use nosmoke_runtime::Core;
use nosmoke_runtime::contexts::task_of;
use nosmoke_runtime::feed::WORKERS;
use nosmoke_runtime::link::Link;
use nosmoke_runtime::measures::Node;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::commands::CommandBus;
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
    pub core: Core,
    pub commands: CommandBus,
    pub queries: Queries,
    pub workers: Workers,
    point: Arc<PointUnit>,
}

impl Terminal {
    /// Puts a terminal together and reads where its workers stand. Nothing runs yet.
    ///
    /// # Errors
    /// The stores'.
    pub async fn new(ports: Ports) -> Result<Self, StoreError> {
        let Ports { journal, mypage, clock, ids, traces } = ports;
        let core = Core::new(journal, clock, ids, traces);
        let point = Arc::new(PointUnit::new(core.contexts.unit(ContextName::Point).clone()));
        let calls = Arc::new(PointCalls::new(point.clone(), core.clock.clone(), core.measures.clone()));
        let queries = Queries { core: core.clone(), mypage: mypage.clone(), caller: Node::Screen };
        let commands = CommandBus { core: core.clone(), point: calls, caller: Node::Screen, once: Arc::default() };
        let workers = Workers { core: core.clone(), mypage };
        workers.begin().await?;
        Ok(Self { core, commands, queries, workers, point })
    }

    /// Starts the tasks of every context on the current tokio runtime, and tells of changes once they can be seen.
    pub fn start(&self, tell: impl Fn(Changed) + Send + Sync + 'static) -> Running {
        self.start_with(|_| self.workers.clone(), tell)
    }

    /// [`Self::start`], each worker with what it works on.
    pub fn start_with(
        &self,
        workers_of: impl Fn(Worker) -> Workers,
        tell: impl Fn(Changed) + Send + Sync + 'static,
    ) -> Running {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for worker in WORKERS {
            let (unit, workers) = (self.core.contexts.unit_of(worker).clone(), workers_of(worker));
            let stopped = stopped.clone();
            let task = move || workers.clone().run(worker, stopped.clone());
            tasks.spawn(unit.keep_running(task_of(worker), stop.subscribe(), task));
        }
        let (unit, point) = (self.core.contexts.unit(ContextName::Point).clone(), self.point.clone());
        point.supervised();
        let serving = stopped.clone();
        tasks.spawn(unit.keep_running("port", stop.subscribe(), move || point.clone().serve(serving.clone())));
        tasks.spawn(self.workers.clone().announce(stopped, tell));
        Running { stop, tasks, point: self.point.clone() }
    }
}

impl Terminal {
    /// Exchanges with other terminals over a log, until it is stopped. `version` is the program's.
    pub fn start_exchange(&self, log: Arc<dyn Log>, version: String) -> RunningExchange {
        self.run_exchange(Exchange::new(&self.core, log, version))
    }

    /// Runs an exchange that was made for this terminal.
    pub fn run_exchange(&self, exchange: Exchange) -> RunningExchange {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(exchange.run(stopped));
        RunningExchange { stop, task, link: self.core.link.clone() }
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
