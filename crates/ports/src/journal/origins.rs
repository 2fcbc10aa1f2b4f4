//! The current incarnation of this terminal, and the terminals to which all known incarnations belong.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::fact::Origin;
use nosmoke_domain::ids::{IncarnationId, TerminalId};

use crate::StoreError;

/// Reads the incarnations of this and of other terminals.
pub trait ReadOrigins {
    /// The current incarnation of this terminal; `None` before the set-up.
    fn origin(&mut self) -> Result<Option<Origin>, StoreError>;

    /// All incarnations that have recorded in this folder, in no particular order.
    fn incarnations(&mut self) -> Result<Vec<Origin>, StoreError>;

    /// The incarnations that this folder records for: those that ended, oldest first, and the current one last. Without
    /// those left behind.
    fn own_incarnations(&mut self) -> Result<Vec<IncarnationId>, StoreError>;

    /// The terminal of each known incarnation.
    fn terminals(&mut self) -> Result<BTreeMap<IncarnationId, TerminalId>, StoreError>;

    /// The incarnations that points were given to and of which nothing else is known, neither a fact nor a heartbeat,
    /// each with the terminal that gave first. Such a one was left behind before it recorded anything.
    fn receivers(&mut self) -> Result<BTreeMap<IncarnationId, TerminalId>, StoreError>;

    /// Incarnations that have two different facts with one seq.
    fn forked(&mut self) -> Result<BTreeSet<IncarnationId>, StoreError>;
}

/// Begins incarnations.
pub trait WriteOrigins: ReadOrigins {
    /// Begins this folder's first incarnation, or a new one after the folder was restored or copied. All earlier ones
    /// are left behind: they may go on elsewhere, so this folder records nothing for them.
    fn put_origin(&mut self, origin: Origin) -> Result<(), StoreError>;

    /// Ends the current incarnation and begins the next one. The ended one still records what it owes.
    fn end_incarnation(&mut self, next: IncarnationId) -> Result<(), StoreError>;
}
