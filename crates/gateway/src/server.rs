//! Binds a port on loopback, serves requests on it and on a socket for this user, and shuts down gracefully.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::connections::Connections;
use crate::health_updates::{keep_health, update_health};
#[cfg(unix)]
use crate::local_socket::bind_local;
use crate::open_api::router;
use crate::served::Served;
use crate::serving::serve_connection;

/// How long running requests may take to finish when the gateway stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);
/// Pause after an error of accepting, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

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

/// What a gateway listens on: a port, and where there are Unix sockets one for this user's command lines.
#[derive(Debug)]
pub struct Listeners {
    pub port: TcpListener,
    #[cfg(unix)]
    pub local: Option<UnixListener>,
}

impl Listeners {
    /// Adds the Unix socket at `path` to a port. Where it can't be made, the gateway serves the port alone.
    pub fn with_socket(port: TcpListener, path: &Path) -> Self {
        #[cfg(unix)]
        let local = match bind_local(path) {
            Ok(local) => Some(local),
            Err(error) => {
                tracing::warn!(%error, "without its socket the gateway can't be reached by command lines");
                None
            }
        };
        #[cfg(not(unix))]
        let _ = path;
        Self {
            port,
            #[cfg(unix)]
            local,
        }
    }
}

impl From<TcpListener> for Listeners {
    fn from(port: TcpListener) -> Self {
        Self {
            port,
            #[cfg(unix)]
            local: None,
        }
    }
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
pub fn serve(listeners: impl Into<Listeners>, served: Served) -> io::Result<RunningGateway> {
    let listeners = listeners.into();
    let address = listeners.port.local_addr()?;
    let served = served.at(address);
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(async move {
        update_health(&served).await;
        tokio::select! {
            () = accept(listeners, &served, stopped) => {}
            () = keep_health(served.clone()) => {}
        }
    });
    Ok(RunningGateway { address, stop, task })
}

impl RunningGateway {
    /// Stops accepting requests, gives running requests a second to finish, and closes all connections.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the gateway's task panicked");
        }
    }
}

/// Accepts connections until the gateway stops. Returns when all connections have ended.
async fn accept(listeners: Listeners, served: &Served, mut stopped: watch::Receiver<bool>) {
    let mut accepted = Accepted {
        router: router(served.clone()),
        connections: Arc::new(Connections::new(served.limits.limits)),
        tasks: JoinSet::new(),
        stopped: stopped.clone(),
    };
    let accepting = async {
        loop {
            tokio::select! {
                stream = listeners.port.accept() => accepted.add(stream.map(|(stream, _)| stream), false).await,
                stream = local(&listeners) => accepted.add(stream, true).await,
                // Forgets ended connections.
                Some(_) = accepted.tasks.join_next() => {}
            }
        }
    };
    tokio::select! {
        () = accepting => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    drop(listeners);
    let mut tasks = accepted.tasks;
    let ended = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, ended).await.is_err() {
        tasks.shutdown().await;
    }
}

/// Accepts a connection on the socket; never returns if there is none.
#[cfg(unix)]
async fn local(listeners: &Listeners) -> io::Result<tokio::net::UnixStream> {
    match &listeners.local {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn local(_: &Listeners) -> io::Result<tokio::net::TcpStream> {
    std::future::pending().await
}

struct Accepted {
    router: Router,
    connections: Arc<Connections>,
    tasks: JoinSet<()>,
    stopped: watch::Receiver<bool>,
}

impl Accepted {
    /// Serves a connection in a task of its own. One that came over the socket is this user's.
    async fn add<S>(&mut self, stream: io::Result<S>, is_known: bool)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "the gateway can't accept a connection");
                return tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        };
        let connection = Arc::new(self.connections.admit(is_known).await);
        let (router, stopped) = (self.router.clone(), self.stopped.clone());
        let task = self.tasks.spawn(serve_connection(stream, router, connection.clone(), stopped));
        connection.runs_in(task);
    }
}
