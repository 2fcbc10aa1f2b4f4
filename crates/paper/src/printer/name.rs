//! Looks up the addresses of a printer's name, with a time limit of ours: the system's may be half a minute.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::error::PrintError;

/// How many of a name's addresses are tried.
const ADDRESSES_MAX: usize = 4;

/// Returns the first addresses of a name.
///
/// # Errors
/// `UnknownHost`, also if the system doesn't answer in time.
pub(super) fn addresses(host: &str, port: u16, within: Duration) -> Result<Vec<SocketAddr>, PrintError> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let name = host.to_owned();
    let look_up = move || (name.as_str(), port).to_socket_addrs().map(|all| all.take(ADDRESSES_MAX).collect());
    match bounded(within, look_up) {
        Some(Ok(addresses)) => Ok(addresses),
        Some(Err(_)) | None => Err(PrintError::UnknownHost),
    }
}

/// Runs work on a thread of its own; `None` if it takes too long. Its thread then ends by itself, when the system answers.
fn bounded<T: Send + 'static>(within: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, done) = mpsc::channel();
    let run = move || {
        // Nobody may be waiting any more.
        let _ = sender.send(work());
    };
    thread::Builder::new().name("printer-name".into()).spawn(run).ok()?;
    done.recv_timeout(within).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_name_server_that_never_answers_costs_our_time_limit() {
        let (holds, held) = mpsc::channel::<()>();
        let began = Instant::now();
        assert_eq!(bounded(Duration::from_millis(50), move || held.recv()), None);
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        drop(holds);
        assert_eq!(bounded(Duration::from_secs(20), || 7), Some(7));
    }

    #[test]
    fn an_address_is_no_name() {
        for (host, address) in [("192.0.2.1", "192.0.2.1:9100"), ("fe80::1", "[fe80::1]:9100")] {
            // No time for a name server.
            assert_eq!(addresses(host, 9100, Duration::ZERO), Ok(vec![address.parse().unwrap()]));
        }
    }
}
