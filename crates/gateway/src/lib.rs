//! The inbound REST adapter: one API for every context (S6), on loopback only, for kiosks, turnstiles, scripts and a
//! hub. It maps requests to commands and queries of the application, and their results to JSON; it decides nothing
//! itself.

mod answer;
mod asked;
mod auth;
mod connections;
mod health;
mod health_updates;
mod idempotency_key;
mod limits;
#[cfg(unix)]
mod local_socket;
mod metrics;
mod open_api;
mod open_paths;
mod problem;
mod proof;
mod request;
mod route_acts;
mod routes;
mod served;
mod server;
mod serving;
mod traces;
mod words;

pub use answer::time;
pub use limits::Limits;
#[cfg(unix)]
pub use local_socket::{bind_local, connect_local};
pub use open_api::{document, router};
pub use proof::proof;
pub use route_acts::act_of as act_of_route;
pub use served::Served;
pub use server::{BindError, Listeners, RunningGateway, bind, serve};
