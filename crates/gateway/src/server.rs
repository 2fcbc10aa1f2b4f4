//! Listening on loopback, and ending.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::open_api::router;
use crate::served::Served;

/// How long requests that are under way may still take when the gateway ends.
const GRACE: Duration = Duration::from_secs(1);

/// Why a gateway can't listen.
#[derive(Debug, thiserror::Error)]
pub enum Bind {
    #[error("{0} isn't on loopback: the gateway listens on 127.0.0.1 or [::1] only")]
    NotLoopback(SocketAddr),
    #[error("{0}: {1}")]
    Failed(SocketAddr, io::Error),
}

/// Takes a port of loopback; port 0 is any free one. Nothing is answered yet.
///
/// # Errors
/// Another address than loopback's; the port is taken.
pub async fn bind(listen: SocketAddr) -> Result<TcpListener, Bind> {
    if !listen.ip().is_loopback() {
        return Err(Bind::NotLoopback(listen));
    }
    TcpListener::bind(listen).await.map_err(|error| Bind::Failed(listen, error))
}

/// A gateway that answers.
#[derive(Debug)]
pub struct Running {
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Answers on a port until it is stopped.
///
/// # Errors
/// The listener's address can't be told.
pub fn serve(listener: TcpListener, served: Served) -> io::Result<Running> {
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
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            ended = async { answering.await } => if let Err(error) = ended {
                tracing::error!(%error, "the gateway ended");
            },
            () = over => {}
        }
    });
    Ok(Running { address, stop, task })
}

impl Running {
    /// Takes no more requests, and ends those under way within a second.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the gateway had failed");
        }
    }
}
