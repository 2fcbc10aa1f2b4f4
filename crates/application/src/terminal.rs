//! The application core of one terminal: its commands, queries and contexts, which share one set of ports. The window,
//! the headless program and the tests all use it.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::contract::{Changed, ContextName};
use nosmoke_ports::traces::Traces;
use nosmoke_ports::{AccessLog, Clock, Ids, Journal, Log, MypageStore, StoreError, Worker};
use nosmoke_replication::Replicator;
use nosmoke_runtime::Core;
use nosmoke_runtime::connection::ClusterConnection;
use nosmoke_runtime::contexts::task_of;
use nosmoke_runtime::feed::{PROJECTORS, WORKERS};
use nosmoke_runtime::measures::Node;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use crate::commands::CommandBus;
use crate::contexts::{PointCalls, PointUnit};
use crate::people::People;
use crate::queries::Queries;
use crate::workers::Workers;

/// How long a stop waits for the running steps to end. A task that takes longer is aborted.
const STOP_TIMEOUT: Duration = Duration::from_secs(1);

/// The adapters that a terminal needs, as ports.
#[derive(Debug, Clone)]
pub struct Ports {
    pub journal: Arc<dyn Journal>,
    pub mypage: Arc<dyn MypageStore>,
    pub access: Arc<dyn AccessLog>,
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
    pub people: People,
    point: Arc<PointUnit>,
}

impl Terminal {
    /// Builds a terminal, and reads the checkpoints of its workers and the lock for PINs. Starts no tasks.
    ///
    /// # Errors
    /// An error of the journal or of Mypage's store.
    pub async fn new(ports: Ports) -> Result<Self, StoreError> {
        let Ports { journal, mypage, access, clock, ids, traces } = ports;
        let core = Core::new(journal, access, clock, ids, traces);
        let point = Arc::new(PointUnit::new(core.contexts.unit(ContextName::Point).clone()));
        let calls = Arc::new(PointCalls::new(point.clone(), core.clock.clone(), core.measures.clone()));
        let people = People::begin(&core).await?;
        let queries =
            Queries { core: core.clone(), mypage: mypage.clone(), caller: Node::Screen, people: people.clone() };
        let commands = CommandBus {
            core: core.clone(),
            point: calls,
            caller: Node::Screen,
            once: Arc::default(),
            in_flight: Arc::default(),
            turns: Arc::default(),
        };
        let workers = Workers::new(core.clone(), mypage);
        workers.begin().await?;
        Ok(Self { core, commands, queries, workers, people, point })
    }

    /// Starts the tasks of all contexts on the current Tokio runtime. `notify` is called after changes, once queries
    /// show them.
    pub fn start(&self, notify: impl Fn(Changed) + Send + Sync + 'static) -> Running {
        self.start_with(|_| self.workers.clone(), notify)
    }

    /// Like [`Self::start`], but `workers_of` returns the [`Workers`] with which each worker runs.
    pub fn start_with(
        &self,
        workers_of: impl Fn(Worker) -> Workers,
        notify: impl Fn(Changed) + Send + Sync + 'static,
    ) -> Running {
        let mut running = self.start_these(&WORKERS, workers_of, notify);
        running.tasks.spawn(self.people.clone().keep_saved(running.stop.subscribe()));
        running
    }

    /// Starts only what brings projections up to date: nothing records.
    pub fn start_projectors(&self, notify: impl Fn(Changed) + Send + Sync + 'static) -> Running {
        self.start_these(&PROJECTORS, |_| self.workers.clone(), notify)
    }

    fn start_these(
        &self,
        started: &[Worker],
        workers_of: impl Fn(Worker) -> Workers,
        notify: impl Fn(Changed) + Send + Sync + 'static,
    ) -> Running {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for worker in started.iter().copied() {
            let (unit, workers) = (self.core.contexts.unit_of(worker).clone(), workers_of(worker));
            let stopped = stopped.clone();
            let task = move || workers.clone().run(worker, stopped.clone());
            tasks.spawn(unit.keep_running(task_of(worker), stop.subscribe(), task));
        }
        let (unit, point) = (self.core.contexts.unit(ContextName::Point).clone(), self.point.clone());
        point.expect_task();
        let serving = stopped.clone();
        tasks.spawn(unit.keep_running("port", stop.subscribe(), move || point.clone().serve(serving.clone())));
        tasks.spawn(self.core.access.clone().run(self.core.journal.clone(), stop.subscribe()));
        tasks.spawn(self.workers.clone().announce(stopped, notify));
        Running { stop, tasks, point: self.point.clone() }
    }
}

impl Terminal {
    /// Starts replication over a log, until it is stopped. `version` is the version of this program, for the
    /// heartbeats.
    pub fn start_replication(&self, log: Arc<dyn Log>, version: String) -> RunningReplication {
        self.run_replication(Replicator::new(&self.core, log, version))
    }

    /// Starts a replicator that was made for this terminal.
    pub fn run_replication(&self, replicator: Replicator) -> RunningReplication {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(replicator.run(stopped));
        RunningReplication { stop, task, connection: self.core.connection.clone() }
    }
}

/// A running replicator of a terminal.
#[derive(Debug)]
pub struct RunningReplication {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
    connection: Arc<ClusterConnection>,
}

impl RunningReplication {
    /// Stops replication and closes the connection, within 2 s even if the cluster doesn't answer. Facts that weren't
    /// read back from the log stay pending.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the replicator failed");
        }
        self.connection.alone();
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
    /// Stops all tasks after their current step. A task that hangs is aborted; its step's transaction then isn't
    /// committed, so nothing is half-written.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(STOP_TIMEOUT, ended).await.is_err() {
            tracing::warn!("a context hangs and is aborted");
            self.tasks.shutdown().await;
        }
        self.point.without_task();
    }
}
