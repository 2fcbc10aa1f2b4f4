//! The inbound REST adapter: one API for every context (S6), on loopback only, for kiosks, turnstiles, scripts and a
//! hub. It maps requests to commands and queries of the application, and their results to JSON; it decides nothing
//! itself.

mod answer;
mod auth;
mod idempotency_key;
mod limits;
mod metrics;
mod open_api;
mod problem;
mod request;
mod routes;
mod served;
mod server;
mod traces;
mod words;

pub use limits::Limits;
pub use open_api::{document, router};
pub use served::Served;
pub use server::{BindError, RunningGateway, bind, serve};
