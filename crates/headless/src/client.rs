//! A client for the gateway of a running program, which has a data folder open. On Unix it uses the socket in the folder.
//! Elsewhere it uses the noted port; there the gateway must first prove that it knows the token, because a stranger may
//! listen on the port.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use nosmoke_composition::{gateway_address, gateway_socket, gateway_token, is_in_use};
use nosmoke_gateway::proof;
use nosmoke_ports::contract::AppError;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::error::Failed;

/// How long to wait for the gateway's first response; after that the gateway counts as not running.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// For a request that erases up to 100,000 customers.
const LONG_TIMEOUT: Duration = Duration::from_mins(15);
/// Largest answer that is read, in bytes; the gateway's are far smaller.
const MAX_ANSWER_BYTES: usize = 16 << 20;

/// How the gateway is reached.
#[derive(Debug, Clone)]
enum Way {
    #[cfg_attr(not(unix), allow(dead_code, reason = "there are no sockets"))]
    Socket(PathBuf),
    Port(SocketAddr),
}

#[derive(Debug, Clone)]
pub struct Client {
    way: Way,
    token: String,
}

impl Client {
    /// Finds the gateway of the program that has a folder open; `None` if none answers.
    pub async fn find(folder: &Path) -> Result<Option<Self>, Failed> {
        if !is_in_use(folder)? {
            return Ok(None);
        }
        let Some(token) = gateway_token(folder)? else { return Ok(None) };
        let way = if cfg!(unix) {
            Way::Socket(gateway_socket(folder))
        } else {
            let Some(address) = gateway_address(folder)? else { return Ok(None) };
            Way::Port(address)
        };
        let client = Self { way, token };
        let here = tokio::time::timeout(PROBE_TIMEOUT, client.exchange(Method::GET, "/openapi.json", None)).await;
        Ok(matches!(here, Ok(Ok((status, _))) if status.is_success()).then_some(client))
    }

    /// Sends a request. The inner error is a problem that the gateway returned, as JSON.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Result<Value, Value>, Failed> {
        self.answered(method, path, body, REQUEST_TIMEOUT).await
    }

    /// Requests a text, such as the metrics.
    pub async fn text(&self, path: &str) -> Result<String, Failed> {
        let (_, bytes) = within(REQUEST_TIMEOUT, self.exchange(Method::GET, path, None)).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Sends a request without a body that may take minutes.
    pub async fn send_long(&self, method: Method, path: &str) -> Result<Result<Value, Value>, Failed> {
        self.answered(method, path, None, LONG_TIMEOUT).await
    }

    async fn answered(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        timeout: Duration,
    ) -> Result<Result<Value, Value>, Failed> {
        let (status, bytes) = within(timeout, self.exchange(method, path, body)).await?;
        let answer = json(&bytes)?;
        Ok(if status.is_success() { Ok(answer) } else { Err(answer) })
    }

    /// Sends one request over a connection of its own.
    async fn exchange(&self, method: Method, path: &str, body: Option<&Value>) -> Result<(StatusCode, Bytes), Failed> {
        let mut connection = self.connect().await?;
        let bytes = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let mut request = Request::builder().method(method).uri(path).header(HOST, "localhost");
        request = request.header(AUTHORIZATION, format!("Bearer {}", self.token));
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let request = request.body(Full::new(bytes)).map_err(failed)?;
        send(&mut connection, request).await
    }

    async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Failed> {
        match &self.way {
            #[cfg(unix)]
            Way::Socket(path) => begin(nosmoke_gateway::connect_local(path).await.map_err(failed)?).await,
            #[cfg(not(unix))]
            Way::Socket(_) => Err(failed("there are no sockets")),
            Way::Port(address) => {
                let mut connection = begin(TcpStream::connect(address).await.map_err(failed)?).await?;
                self.expect_proof(&mut connection, *address).await?;
                Ok(connection)
            }
        }
    }

    /// Asks for the proof over the same connection over which the token is to be sent.
    async fn expect_proof(&self, connection: &mut SendRequest<Full<Bytes>>, address: SocketAddr) -> Result<(), Failed> {
        let nonce = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let request = Request::builder().uri(format!("/proof/{nonce}")).header(HOST, "localhost");
        let (_, answer) = send(connection, request.body(Full::default()).map_err(failed)?).await?;
        if json(&answer)?["proof"] != proof(&self.token, address, &nonce) {
            return Err(failed("another program listens on its port"));
        }
        Ok(())
    }
}

async fn begin<S>(stream: S) -> Result<SendRequest<Full<Bytes>>, Failed>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(failed)?;
    // Ends with the sender; its errors are those of the request.
    tokio::spawn(connection);
    Ok(sender)
}

async fn send(
    connection: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Result<(StatusCode, Bytes), Failed> {
    connection.ready().await.map_err(failed)?;
    let response = connection.send_request(request).await.map_err(failed)?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES).collect().await.map_err(failed)?;
    Ok((status, body.to_bytes()))
}

async fn within<T>(timeout: Duration, answer: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    tokio::time::timeout(timeout, answer).await.unwrap_or_else(|_| Err(failed("it doesn't answer")))
}

fn json(bytes: &[u8]) -> Result<Value, Failed> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(bytes).map_err(|error| Failed::Other(format!("the gateway's answer isn't JSON: {error}")))
}

fn failed(error: impl std::fmt::Display) -> Failed {
    Failed::Other(format!("can't reach the gateway: {error}"))
}

/// Converts a problem that the gateway returned to an error of this program.
pub fn refused(problem: &Value) -> Failed {
    match serde_json::from_value(problem["code"].clone()) {
        Ok(code) => Failed::App(AppError::with(code, problem.clone())),
        Err(_) => Failed::Refused(problem.clone()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    const TOKEN: &str = "the token of this test";

    /// Answers each request on a connection by what `answer` makes of its path, and returns all that was received.
    async fn listen(listener: TcpListener, answer: impl Fn(&str) -> String) -> String {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut received = String::new();
        let mut buffer = [0; 4096];
        loop {
            let count = stream.read(&mut buffer).await.unwrap();
            if count == 0 {
                return received;
            }
            let request = String::from_utf8_lossy(&buffer[..count]).into_owned();
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            received += &request;
            let body = answer(&path);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        }
    }

    #[tokio::test]
    async fn on_a_port_only_who_knows_the_token_receives_it() {
        let of = |token: &'static str, off: u16| async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let client = Client { way: Way::Port(address), token: TOKEN.to_owned() };
            // A stranger that passes on the proof of the true gateway, which listens elsewhere, has another address.
            let proven = SocketAddr::new(address.ip(), address.port().wrapping_add(off));
            let answer = move |path: &str| match path.strip_prefix("/proof/") {
                Some(nonce) => serde_json::json!({ "proof": proof(token, proven, nonce) }).to_string(),
                None => "{}".to_owned(),
            };
            let sent = async move { client.send(Method::GET, "/contexts", None).await.is_ok() };
            let (received, is_sent) = tokio::join!(listen(listener, answer), sent);
            (is_sent, received.contains(TOKEN))
        };
        assert_eq!(of(TOKEN, 0).await, (true, true));
        assert_eq!(of("another token", 0).await, (false, false));
        assert_eq!(of(TOKEN, 1).await, (false, false));
    }
}
