//! How long a printer may take.

use std::time::Duration;

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until the system knows the address of the printer's name.
    pub name: Duration,
    /// Until it answers.
    pub connect: Duration,
    /// As long as it refuses the connection: another desk may be printing.
    pub busy: Duration,
    /// Until it says how it is. Many printers never do.
    pub status: Duration,
    /// Without a byte taken.
    pub stall: Duration,
    /// For a whole slip, however slowly it is taken.
    pub slip: Duration,
    /// Until it closes the connection after the last byte. Many printers never do.
    pub close: Duration,
    /// After the last byte, while a printer that can be asked is watched: paper may end then.
    pub watch: Duration,
    /// After the last byte, without an answer of a printer that answered before.
    pub answer: Duration,
}

impl Limits {
    pub const USUAL: Self = Self {
        name: Duration::from_secs(3),
        connect: Duration::from_secs(3),
        busy: Duration::from_secs(10),
        status: Duration::from_millis(300),
        stall: Duration::from_secs(10),
        slip: Duration::from_secs(60),
        close: Duration::from_secs(1),
        watch: Duration::from_secs(2),
        answer: Duration::from_secs(10),
    };
}

/// Between two questions to a printer after the last byte.
pub(super) const WATCH_INTERVAL: Duration = Duration::from_millis(200);
/// So little at once that a printer's progress shows.
pub(super) const CHUNK_BYTES: usize = 4 * 1024;
