//! A static file and packages on loopback: what is downloaded, and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may")]

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use data_encoding::BASE64;
use minisign::KeyPair;
use nosmoke_ports::contract::{AppError, ErrorCode, UpdateSetting};
use nosmoke_updates::{Download, Source};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const TARGET: &str = "linux-x86_64-deb";
const RUNNING: &str = "0.1.0";

/// A publisher with a key and a server of static files.
struct Publisher {
    keys: KeyPair,
    files: BTreeMap<String, Vec<u8>>,
}

impl Publisher {
    fn new() -> Self {
        Self { keys: KeyPair::generate_unencrypted_keypair().unwrap(), files: BTreeMap::new() }
    }

    /// Signs bytes as a version, in the form of `tauri signer sign`.
    fn sign(&self, package: &[u8], version: &str) -> String {
        let comment = format!("timestamp:1796205456\tfile:nosmoke-desk.deb\tversion:{version}");
        let signed = minisign::sign(None, &self.keys.sk, Cursor::new(package), Some(&comment), None).unwrap();
        BASE64.encode(signed.to_string().as_bytes())
    }

    fn announce(&mut self, version: &str, package: &[u8], signature: &str) {
        let platforms = json!({ TARGET: { "url": "nosmoke-desk.deb", "signature": signature } });
        self.publish(&json!({ "version": version, "notes": "faster", "platforms": platforms }));
        self.files.insert("/nosmoke-desk.deb".into(), package.to_vec());
    }

    fn publish(&mut self, manifest: &Value) {
        self.files.insert("/latest.json".into(), manifest.to_string().into_bytes());
    }

    /// Serves the files until the test ends.
    async fn serve(&self) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let setting = UpdateSetting {
            enabled: true,
            address: format!("http://{}/latest.json", listener.local_addr().unwrap()),
            key: BASE64.encode(self.keys.pk.to_box().unwrap().to_string().as_bytes()),
        };
        let (files, packages) = (self.files.clone(), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&packages);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = [0; 2_048];
                let read = stream.read(&mut head).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&head[..read]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or("/");
                counter.fetch_add(usize::from(path.ends_with(".deb")), Ordering::SeqCst);
                let found = files.get(path);
                let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
                let body = found.cloned().unwrap_or_default();
                let answer =
                    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.write_all(&body).await;
            }
        });
        Server { setting, packages, folder: tempfile::tempdir().unwrap() }
    }
}

struct Server {
    setting: UpdateSetting,
    /// How many packages were asked for.
    packages: Arc<AtomicUsize>,
    folder: TempDir,
}

impl Server {
    async fn bring(&self) -> Result<Option<Download>, AppError> {
        let source = Source::parse(&self.setting).unwrap();
        let offer = source.look(TARGET).await?;
        if !offer.is_newer_than(RUNNING) {
            return Ok(None);
        }
        source.download(&offer, self.folder.path(), &|| true).await
    }

    fn files(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.folder.path()).unwrap();
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    async fn refusal(&self) -> (ErrorCode, Value) {
        let refused = self.bring().await.unwrap_err();
        assert_eq!(self.files(), Vec::<String>::new(), "what isn't trusted stays nowhere");
        (refused.code, refused.params["reason"].clone())
    }
}

#[tokio::test]
async fn a_newer_version_is_downloaded_once_verified_and_replaces_an_earlier_download() {
    let mut publisher = Publisher::new();
    let signature = publisher.sign(b"package 0.2.0", "0.2.0");
    publisher.announce("v0.2.0", b"package 0.2.0", &signature);
    let server = publisher.serve().await;
    std::fs::write(server.folder.path().join("nosmoke-desk_0.1.9.deb"), "earlier").unwrap();

    let brought = server.bring().await.unwrap().unwrap();
    assert_eq!((brought.version.to_string().as_str(), brought.notes.as_str()), ("0.2.0", "faster"));
    assert_eq!(std::fs::read(&brought.path).unwrap(), b"package 0.2.0");
    assert_eq!(server.files(), ["nosmoke-desk_0.2.0.deb"]);
    server.bring().await.unwrap().unwrap();
    assert_eq!(server.packages.load(Ordering::SeqCst), 1, "a verified package isn't downloaded again");

    // Before it is installed, it is verified once more.
    std::fs::write(&brought.path, b"package 0.2.O").unwrap();
    let refused = Source::parse(&server.setting).unwrap().verify(&brought).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::UpdateUntrusted);
}

#[tokio::test]
async fn changed_bytes_another_key_and_another_version_s_signature_are_refused() {
    let mut publisher = Publisher::new();
    let signature = publisher.sign(b"package 0.2.0", "0.2.0");
    publisher.announce("0.2.0", b"package 0.2.0 and more", &signature);
    assert_eq!(publisher.serve().await.refusal().await, (ErrorCode::UpdateUntrusted, json!("signature")));

    let of_stranger = Publisher::new().sign(b"package 0.2.0", "0.2.0");
    publisher.announce("0.2.0", b"package 0.2.0", &of_stranger);
    assert_eq!(publisher.serve().await.refusal().await, (ErrorCode::UpdateUntrusted, json!("signature")));

    // An older version with holes, announced as a newer one.
    let older = publisher.sign(b"package 0.0.9", "0.0.9");
    publisher.announce("9.0.0", b"package 0.0.9", &older);
    assert_eq!(publisher.serve().await.refusal().await, (ErrorCode::UpdateUntrusted, json!("version")));

    publisher.announce("0.2.0", b"package 0.2.0", "no signature");
    assert_eq!(publisher.serve().await.refusal().await, (ErrorCode::UpdateUntrusted, json!("signature")));
}

#[tokio::test]
async fn an_older_and_the_same_version_are_nothing_new() {
    let mut publisher = Publisher::new();
    for version in ["0.0.9", RUNNING, "0.1.0-rc.1"] {
        let signature = publisher.sign(b"package", version);
        publisher.announce(version, b"package", &signature);
        let server = publisher.serve().await;
        assert!(server.bring().await.unwrap().is_none(), "{version}");
        assert_eq!(server.packages.load(Ordering::SeqCst), 0);
    }
}

#[tokio::test]
async fn an_address_that_answers_otherwise_is_unavailable_with_the_reason() {
    let mut publisher = Publisher::new();
    let detail = async |publisher: &Publisher| {
        let failed = publisher.serve().await.bring().await.unwrap_err();
        assert_eq!(failed.code, ErrorCode::UpdateUnavailable);
        failed.params["detail"].as_str().unwrap().to_owned()
    };
    assert!(detail(&publisher).await.contains("404"));
    publisher.publish(&json!({ "version": "new", "platforms": {} }));
    assert!(detail(&publisher).await.starts_with("new: "));
    publisher
        .publish(&json!({ "version": "0.2.0", "platforms": { "darwin-aarch64": { "url": "a", "signature": "" } } }));
    assert!(detail(&publisher).await.contains(TARGET));
    publisher.files.insert("/latest.json".into(), b"<html>".to_vec());
    assert!(detail(&publisher).await.contains("line 1"));
    publisher.files.insert("/latest.json".into(), vec![b' '; 65 * 1024]);
    assert!(detail(&publisher).await.contains("64 KiB"));
    let plain = json!({ TARGET: { "url": "http://example.com/a.deb", "signature": "" } });
    publisher.publish(&json!({ "version": "0.2.0", "platforms": plain }));
    assert!(detail(&publisher).await.contains("isn't https"));

    let mut nobody = publisher.serve().await;
    nobody.setting.address = "http://127.0.0.1:1/latest.json".into();
    assert_eq!(nobody.bring().await.unwrap_err().code, ErrorCode::UpdateUnavailable);
}

#[tokio::test]
async fn a_download_ends_when_somebody_signs_in_and_leaves_nothing() {
    let mut publisher = Publisher::new();
    let package = vec![7; 300_000];
    let signature = publisher.sign(&package, "0.2.0");
    publisher.announce("0.2.0", &package, &signature);
    let server = publisher.serve().await;
    let source = Source::parse(&server.setting).unwrap();
    let offer = source.look(TARGET).await.unwrap();
    let asked = AtomicUsize::new(0);
    let goes_on = || asked.fetch_add(1, Ordering::SeqCst) < 1;
    assert!(source.download(&offer, server.folder.path(), &goes_on).await.unwrap().is_none());
    assert_eq!(server.files(), Vec::<String>::new());
}
