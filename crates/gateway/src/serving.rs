//! Serves one connection: HTTP/1 with bounded heads and waits.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::connections::Connection;

/// Largest head of a request in bytes; a larger one gets 431.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// Answers the requests of a connection until it ends, waits too long, or `stopped` becomes true; then a running request
/// is still answered.
pub(crate) async fn serve_connection<S>(
    stream: S,
    router: Router,
    connection: Arc<Connection>,
    mut stopped: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let of = connection.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, connection) = (router.clone(), of.clone());
        async move {
            connection.answers();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(connection.clone());
            let response = router.oneshot(request).await;
            connection.is_idle();
            response
        }
    });
    let io = TokioIo::new(Followed { stream, connection: connection.clone() });
    let mut answered = pin!(http1::Builder::new().max_buf_size(MAX_HEAD_BYTES).serve_connection(io, service));
    tokio::select! {
        // An error is the caller's: a connection that broke, or bytes that aren't HTTP.
        _ = &mut answered => return,
        () = connection.expired() => return,
        _ = stopped.wait_for(|stop| *stop) => answered.as_mut().graceful_shutdown(),
    }
    let _ = answered.await;
}

/// A stream that tells its [`Connection`] when bytes arrive.
struct Followed<S> {
    stream: S,
    connection: Arc<Connection>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Followed<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.connection.reads();
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Followed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
