//! What a unit of work asks and does: the port's parts, each in the file of its name with its SQL.

mod checkpoints;
mod facts;
mod idempotency;
mod origins;
mod pending;
mod profiles;
mod projections;
mod receive;
mod reference;
mod replication;
mod settings;
mod unknown;
