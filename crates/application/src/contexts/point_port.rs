//! Implements point's port: accepts calls unless point's context unit is stopped or failing. While the terminal runs, a
//! task of point answers the calls, so that they time out if point hangs.

use std::sync::Arc;

use async_trait::async_trait;
use nosmoke_ports::{PointPort, PointRefusal};
use nosmoke_runtime::contexts::ContextUnit;
use tokio::sync::{mpsc, oneshot, watch};

/// The largest number of calls that wait for an answer.
const MAX_WAITING_CALLS: usize = 256;

type Answer = Result<(), PointRefusal>;
type Call = oneshot::Sender<Answer>;

/// The task in which calls are answered.
#[derive(Debug, Clone)]
enum Responder {
    /// The caller's task: the terminal runs no tasks, because it is stepped by hand, as in the simulator.
    CallersTask,
    /// Point's task, which has ended or hasn't started yet: callers wait for its start.
    TaskToCome,
    Task(mpsc::Sender<Call>),
}

#[derive(Debug)]
pub struct PointUnit {
    unit: Arc<ContextUnit>,
    responder: watch::Sender<Responder>,
}

impl PointUnit {
    pub fn new(unit: Arc<ContextUnit>) -> Self {
        Self { unit, responder: watch::Sender::new(Responder::CallersTask) }
    }

    /// From now on, callers wait until point's task has started.
    pub(crate) fn expect_task(&self) {
        self.set(Responder::TaskToCome);
    }

    /// From now on, calls run in the caller's task, because point's own task has ended.
    pub(crate) fn without_task(&self) {
        self.set(Responder::CallersTask);
    }

    /// Runs point's task: answers calls until the task is stopped or dropped. Callers then wait for the next such task.
    pub(crate) async fn serve(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let (calls, mut waiting) = mpsc::channel::<Call>(MAX_WAITING_CALLS);
        self.set(Responder::Task(calls));
        let _end = EndOfTask(&self);
        loop {
            let call = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.unit.closed() => return,
                call = waiting.recv() => call,
            };
            let Some(call) = call else { return };
            // Sending fails if the caller has given up waiting, which is no error.
            let _ = call.send(self.answer());
        }
    }

    fn answer(&self) -> Answer {
        if !self.unit.is_open() {
            return Err(PointRefusal::Stopped);
        }
        self.unit.trouble().map_or(Ok(()), |trouble| Err(PointRefusal::Failing(trouble)))
    }

    fn set(&self, responder: Responder) {
        self.responder.send_replace(responder);
    }

    /// Waits until point's task runs and returns the sender of its calls; `None` if the terminal runs without tasks.
    async fn task(&self) -> Option<mpsc::Sender<Call>> {
        let mut responders = self.responder.subscribe();
        let responder = responders.wait_for(|responder| !matches!(responder, Responder::TaskToCome)).await;
        match responder.as_deref() {
            Ok(Responder::Task(calls)) => Some(calls.clone()),
            _ => None,
        }
    }

    async fn call(&self) -> Answer {
        let Some(calls) = self.task().await else { return self.answer() };
        let gone = || PointRefusal::Failing("the task of its port has ended".into());
        let (call, answer) = oneshot::channel();
        calls.send(call).await.map_err(|_| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

#[async_trait]
impl PointPort for PointUnit {
    async fn enter(&self) -> Answer {
        tokio::select! {
            biased;
            () = self.unit.closed() => Err(PointRefusal::Stopped),
            answer = self.call() => answer,
        }
    }
}

struct EndOfTask<'a>(&'a PointUnit);

impl Drop for EndOfTask<'_> {
    fn drop(&mut self) {
        self.0.set(Responder::TaskToCome);
    }
}
