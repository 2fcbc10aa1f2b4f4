//! Who records here, and which incarnations are whose.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{IncarnationId, TerminalId};

use crate::StoreError;

/// Reads who records here and elsewhere.
pub trait ReadOrigins {
    /// The incarnation that records here.
    fn origin(&mut self) -> Result<Option<Origin>, StoreError>;

    /// Every incarnation that has recorded in this folder, the present one last.
    fn lives(&mut self) -> Result<Vec<Origin>, StoreError>;

    /// Which terminal each incarnation is a life of.
    fn terminals(&mut self) -> Result<BTreeMap<IncarnationId, TerminalId>, StoreError>;

    /// Incarnations of which two different facts have one seq.
    fn forked(&mut self) -> Result<BTreeSet<IncarnationId>, StoreError>;
}

/// Begins lives.
pub trait WriteOrigins: ReadOrigins {
    /// Begins this folder's first life, or another one after a restore.
    fn put_origin(&mut self, origin: Origin) -> Result<(), StoreError>;
}
