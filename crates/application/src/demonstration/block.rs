//! The facts and documents of one simulated day.

use nosmoke_domain::fact::Draft;
use nosmoke_ports::{Note, Profile, SearchKeys};

/// Everything that happened on one simulated day, recorded in one unit of work.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Block {
    /// Customers registered on that day.
    pub customers: Vec<(Profile, SearchKeys)>,
    pub notes: Vec<Note>,
    /// The facts, sorted by time. All their customers are registered in this block or an earlier one.
    pub drafts: Vec<Draft>,
}
