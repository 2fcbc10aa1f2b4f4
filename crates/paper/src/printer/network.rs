//! Printers in the network: raw bytes over TCP, port 9100.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream, ToSocketAddrs as _};
use std::time::Instant;

use super::error::PrintError;
use super::limits::{CHUNK_BYTES, Limits};
use super::status::expect_ready;

/// How many of a name's addresses are tried.
const ADDRESSES_MAX: usize = 4;

/// Sends a slip and waits until the printer has taken it.
pub(super) fn send(host: &str, port: u16, bytes: &[u8], limits: &Limits) -> Result<(), PrintError> {
    let mut stream = connect(host, port, limits)?;
    let other = |error: io::Error| PrintError::Other(error.kind());
    stream.set_write_timeout(Some(limits.stall)).map_err(other)?;
    stream.set_read_timeout(Some(limits.status)).map_err(other)?;
    expect_ready(&mut stream)?;
    stream.set_read_timeout(Some(limits.close)).map_err(other)?;
    let began = Instant::now();
    let mut rest = bytes;
    while !rest.is_empty() {
        if began.elapsed() > limits.slip {
            return Err(PrintError::NotTaking);
        }
        match stream.write(rest.get(..CHUNK_BYTES).unwrap_or(rest)) {
            Ok(0) => return Err(PrintError::CutOff),
            Ok(taken) => rest = rest.get(taken..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(PrintError::sending(&error)),
        }
    }
    // Not connected: the printer was quicker, and has closed it.
    if let Err(error) = stream.shutdown(Shutdown::Write)
        && error.kind() != io::ErrorKind::NotConnected
    {
        return Err(PrintError::sending(&error));
    }
    closed(&mut stream, limits)
}

fn connect(host: &str, port: u16, limits: &Limits) -> Result<TcpStream, PrintError> {
    let addresses = (host, port).to_socket_addrs().map_err(|_| PrintError::UnknownHost)?;
    for address in addresses.take(ADDRESSES_MAX) {
        if let Ok(stream) = TcpStream::connect_timeout(&address, limits.connect) {
            return Ok(stream);
        }
    }
    Err(PrintError::Unreachable)
}

/// Waits until the printer closes the connection, which shows that it has read all. One that leaves it open can't be asked; one that
/// resets it hasn't read all.
fn closed(stream: &mut TcpStream, limits: &Limits) -> Result<(), PrintError> {
    let began = Instant::now();
    // Some printers send bytes about their state.
    let mut state = [0; 64];
    while began.elapsed() < limits.close {
        match stream.read(&mut state) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted => {}
                _ => return Err(PrintError::sending(&error)),
            },
        }
    }
    Ok(())
}
