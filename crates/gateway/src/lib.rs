//! The inbound REST adapter: one entry to every context (S6), on loopback only, for kiosks, turnstiles, scripts and a hub.
//! A request becomes a command or a query of the application, which alone decides; what it answers is shaped here.

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
pub use server::{Bind, Running, bind, serve};
