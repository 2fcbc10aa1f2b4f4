//! Binds a port on loopback, serves requests, and shuts down gracefully.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::open_api::router;
use crate::served::Served;

/// How long running requests may take to finish when the gateway stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// Why a gateway can't listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error("the gateway can't listen on {0}, which isn't a loopback address: use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    #[error("the gateway can't listen on {0}: {1}")]
    Failed(SocketAddr, io::Error),
}

/// Binds a loopback address, without accepting requests yet; port 0 takes any free port.
///
/// # Errors
/// `NotLoopback` if the address isn't on loopback; `Failed` if it can't be bound, for example because the port is
/// taken.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, BindError> {
    if !listen.ip().is_loopback() {
        return Err(BindError::NotLoopback(listen));
    }
    TcpListener::bind(listen).await.map_err(|error| BindError::Failed(listen, error))
}

/// A gateway that serves requests.
#[derive(Debug)]
pub struct RunningGateway {
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Serves requests until [`RunningGateway::stop`].
///
/// # Errors
/// An error if the listener's address can't be read.
pub fn serve(listener: TcpListener, served: Served) -> io::Result<RunningGateway> {
    let address = listener.local_addr()?;
    let (stop, mut stopped) = watch::channel(false);
    let mut ended = stop.subscribe();
    let task = tokio::spawn(async move {
        let shut = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let answering = axum::serve(listener, router(served)).with_graceful_shutdown(shut);
        let over = async move {
            let _ = ended.wait_for(|stop| *stop).await;
            tokio::time::sleep(SHUTDOWN_TIMEOUT).await;
        };
        tokio::select! {
            ended = async { answering.await } => if let Err(error) = ended {
                tracing::error!(%error, "the gateway failed");
            },
            () = over => {}
        }
    });
    Ok(RunningGateway { address, stop, task })
}

impl RunningGateway {
    /// Stops accepting requests, and gives running requests a second to finish.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the gateway's task panicked");
        }
    }
}
