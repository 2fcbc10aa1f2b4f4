//! How far facts have been followed: a worker to its checkpoint, a customer's fold to its snapshot.

use nosmoke_domain::ids::CustomerId;

use crate::StoreError;

/// A bounded context with snapshots of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    CheckIn,
    Point,
}

/// Who follows the change feed, each from a checkpoint of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Worker {
    /// check_in's projector: snapshots of visits, who is inside.
    CheckIn,
    /// point's projector: snapshots of accounts, the published standing.
    Point,
    /// point's earning policy: a check-out earns.
    Earning,
    /// penalty's projector: open penalties.
    Penalty,
    /// point's giving policy: a question for points is answered.
    Giving,
    /// point's policy of handing over to the hub, while the link is up: what is held here when a visit has ended.
    HandingOver,
    /// The customer center's projector; its checkpoint lives in its own store.
    Mypage,
}

impl Worker {
    /// As metrics name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CheckIn => "check_in",
            Self::Point => "point",
            Self::Earning => "earning",
            Self::Penalty => "penalty",
            Self::Giving => "giving",
            Self::HandingOver => "handing_over",
            Self::Mypage => "mypage",
        }
    }
}

/// A snapshot as stored: everything of the customer up to `change_seq` is folded into `state` (JSON).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub change_seq: i64,
    pub state: Vec<u8>,
}

/// Reads how far facts have been followed.
pub trait ReadCheckpoints {
    fn checkpoint(&mut self, worker: Worker) -> Result<i64, StoreError>;

    fn snapshot(&mut self, context: Context, customer: CustomerId) -> Result<Option<Saved>, StoreError>;
}

/// Notes how far facts have been followed.
pub trait WriteCheckpoints: ReadCheckpoints {
    fn put_checkpoint(&mut self, worker: Worker, change_seq: i64) -> Result<(), StoreError>;

    fn put_snapshot(&mut self, context: Context, customer: CustomerId, saved: &Saved) -> Result<(), StoreError>;
}
