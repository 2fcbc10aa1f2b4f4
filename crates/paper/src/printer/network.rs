//! Printers in the network: raw bytes over TCP, port 9100.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Instant;

use super::error::{Failure, PrintError};
use super::limits::{CHUNK_BYTES, Limits, WATCH_INTERVAL};
use super::name::addresses;
use super::status::{Said, ask};
use super::unsent::unsent_bytes;

/// Sends a slip and waits until the printer has taken it, and has printed it as far as it can be asked.
pub(super) fn send(host: &str, port: u16, bytes: &[u8], limits: &Limits) -> Result<(), Failure> {
    let (mut stream, answers) = ready(host, port, limits).map_err(Failure::before)?;
    push(&mut stream, bytes, limits)?;
    arrived(&stream, limits).map_err(Failure::partly)?;
    if answers {
        return printed(&mut stream, limits).map_err(Failure::partly);
    }
    // Not connected: the printer was quicker, and has closed it.
    if let Err(error) = stream.shutdown(Shutdown::Write)
        && error.kind() != io::ErrorKind::NotConnected
    {
        return Err(Failure::partly(PrintError::sending(&error)));
    }
    closed(&mut stream, limits).map_err(Failure::partly)
}

/// Connects to a printer that has no fault. Also returns whether it answers questions.
fn ready(host: &str, port: u16, limits: &Limits) -> Result<(TcpStream, bool), PrintError> {
    let mut stream = connect(host, port, limits)?;
    let other = |error: io::Error| PrintError::Other(error.kind());
    stream.set_write_timeout(Some(limits.stall)).map_err(other)?;
    stream.set_read_timeout(Some(limits.status)).map_err(other)?;
    match ask(&mut stream) {
        Ok(Said::Ready) => Ok((stream, true)),
        Ok(Said::Nothing) => Ok((stream, false)),
        // Accepted and ended at once: so do some printers while they print for another computer.
        Ok(Said::End) | Err(PrintError::CutOff) => Err(PrintError::Refused),
        Err(error) => Err(error),
    }
}

fn connect(host: &str, port: u16, limits: &Limits) -> Result<TcpStream, PrintError> {
    let mut why = PrintError::Unreachable;
    for address in addresses(host, port, limits.name)? {
        match TcpStream::connect_timeout(&address, limits.connect) {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => why = PrintError::Refused,
            Err(_) => {}
        }
    }
    Err(why)
}

/// Hands all bytes over to the system.
fn push(stream: &mut TcpStream, bytes: &[u8], limits: &Limits) -> Result<(), Failure> {
    let began = Instant::now();
    let mut rest = bytes;
    let failed = |error, rest: &[u8]| Failure { error, partly: rest.len() < bytes.len() };
    while !rest.is_empty() {
        if began.elapsed() > limits.slip {
            return Err(failed(PrintError::NotTaking, rest));
        }
        match stream.write(rest.get(..CHUNK_BYTES).unwrap_or(rest)) {
            Ok(0) => return Err(failed(PrintError::CutOff, rest)),
            Ok(taken) => rest = rest.get(taken..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(PrintError::sending(&error), rest)),
        }
    }
    Ok(())
}

/// Waits until the printer's side has acknowledged every byte: what is still in this computer's memory is on no paper.
fn arrived(stream: &TcpStream, limits: &Limits) -> Result<(), PrintError> {
    let began = Instant::now();
    let mut last = (usize::MAX, began);
    // Where the system can't be asked, the end of the connection has to say it.
    while let Some(unsent) = unsent_bytes(stream).filter(|unsent| *unsent > 0) {
        match stream.take_error() {
            Ok(None) => {}
            Ok(Some(error)) | Err(error) => return Err(PrintError::sending(&error)),
        }
        if unsent < last.0 {
            last = (unsent, Instant::now());
        }
        if last.1.elapsed() > limits.stall || began.elapsed() > limits.slip {
            return Err(PrintError::NotTaking);
        }
        thread::sleep(WATCH_INTERVAL.min(limits.stall / 4));
    }
    Ok(())
}

/// Asks a printer again and again while it prints: paper may end, or somebody opens the cover or switches it off.
fn printed(stream: &mut TcpStream, limits: &Limits) -> Result<(), PrintError> {
    let began = Instant::now();
    let mut heard_at = began;
    loop {
        match ask(stream)? {
            Said::Ready if began.elapsed() >= limits.watch => return Ok(()),
            Said::Ready => heard_at = Instant::now(),
            // Some answer only after what came before is printed.
            Said::Nothing if heard_at.elapsed() < limits.answer => {}
            Said::Nothing => return Err(PrintError::Unconfirmed),
            // Closed in order after every byte was acknowledged; a printer that is switched off can't do that.
            Said::End => return Ok(()),
        }
        thread::sleep(WATCH_INTERVAL.min(limits.watch / 4));
    }
}

/// Waits until the printer closes the connection, which shows that it has read all. One that leaves it open can't be asked; one that
/// resets it hasn't read all.
fn closed(stream: &mut TcpStream, limits: &Limits) -> Result<(), PrintError> {
    stream.set_read_timeout(Some(limits.close)).map_err(|error| PrintError::Other(error.kind()))?;
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
