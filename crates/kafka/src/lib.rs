//! The Kafka adapter: implements the port [`Log`](nosmoke_ports::Log) over librdkafka.
//!
//! It uses two clients, a consumer and a producer, each with its own connections. Start reading at `log.rs`
//! ([`KafkaLog`]); `reader.rs` and `writer.rs` are the two clients, `classify.rs` maps their errors.

mod callbacks;
mod classify;
mod clients;
mod connect;
mod diagnosis;
mod headers;
mod known_partitions;
mod log;
mod mailbox;
mod meaning;
mod pass_over;
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
