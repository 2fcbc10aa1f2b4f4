//! Taking an import back, and an import that breaks off: by the command line and by the gateway.

use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};

use crate::process::{ANSWER_TIMEOUT, Served, TestFolder, answer, text};

fn list(folder: &TestFolder, people: usize) -> String {
    let path = folder.file("list.csv");
    let rows: String = (0..people).map(|at| format!("고객 {at},010-7777-{at:04}\n")).collect();
    std::fs::write(&path, format!("이름,전화\n{rows}")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn exported(folder: &TestFolder) -> usize {
    let out = folder.file("customers.csv");
    assert!(folder.run(&["export", "customers", "--out", out.to_str().unwrap()]).status.success());
    std::fs::read_to_string(out).unwrap().lines().count() - 1
}

#[tokio::test]
async fn s06_an_import_is_taken_back_with_and_without_a_running_program() {
    let folder = TestFolder::new();
    let file = list(&folder, 450);
    let done = folder.json(&["import", "customers", &file]);
    let id = text(&done, "importId");
    let listed = folder.json(&["imports"]);
    let first = &listed["imports"][0];
    assert_eq!((&first["id"], &first["added"], &first["takenBackAt"]), (&json!(id), &json!(450), &Value::Null));
    assert_eq!(exported(&folder), 450);
    let taken_back = folder.json(&["imports", "take-back", &id]);
    assert_eq!((&taken_back["erased"], taken_back["takenBackAt"].is_string()), (&json!(450), true), "{taken_back}");
    assert_eq!(exported(&folder), 0);
    // A second time is no error, and the file isn't known any more.
    assert_eq!(folder.json(&["imports", "take-back", &id])["erased"], 450);
    let again = folder.json(&["import", "customers", &file]);
    assert_eq!(again["imported"], 450);

    let served = folder.serve();
    let id = text(&again, "importId");
    let (status, of_gateway) = served.get("/imports").await;
    assert_eq!((status, &of_gateway["items"][0]["id"]), (200, &json!(id)));
    assert_eq!(of_gateway["items"], served.folder.json(&["imports"])["imports"], "both say the same");
    let taken_back = served.folder.json(&["imports", "take-back", &id]);
    assert_eq!(taken_back, served.get(&format!("/imports/{id}")).await.1);
    assert_eq!((taken_back["erased"].as_u64(), exported(&served.folder)), (Some(450), 0));
    let (status, again) = answer(served.request(Method::DELETE, &format!("/imports/{id}"))).await;
    assert_eq!((status, again), (200, taken_back));
    for (id, status) in [("01900000-0000-7000-8000-000000000000", 404), ("x", 404)] {
        for method in [Method::GET, Method::DELETE] {
            let (found, problem) = answer(served.request(method, &format!("/imports/{id}"))).await;
            assert_eq!((found, &problem["code"]), (status, &json!("unknown_import")));
        }
    }
}

/// Returns the id of a customer who was imported.
fn imported(folder: &TestFolder, name: &str) -> String {
    let out = folder.file("customers.csv");
    assert!(folder.run(&["export", "customers", "--language", "en", "--out", out.to_str().unwrap()]).status.success());
    let all = std::fs::read_to_string(out).unwrap();
    let line = all.lines().find(|line| line.starts_with(&format!("{name},"))).unwrap();
    line.rsplit(',').next().unwrap().to_owned()
}

#[tokio::test]
async fn s06_an_import_of_which_somebody_has_come_stays() {
    let served = TestFolder::new().serve();
    let file = list(&served.folder, 3);
    let id = text(&served.folder.json(&["import", "customers", &file]), "importId");
    let customer = imported(&served.folder, "고객 1");
    let (status, _) = served.post("/checkIns", json!({ "smokingAreaId": "1", "customerId": customer })).await;
    assert_eq!(status, 201);
    let (code, refused) = served.folder.with_json(&["imports", "take-back", &id]);
    assert_eq!((code, &refused["error"]["code"]), (Some(1), &json!("import_used")), "{refused}");
    let (status, problem) = answer(served.request(Method::DELETE, &format!("/imports/{id}"))).await;
    assert_eq!((status, &problem["code"]), (409, &json!("import_used")));
    assert_eq!(exported(&served.folder), 3);
    let folder = served.stop();
    let (code, refused) = folder.with_json(&["imports", "take-back", &id]);
    assert_eq!((code, &refused["error"]["code"]), (Some(1), &json!("import_used")), "{refused}");
}

/// Waits until an import has recorded some batches, and returns its id.
async fn begun(served: &Served) -> String {
    let begun = Instant::now();
    loop {
        let (_, listed) = served.get("/imports").await;
        let first = &listed["items"][0];
        if first["added"].as_u64() >= Some(120) {
            return text(first, "id");
        }
        assert!(begun.elapsed() < ANSWER_TIMEOUT, "nothing was imported");
    }
}

#[tokio::test]
async fn s06_an_import_that_breaks_off_tells_what_it_did_and_goes_on_later() {
    let served = TestFolder::new().serve();
    let file = list(&served.folder, 4_000);
    let mut command = served.folder.command(&["import", "customers", &file, "--json"]);
    let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let id = begun(&served).await;
    // The gateway goes away in the middle of it.
    let folder = served.kill();
    let output = child.wait_with_output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (output.status.code(), &said["complete"], &said["importId"]),
        (Some(1), &json!(false), &json!(id)),
        "{said}"
    );
    assert!(said["error"]["message"].is_string(), "{said}");
    let told = said["imported"].as_u64().unwrap();
    let served = folder.serve();
    let (_, import) = served.get(&format!("/imports/{id}")).await;
    let (added, complete) = (import["added"].as_u64().unwrap(), &import["complete"]);
    // The batch on its way was recorded or not; the import itself knows.
    assert!(told <= added && added <= told + 40 && added < 4_000, "{said} {import}");
    assert_eq!((complete, exported(&served.folder) as u64), (&json!(false), added));
    let rest = served.folder.json(&["import", "customers", &file]);
    assert_eq!(rest["imported"], 4_000 - added);
    assert_eq!(exported(&served.folder), 4_000);
    // What the broken one did can be taken back by itself.
    assert_eq!(served.folder.json(&["imports", "take-back", &id])["erased"], added);
    assert_eq!(exported(&served.folder) as u64, 4_000 - added);
}

/// After a crash a stranger may listen on the port that is noted in the folder.
#[tokio::test]
async fn s06_a_stranger_on_the_old_port_receives_no_token() {
    let served = TestFolder::new().serve();
    let address = served.base.trim_start_matches("http://").to_owned();
    let folder = served.kill();
    let stranger = std::net::TcpListener::bind(&address).unwrap();
    stranger.set_nonblocking(true).unwrap();
    let file = list(&folder, 2);
    assert_eq!(folder.json(&["import", "customers", &file])["imported"], 2);
    assert_eq!(stranger.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "somebody was called");
}
