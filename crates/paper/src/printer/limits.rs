//! How long a printer may take.

use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until it answers.
    pub connect: Duration,
    /// Until it says how it is. Many printers never do.
    pub status: Duration,
    /// Without a byte taken.
    pub stall: Duration,
    /// For a whole slip, however slowly it is taken.
    pub slip: Duration,
    /// Until it closes the connection after the last byte. Many printers never do.
    pub close: Duration,
}

impl Limits {
    pub const USUAL: Self = Self {
        connect: Duration::from_secs(3),
        status: Duration::from_millis(300),
        stall: Duration::from_secs(10),
        slip: Duration::from_secs(60),
        close: Duration::from_secs(1),
    };
}

/// So little at once that a printer's progress shows.
pub(super) const CHUNK_BYTES: usize = 4 * 1024;
