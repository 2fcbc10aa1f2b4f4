//! Point's own port: its unit answers, in a task of its own while the terminal runs.

use std::sync::Arc;

use async_trait::async_trait;
use nosmoke_ports::{PointPort, PointRefusal};
use nosmoke_runtime::contexts::Unit;
use tokio::sync::{mpsc, oneshot, watch};

/// Calls that may wait at once.
const CALLS: usize = 256;

type Answer = Result<(), PointRefusal>;
type Call = oneshot::Sender<Answer>;

/// Who answers.
#[derive(Debug, Clone)]
enum Desk {
    /// No task: the terminal is stepped by hand, as in a simulator.
    ByHand,
    /// The task has ended or hasn't come yet: a caller waits for it.
    Nobody,
    Task(mpsc::Sender<Call>),
}

#[derive(Debug)]
pub struct PointUnit {
    unit: Arc<Unit>,
    desk: watch::Sender<Desk>,
}

impl PointUnit {
    pub fn new(unit: Arc<Unit>) -> Self {
        Self { unit, desk: watch::Sender::new(Desk::ByHand) }
    }

    /// From now on a task answers.
    pub(crate) fn supervised(&self) {
        self.set(Desk::Nobody);
    }

    /// Nothing runs any more.
    pub(crate) fn by_hand(&self) {
        self.set(Desk::ByHand);
    }

    /// Answers calls until told to stop, or until it is dropped; the port is gone then.
    pub(crate) async fn serve(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let (calls, mut waiting) = mpsc::channel::<Call>(CALLS);
        self.set(Desk::Task(calls));
        let _gone = Gone(&self);
        loop {
            let call = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = self.unit.closed() => return,
                call = waiting.recv() => call,
            };
            let Some(call) = call else { return };
            // A caller that has given up isn't told.
            let _ = call.send(self.answer());
        }
    }

    fn answer(&self) -> Answer {
        if !self.unit.is_open() {
            return Err(PointRefusal::Stopped);
        }
        self.unit.trouble().map_or(Ok(()), |trouble| Err(PointRefusal::Failing(trouble)))
    }

    fn set(&self, desk: Desk) {
        self.desk.send_replace(desk);
    }

    /// The task that answers, as soon as there is one; `None` without tasks.
    async fn task(&self) -> Option<mpsc::Sender<Call>> {
        let mut desks = self.desk.subscribe();
        let desk = desks.wait_for(|desk| !matches!(desk, Desk::Nobody)).await;
        match desk.as_deref() {
            Ok(Desk::Task(calls)) => Some(calls.clone()),
            _ => None,
        }
    }

    async fn call(&self) -> Answer {
        let Some(calls) = self.task().await else { return self.answer() };
        let gone = || PointRefusal::Failing("its port has gone".into());
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

struct Gone<'a>(&'a PointUnit);

impl Drop for Gone<'_> {
    fn drop(&mut self) {
        self.0.set(Desk::Nobody);
    }
}
