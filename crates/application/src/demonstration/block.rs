//! What happened on one day.

use nosmoke_domain::fact::Draft;
use nosmoke_ports::{Note, Profile, SearchKeys};

/// What happened on one day, to be recorded in one unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// Registered that day.
    pub customers: Vec<(Profile, SearchKeys)>,
    pub notes: Vec<Note>,
    /// In the order of time; every customer in them is registered in this block or an earlier one.
    pub drafts: Vec<Draft>,
}
