//! Checkpoints of workers, and snapshots of customers.

use nosmoke_domain::ids::CustomerId;

use crate::StoreError;

/// A bounded context that has snapshots of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    CheckIn,
    Point,
}

/// A worker that follows the change feed from a checkpoint of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Worker {
    /// check_in's projector: writes snapshots of visits and the list of customers inside.
    CheckIn,
    /// point's projector: writes snapshots of accounts and the standing published for check_in.
    Point,
    /// point's earning policy: records the earning of a check-out.
    Earning,
    /// penalty's projector: writes the list of open penalties.
    Penalty,
    /// point's giving policy: answers requests for points.
    Giving,
    /// point's hand-over policy: when a visit has ended, gives this terminal's holding to the hub. Works only while the
    /// connection is up.
    HandingOver,
    /// penalty's revising policy: brings the levels of a rule set to present standings.
    Revising,
    /// review's projector: writes the open cases.
    Review,
    /// Mypage's projector; its checkpoint is in Mypage's own store, not in the journal.
    Mypage,
}

impl Worker {
    /// The worker's name in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CheckIn => "check_in",
            Self::Point => "point",
            Self::Earning => "earning",
            Self::Penalty => "penalty",
            Self::Giving => "giving",
            Self::HandingOver => "handing_over",
            Self::Revising => "revising",
            Self::Review => "review",
            Self::Mypage => "mypage",
        }
    }
}

/// A stored snapshot: the state (JSON) into which all facts of a customer up to `change_seq` were folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub change_seq: i64,
    pub state: Vec<u8>,
}

/// Reads checkpoints and snapshots.
pub trait ReadCheckpoints {
    fn checkpoint(&mut self, worker: Worker) -> Result<i64, StoreError>;

    fn snapshot(&mut self, context: Context, customer: CustomerId) -> Result<Option<Saved>, StoreError>;
}

/// Writes checkpoints and snapshots.
pub trait WriteCheckpoints: ReadCheckpoints {
    fn put_checkpoint(&mut self, worker: Worker, change_seq: i64) -> Result<(), StoreError>;

    fn put_snapshot(&mut self, context: Context, customer: CustomerId, saved: &Saved) -> Result<(), StoreError>;
}
