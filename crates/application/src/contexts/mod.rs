//! Point as pay and penalty call it: behind a port, a timeout and a breaker (S3).

mod breaker;
mod point_calls;
mod point_port;

pub use breaker::Breaker;
pub use point_calls::PointCalls;
pub use point_port::PointUnit;
