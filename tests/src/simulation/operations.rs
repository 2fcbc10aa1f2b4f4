//! The operations of a simulation: commands, steps of workers and of the replicator, and disruptions.

use std::time::Duration;

use fastrand::Rng;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{LogError, Pace, StoreError, Worker};
use nosmoke_replication::ReplicationError;
use nosmoke_runtime::Step;
use nosmoke_runtime::feed::WORKERS;

use super::faults::Fault;
use super::invariants::{Broken, Invariant};
use super::terminal::block_on;
use super::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    CheckIn,
    CheckOut,
    TakeBack,
    CloseVisit,
    VoidVisit,
    Pay,
    VoidPayment,
    Adjust,
    Impose,
    Deduct,
    VoidPenalty,
    VoidDeduction,
    Register,
    Revise,
    Erase,
    Link,
    Part,
    EnterVisit,
    Resolve,
    SaveArea,
    SaveTerminal,
    RetireTerminal,
    SaveHub,
    Ask,
    Reclaim,
    Work,
    Settle,
    Connect,
    Consume,
    Publish,
    Beat,
    TimePasses,
    SetClock,
    Crash,
    DieSoon,
    ChangeNetwork,
    Heal,
    LoseLog,
    ReplaceLog,
    MakeGap,
    Compact,
    Hostile,
    Backup,
    Restore,
    PutBack,
    Clone,
    Retire,
    Upgrade,
    LoseMarks,
}

use Operation as O;

/// Each operation with its weight.
pub(super) const OPERATIONS: &[(u32, Operation)] = &[
    (650, O::CheckIn),
    (680, O::CheckOut),
    (60, O::TakeBack),
    (40, O::CloseVisit),
    (40, O::VoidVisit),
    (640, O::Pay),
    (150, O::VoidPayment),
    (120, O::Adjust),
    (120, O::Impose),
    (120, O::Deduct),
    (40, O::VoidPenalty),
    (60, O::VoidDeduction),
    (80, O::Register),
    (80, O::Revise),
    (10, O::Erase),
    (20, O::Link),
    (20, O::Part),
    (50, O::EnterVisit),
    (70, O::Resolve),
    (20, O::SaveArea),
    (10, O::SaveTerminal),
    (8, O::RetireTerminal),
    (25, O::SaveHub),
    (350, O::Ask),
    (60, O::Reclaim),
    (1_500, O::Work),
    (250, O::Settle),
    (300, O::Connect),
    (2_000, O::Consume),
    (1_200, O::Publish),
    (500, O::Beat),
    (200, O::TimePasses),
    (30, O::SetClock),
    (60, O::Crash),
    (60, O::DieSoon),
    (80, O::ChangeNetwork),
    (120, O::Heal),
    (10, O::LoseLog),
    (40, O::ReplaceLog),
    (6, O::MakeGap),
    (40, O::Compact),
    (40, O::Hostile),
    (60, O::Backup),
    (20, O::Restore),
    (15, O::PutBack),
    (5, O::Clone),
    (4, O::Retire),
    (6, O::Upgrade),
    (6, O::LoseMarks),
];

impl Operation {
    /// Draws a random factor for the operation's weight, so that each seed has another mix of operations (swarm
    /// testing). Only rare operations may get 0.
    pub(super) fn swarm(self, rng: &mut Rng) -> u32 {
        let rare = OPERATIONS.iter().any(|(weight, operation)| *operation == self && *weight <= 120);
        if rare { [0, 1, 1, 2, 4][rng.usize(..5)] } else { rng.u32(1..=3) }
    }
}

impl World {
    /// Performs an operation at a terminal, and describes the outcome for the trace.
    pub(super) fn perform(&mut self, operation: Operation, at: usize) -> Result<String, Broken> {
        match operation {
            O::Work => {
                let worker = WORKERS[self.rng.usize(..WORKERS.len())];
                self.work(at, worker)
            }
            O::Settle => self.settle(at),
            O::Connect => self.connect(at),
            O::Consume => self.consume(at),
            O::Publish => self.publish(at),
            O::Beat => self.beat(at),
            O::TimePasses => {
                let seconds = self.rng.i64(1..2_000);
                self.true_time.pass(seconds);
                Ok(format!("{seconds} s"))
            }
            O::SetClock => {
                self.nodes[at].clock.set(&mut self.rng);
                Ok(String::new())
            }
            O::Crash
            | O::DieSoon
            | O::ChangeNetwork
            | O::Heal
            | O::LoseLog
            | O::ReplaceLog
            | O::MakeGap
            | O::Compact
            | O::Hostile
            | O::Backup
            | O::Restore
            | O::PutBack
            | O::Clone
            | O::Retire
            | O::Upgrade
            | O::LoseMarks => self.disrupt(operation, at),
            command => self.command(command, at),
        }
    }

    pub(super) fn work(&mut self, at: usize, worker: Worker) -> Result<String, Broken> {
        let stepped = block_on(self.nodes[at].terminal.workers.step(worker, Pace::Free));
        let stepped = self.unless_crashed(at, stepped)?;
        self.plant_after_work(at)?;
        Ok(format!("{worker:?} {stepped:?}"))
    }

    pub(super) fn settle(&mut self, at: usize) -> Result<String, Broken> {
        let settled = block_on(crate::settle::settle(&self.nodes[at].terminal.workers));
        self.unless_crashed(at, settled)?;
        self.plant_after_work(at)?;
        Ok(String::new())
    }

    pub(super) fn connect(&mut self, at: usize) -> Result<String, Broken> {
        if self.nodes[at].fault == Some(Fault::StepsFail) {
            return Err(StoreError::Failed("planted".into()).into());
        }
        let connected = block_on(self.nodes[at].replicator.connect());
        self.after_replication(at, connected)
    }

    pub(super) fn consume(&mut self, at: usize) -> Result<String, Broken> {
        if !self.nodes[at].replicator.is_connected() {
            return self.connect(at);
        }
        let consumed = block_on(self.nodes[at].replicator.consume(Duration::ZERO, Pace::Free));
        self.after_replication(at, consumed)
    }

    pub(super) fn publish(&mut self, at: usize) -> Result<String, Broken> {
        let sent = block_on(self.nodes[at].replicator.send_requests());
        self.after_replication(at, sent)?;
        loop {
            let published = block_on(self.nodes[at].replicator.publish(Pace::Free));
            let more = matches!(published, Ok(Step::More));
            let outcome = self.after_replication(at, published)?;
            if !more {
                return Ok(outcome);
            }
        }
    }

    pub(super) fn beat(&mut self, at: usize) -> Result<String, Broken> {
        let replicator = &self.nodes[at].replicator;
        let sent = block_on(async {
            replicator.beat().await?;
            replicator.narrow_down().await
        });
        self.after_replication(at, sent)
    }

    /// Handles the result of a replicator's step as the program does: after an error of the log, it disconnects.
    fn after_replication<T: std::fmt::Debug>(
        &mut self,
        at: usize,
        outcome: Result<T, ReplicationError>,
    ) -> Result<String, Broken> {
        let node = &self.nodes[at];
        match outcome {
            Ok(done) => Ok(format!("{done:?}")),
            Err(ReplicationError::Store(error)) if !node.journal.has_crashed() => Err(error.into()),
            Err(ReplicationError::Log(error)) if !matches!(error, LogError::Unreachable(_) | LogError::Failed(_)) => {
                Err(Broken::new(Invariant::Works, error))
            }
            Err(error) => {
                node.replicator.disconnected(&error);
                Ok(error.to_string())
            }
        }
    }

    /// Returns the value, or `None` if the simulated journal has crashed. Any other error of the store is a violation.
    pub(super) fn unless_crashed<T>(&self, at: usize, outcome: Result<T, StoreError>) -> Result<Option<T>, Broken> {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(_) if self.nodes[at].journal.has_crashed() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Describes a refused command for the trace. An error code that stands for a failure of the program is a
    /// violation.
    pub(super) fn refused(&self, at: usize, error: &AppError) -> Result<String, Broken> {
        use nosmoke_ports::contract::ErrorCode as E;
        let failed = matches!(
            error.code,
            E::StorageCorrupt | E::StorageFailed | E::DiskFull | E::Internal | E::NewerVersion | E::InvalidInput
        );
        if failed && !self.nodes[at].journal.has_crashed() {
            return Err(Broken::new(Invariant::Works, format!("{error:?}")));
        }
        Ok(format!("{:?}", error.code))
    }
}
