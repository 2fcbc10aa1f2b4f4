//! What a unit of work asks and does: the SQL of the port's parts.

pub(crate) mod facts;
pub(crate) mod merge;
pub(crate) mod pending;
pub(crate) mod profiles;
pub(crate) mod projections;
pub(crate) mod receive;
pub(crate) mod records;
pub(crate) mod replication;
pub(crate) mod unknown;
