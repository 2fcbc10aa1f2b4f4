//! Use cases and ports. Everything outside the domain is reached through a port, so that whole terminals can also be
//! driven on one thread.

pub mod commands;
pub mod connection;
pub mod contexts;
pub mod contract;
pub mod demonstration;
pub mod exchange;
pub mod feed;
pub mod gateway_setting;
pub mod jobs;
pub mod limits;
pub mod link;
pub mod links;
pub mod mark;
pub mod measures;
pub mod mypage_engine;
pub mod occupancy;
pub mod pairing;
pub mod ports;
pub mod queries;
pub mod reclaim;
pub mod records;
pub mod restore;
pub mod search;
mod setting;
pub mod standing;
pub mod state;
pub mod sync;
pub mod terminal;
pub mod traces;
pub mod tracing_setting;
pub mod workers;
