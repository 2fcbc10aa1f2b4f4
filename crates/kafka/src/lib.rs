//! The Kafka adapter: implements the port [`Log`](nosmoke_ports::Log) over librdkafka.
//!
//! Two clients, hence two connections to a broker: a producer and a consumer can't share one. Begin at `log.rs`
//! ([`KafkaLog`]); `reader.rs` and `writer.rs` are the two clients, `classify.rs` says what an error means to somebody.

mod classify;
mod clients;
mod connect;
mod context;
mod diagnosis;
mod lock;
mod log;
mod mailbox;
mod reader;
mod settings;
mod topics;
mod trial;
mod writer;

pub use classify::classify;
pub use clients::Clients;
pub use log::KafkaLog;
pub use settings::Settings;
pub use trial::{Trial, try_connection};
