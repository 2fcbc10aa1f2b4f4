//! Implements the ports that a unit of work uses; each file implements some of them, and has their SQL.

mod checkpoints;
mod customer_rows;
mod day_closes;
mod decoded;
mod edits;
mod facility_key;
mod facts;
mod idempotency;
mod origins;
mod pending;
mod profiles;
mod projections;
mod receive;
mod recorders;
mod reference;
mod replication;
mod review;
pub(super) mod search;
mod settings;
pub(super) mod shared_cards;
mod slips;
mod tips;
mod unknown;
