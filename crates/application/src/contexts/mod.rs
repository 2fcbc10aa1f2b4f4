//! The calls of the contexts pay and penalty to point: through a port, with a timeout and a circuit breaker (S3).

mod breaker;
mod point_calls;
mod point_port;

pub use breaker::Breaker;
pub use point_calls::PointCalls;
pub use point_port::PointUnit;
