//! Asks the system how much of what was written to a connection hasn't arrived.

use std::net::TcpStream;

/// The bytes that the other side hasn't acknowledged; `None` where the system can't be asked.
#[cfg(target_os = "linux")]
pub(super) fn unsent_bytes(stream: &TcpStream) -> Option<usize> {
    use rustix::ioctl::{Getter, Opcode, ioctl};

    /// `SIOCOUTQ`, which has the number of `TIOCOUTQ`.
    const SIOCOUTQ: Opcode = 0x5411;

    // SAFETY: for a TCP socket the kernel writes one `int` (tcp(7)), and the type has its size.
    let unsent = unsafe { ioctl(stream, Getter::<SIOCOUTQ, i32>::new()) };
    unsent.ok().and_then(|unsent| usize::try_from(unsent).ok())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn unsent_bytes(_: &TcpStream) -> Option<usize> {
    None
}
