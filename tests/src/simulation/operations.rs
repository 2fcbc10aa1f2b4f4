//! What may happen: everything that people, workers and the exchange do at a terminal, and what befalls it.

use std::time::Duration;

use fastrand::Rng;
use nosmoke_ports::contract::AppError;
use nosmoke_ports::{LogError, Pace, StoreError, Worker};
use nosmoke_replication::ExchangeError;
use nosmoke_runtime::Step;
use nosmoke_runtime::feed::WORKERS;

use super::faults::Fault;
use super::invariants::{Broken, Invariant};
use super::terminal::now;
use super::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    CheckIn,
    CheckOut,
    CloseVisit,
    VoidVisit,
    Pay,
    VoidPayment,
    Adjust,
    Impose,
    Deduct,
    VoidPenalty,
    Register,
    Revise,
    Erase,
    Link,
    SaveArea,
    SaveTerminal,
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

/// How often each happens.
pub(super) const OPERATIONS: &[(u32, Operation)] = &[
    (700, O::CheckIn),
    (700, O::CheckOut),
    (40, O::CloseVisit),
    (40, O::VoidVisit),
    (700, O::Pay),
    (150, O::VoidPayment),
    (120, O::Adjust),
    (120, O::Impose),
    (120, O::Deduct),
    (40, O::VoidPenalty),
    (80, O::Register),
    (80, O::Revise),
    (10, O::Erase),
    (20, O::Link),
    (20, O::SaveArea),
    (10, O::SaveTerminal),
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
    (20, O::ReplaceLog),
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
    /// How much likelier than usual it is with a seed; what is rare anyway may be missing.
    pub(super) fn swarm(self, rng: &mut Rng) -> u32 {
        let rare = OPERATIONS.iter().any(|(weight, operation)| *operation == self && *weight <= 120);
        if rare { [0, 1, 1, 2, 4][rng.usize(..5)] } else { rng.u32(1..=3) }
    }
}

impl World {
    /// Does it at a terminal; tells what came of it.
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
                self.truth.pass(seconds);
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
            | O::LoseMarks => self.befall(operation, at),
            command => self.command(command, at),
        }
    }

    pub(super) fn work(&mut self, at: usize, worker: Worker) -> Result<String, Broken> {
        if worker == Worker::Mypage {
            return Ok("held".into());
        }
        let stepped = now(self.nodes[at].terminal.workers.step(worker, Pace::Free));
        let stepped = self.alive(at, stepped)?;
        self.plant_after_work(at)?;
        Ok(format!("{worker:?} {stepped:?}"))
    }

    pub(super) fn settle(&mut self, at: usize) -> Result<String, Broken> {
        let settled = now(crate::settle::settle(&self.nodes[at].terminal.workers));
        self.alive(at, settled)?;
        self.plant_after_work(at)?;
        Ok(String::new())
    }

    pub(super) fn connect(&mut self, at: usize) -> Result<String, Broken> {
        if self.nodes[at].fault == Some(Fault::StepsFail) {
            return Err(StoreError::Failed("planted".into()).into());
        }
        let connected = now(self.nodes[at].exchange.connect());
        self.exchanged(at, connected)
    }

    pub(super) fn consume(&mut self, at: usize) -> Result<String, Broken> {
        if !self.nodes[at].exchange.is_connected() {
            return self.connect(at);
        }
        let consumed = now(self.nodes[at].exchange.consume(Duration::ZERO, Pace::Free));
        self.exchanged(at, consumed)
    }

    pub(super) fn publish(&mut self, at: usize) -> Result<String, Broken> {
        loop {
            let published = now(self.nodes[at].exchange.publish(Pace::Free));
            let more = matches!(published, Ok(Step::More));
            let told = self.exchanged(at, published)?;
            if !more {
                return Ok(told);
            }
        }
    }

    pub(super) fn beat(&mut self, at: usize) -> Result<String, Broken> {
        let exchange = &self.nodes[at].exchange;
        let beaten = now(async {
            exchange.beat().await?;
            exchange.narrow_down().await
        });
        self.exchanged(at, beaten)
    }

    /// As the program goes on after a step of the exchange.
    fn exchanged<T: std::fmt::Debug>(
        &mut self,
        at: usize,
        outcome: Result<T, ExchangeError>,
    ) -> Result<String, Broken> {
        let node = &self.nodes[at];
        match outcome {
            Ok(done) => Ok(format!("{done:?}")),
            Err(ExchangeError::Store(error)) if !node.mortal.is_dead() => Err(error.into()),
            Err(ExchangeError::Log(error)) if !matches!(error, LogError::Unreachable(_) | LogError::Failed(_)) => {
                Err(Broken::new(Invariant::Works, error))
            }
            Err(error) => {
                node.exchange.disconnected(&error);
                Ok(error.to_string())
            }
        }
    }

    /// A store fails only where it was made to.
    pub(super) fn alive<T>(&self, at: usize, outcome: Result<T, StoreError>) -> Result<Option<T>, Broken> {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(_) if self.nodes[at].mortal.is_dead() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// A command is refused for a reason; a failure of the program is none.
    pub(super) fn refused(&self, at: usize, error: &AppError) -> Result<String, Broken> {
        use nosmoke_ports::contract::ErrorCode as E;
        let failed = matches!(
            error.code,
            E::StorageCorrupt | E::StorageFailed | E::DiskFull | E::Internal | E::NewerVersion | E::InvalidInput
        );
        if failed && !self.nodes[at].mortal.is_dead() {
            return Err(Broken::new(Invariant::Works, format!("{error:?}")));
        }
        Ok(format!("{:?}", error.code))
    }
}
