#![allow(clippy::unwrap_used, reason = "a test may")]

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use nosmoke_composition::{Environment, Installation};
use serde_json::{Value, json};

use super::super::updates_state::Updates;
use super::*;
use crate::calls;
use crate::testing::FakeHost;

const PACKAGE: &str = "hello\n";
/// The package's signature as version 1.2.3 and the key, as `tauri signer` wrote both.
const SIGNATURE: &str = "dW50cnVzdGVkIGNvbW1lbnQ6IHNpZ25hdHVyZSBmcm9tIHRhdXJpIHNlY3JldCBrZXkKUlVSUGxweW5EcUtVSDhLajBjNTNNQ25EWVU2YWEyOWZqMVY3Wi9TOTgzM054NytnRHdDRWVFQWJ3Tk9EbEFtSzlCTjVvNXVMWGZGNWd3Q0pVVVFjQmg2anQzdkVSWHZCY1FnPQp0cnVzdGVkIGNvbW1lbnQ6IHRpbWVzdGFtcDoxNzk2MjA1NDU2CWZpbGU6eC5kZWIJdmVyc2lvbjoxLjIuMwpLd3YrREYxN1ZlVzNaU2VHaklCeTlzOWZneE4xckJhNm1pdmxsdkpScVo3NkxXZDRNeGdWM1pWTGJ6bG03RnNJa01HUkp1RXY3bllMak1STS9KR1NBdz09Cg==";
const KEY: &str = "dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXk6IDFGOTRBMjBFQTc5Qzk2NEYKUldSUGxweW5EcUtVSDBMWWFqa0p4WXVqRWVEMWY3b0N1RDRuSkxZU0puTGxRVmZKTU16bkVmYUsK";

/// Serves the static file and the package until the test ends; returns the file's address.
fn publish(version: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/latest.json", listener.local_addr().unwrap());
    let package = json!({ "url": "x.deb", "signature": SIGNATURE });
    let platforms = json!({ Installation::of_system().target: package });
    let manifest = json!({ "version": version, "notes": "faster", "platforms": platforms }).to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 2_048];
            let read = stream.read(&mut head).unwrap_or(0);
            let is_package = head[..read].starts_with(b"GET /x.deb");
            let body = if is_package { PACKAGE } else { &manifest };
            let _ =
                write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
        }
    });
    address
}

struct Desk {
    shell: Shell,
    manager: Value,
    folder: tempfile::TempDir,
}

impl Desk {
    /// A facility whose manager is signed in, installed from a package; `installer` takes the place of the system's tool.
    async fn new(installer: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment::of_system("test", "0.1.0");
        let mut shell = Shell::new(Arc::new(FakeHost::default()), Some(folder.path().join("data")), None, environment);
        shell.updates = Arc::new(Updates::new(Installation {
            switched_off: folder.path().join("no-updates"),
            is_packaged: true,
            installer: installer.iter().map(OsString::from).collect(),
            ..Installation::of_system()
        }));
        let mut desk = Self { shell, manager: Value::Null, folder };
        desk.call("start", Value::Null).await.unwrap();
        let areas = json!([{ "name": "453!#FEQ" }]);
        let set_up = json!({
            "facilityName": "한빛역", "terminalName": "단말 1", "areas": areas, "managerName": "박서연", "pin": "135790",
        });
        desk.manager = desk.call("set_up", set_up).await.unwrap()["session"]["staff"]["staffId"].clone();
        desk
    }

    async fn call(&self, name: &str, input: Value) -> Result<Value, AppError> {
        let answer = calls::answer(&self.shell, name, input, None).await?;
        Ok(serde_json::from_str(&answer).unwrap())
    }

    async fn enable(&self, address: &str) -> Result<Value, AppError> {
        self.call("save_updates", json!({ "enabled": true, "address": address, "key": KEY })).await
    }

    /// Locks, lets the program look, and signs the manager in again.
    async fn look_while_locked(&self) -> Value {
        self.call("lock", Value::Null).await.unwrap();
        self.shell.look_if_due().await;
        self.call("sign_in", json!({ "staffId": self.manager, "pin": "135790" })).await.unwrap();
        self.call("updates", Value::Null).await.unwrap()
    }

    fn packages(&self) -> usize {
        fs::read_dir(self.shell.packages()).map_or(0, Iterator::count)
    }
}

fn refused(answer: Result<Value, AppError>) -> (ErrorCode, Value) {
    let error = answer.unwrap_err();
    (error.code, error.params["reason"].clone())
}

#[tokio::test]
async fn versions_are_off_by_default_and_looked_for_only_while_nobody_is_signed_in() {
    let desk = Desk::new(&["true"]).await;
    let view = desk.look_while_locked().await;
    assert_eq!((&view["setting"]["enabled"], &view["lookedAt"]), (&json!(false), &Value::Null));
    let view = desk.enable(&publish("1.2.3")).await.unwrap();
    assert_eq!((&view["setting"]["enabled"], &view["unavailable"]), (&json!(true), &Value::Null));

    desk.shell.look_if_due().await;
    let view = desk.call("updates", Value::Null).await.unwrap();
    assert_eq!((&view["lookedAt"], desk.packages()), (&Value::Null, 0), "somebody is signed in");

    let view = desk.look_while_locked().await;
    assert_eq!((&view["ready"]["version"], &view["ready"]["notes"]), (&json!("1.2.3"), &json!("faster")));
    assert_eq!((&view["ready"]["sizeBytes"], &view["problem"]), (&json!(6), &Value::Null));
    assert_eq!(desk.packages(), 1);
}

#[tokio::test]
async fn a_manager_has_the_verified_package_installed_and_it_is_not_offered_again() {
    let installed = tempfile::NamedTempFile::new().unwrap();
    let target = installed.path().display().to_string();
    let desk = Desk::new(&["cp", "--target-directory", "/nowhere"]).await;
    desk.enable(&publish("1.2.3")).await.unwrap();
    let path = desk.look_while_locked().await["ready"]["path"].as_str().unwrap().to_owned();
    let failed = desk.call("install_update", Value::Null).await;
    assert_eq!(refused(failed), (ErrorCode::UpdateNotInstalled, json!("failed")));

    let desk = with_installer(desk, &["sh", "-c", &format!("cp \"$0\" {target}")]);
    let view = desk.look_while_locked().await;
    assert_eq!(view["ready"]["path"], path.as_str());
    let view = desk.call("install_update", Value::Null).await.unwrap();
    assert_eq!((&view["installed"], &view["ready"]), (&json!("1.2.3"), &Value::Null));
    assert_eq!(fs::read_to_string(installed.path()).unwrap(), PACKAGE);
    assert_eq!(refused(desk.call("install_update", Value::Null).await), (ErrorCode::UpdateNotInstalled, json!("none")));
    desk.shell.updates.state.lock().due_at = Duration::ZERO;
    let view = desk.look_while_locked().await;
    assert_eq!((&view["ready"], &view["installed"]), (&Value::Null, &json!("1.2.3")));
}

#[tokio::test]
async fn a_package_that_was_changed_on_the_disk_is_not_installed() {
    let desk = Desk::new(&["true"]).await;
    desk.enable(&publish("1.2.3")).await.unwrap();
    let view = desk.look_while_locked().await;
    fs::write(Path::new(view["ready"]["path"].as_str().unwrap()), "hello!").unwrap();
    let answer = desk.call("install_update", Value::Null).await;
    assert_eq!(refused(answer), (ErrorCode::UpdateUntrusted, json!("signature")));
    assert_eq!(desk.call("updates", Value::Null).await.unwrap()["ready"], Value::Null);
}

#[tokio::test]
async fn a_signature_of_another_version_is_shown_as_the_problem_and_nothing_is_kept() {
    let desk = Desk::new(&["true"]).await;
    desk.enable(&publish("9.0.0")).await.unwrap();
    let view = desk.look_while_locked().await;
    assert_eq!(view["problem"], json!({ "code": "update_untrusted", "params": { "reason": "version" } }));
    assert_eq!((&view["ready"], desk.packages()), (&Value::Null, 0));
}

#[tokio::test]
async fn the_administrator_s_file_a_wrong_address_and_a_wrong_key_are_refused_in_words() {
    let desk = Desk::new(&["true"]).await;
    let address = publish("1.2.3");
    let save = |address: &str, key: &str| json!({ "enabled": true, "address": address, "key": key });
    let wrong = desk.call("save_updates", save("http://example.com/latest.json", KEY)).await.unwrap_err();
    assert_eq!((wrong.code, &wrong.params["field"]), (ErrorCode::InvalidUrl, &json!("updates")));
    let wrong = desk.call("save_updates", save(&address, "a key")).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::InvalidUpdateKey);
    let trial = desk.call("try_updates", save(&address, KEY)).await.unwrap();
    assert_eq!(trial, json!({ "version": "1.2.3", "isNewer": true }));

    desk.enable(&address).await.unwrap();
    fs::write(desk.folder.path().join("no-updates"), "").unwrap();
    let view = desk.look_while_locked().await;
    assert_eq!((&view["unavailable"], &view["lookedAt"]), (&json!("administrator"), &Value::Null));
    for (call, input) in
        [("install_update", Value::Null), ("try_updates", save(&address, KEY)), ("save_updates", save(&address, KEY))]
    {
        assert_eq!(refused(desk.call(call, input).await), (ErrorCode::UpdatesOff, json!("administrator")), "{call}");
    }
    // It can be switched off all the same.
    let off = json!({ "enabled": false, "address": address, "key": KEY });
    assert_eq!(desk.call("save_updates", off).await.unwrap()["setting"]["enabled"], false);
}

/// The same desk with another tool; what was found stays.
fn with_installer(mut desk: Desk, installer: &[&str]) -> Desk {
    let installation = Installation {
        installer: installer.iter().map(OsString::from).collect(),
        ..desk.shell.updates.installation.clone()
    };
    let updates = Updates::new(installation);
    *updates.state.lock() = desk.shell.updates.state.lock().clone();
    desk.shell.updates = Arc::new(updates);
    desk
}
