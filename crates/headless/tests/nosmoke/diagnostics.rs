//! Tests that the file for support has what support needs, and nothing about a person and no secret.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::process::TestFolder;

const NAME: &str = "제갈공명이";
const PHONE: &str = "010-4821-7390";
const CARD: &str = "NS-2204-0391";

/// Writes the file and returns the content of its entries.
fn diagnostics(folder: &TestFolder) -> Vec<(String, String)> {
    let out = folder.file("diagnostics.zip");
    let said = folder.json(&["diagnostics", "--out", out.to_str().unwrap()]);
    assert_eq!(said["written"], json!(out));
    let mut zip = zip::ZipArchive::new(fs::File::open(&out).unwrap()).unwrap();
    let entries = (0..zip.len()).map(|index| {
        let mut entry = zip.by_index(index).unwrap();
        let (name, mut text) = (entry.name().unwrap().into_owned(), String::new());
        entry.read_to_string(&mut text).unwrap();
        (name, text)
    });
    entries.collect()
}

fn report(entries: &[(String, String)]) -> Value {
    let (_, text) = entries.iter().find(|(name, _)| name == "report.json").unwrap();
    serde_json::from_str(text).unwrap()
}

fn expect_without(entries: &[(String, String)], secrets: &[String]) {
    for (name, text) in entries {
        for secret in secrets {
            assert!(secret.len() >= 4 && !text.contains(secret.as_str()), "{name} has {secret}: {text}");
        }
    }
}

/// Lines as a careless programmer might log them.
fn plant(data: &Path, secrets: &[String]) {
    let lines: String = secrets.iter().map(|secret| format!("WARN careless: a line with {secret} in it\n")).collect();
    fs::create_dir_all(data.join("logs")).unwrap();
    fs::write(data.join("logs/nosmoke.2026-01-01.log"), lines).unwrap();
}

#[tokio::test]
async fn diagnostics_name_no_person_and_have_no_secret() {
    let served = TestFolder::new().serve();
    let list = served.folder.file("list.csv");
    fs::write(&list, format!("name,phone,card\n{NAME},{PHONE},{CARD}\n")).unwrap();
    served.folder.json(&["import", "customers", list.to_str().unwrap()]);
    let reason = "because of 제갈공명이";
    assert_eq!(served.post("/contexts/pay/stop", json!({ "reason": reason })).await.0, 200);
    let data = served.folder.data.clone();
    fs::write(data.join("cluster-password"), "geheim-4821").unwrap();
    fs::write(data.join("mypage-password"), "geheim-7390").unwrap();
    let key = served.folder.file("key");
    let secrets =
        [NAME, PHONE, CARD, "01048217390", "geheim-4821", "geheim-7390", served.token.as_str(), "010-9999-8888"];
    let mut secrets: Vec<String> = secrets.map(str::to_owned).into();
    plant(&data, &secrets);

    // Beside the running program, with its measures.
    let beside = diagnostics(&served.folder);
    expect_without(&beside, &secrets);
    let said = report(&beside);
    assert_eq!(said["journal"]["counts"]["customers"], 1);
    assert!(said["program"]["version"].is_string() && said["system"]["sqlite"].is_string(), "{said}");
    let contexts = said["measures"]["contexts"].to_string();
    assert!(contexts.contains("stopped") && said["measures"]["metrics"].is_string(), "{contexts}");
    assert!(beside.iter().any(|(name, text)| name.starts_with("logs/") && text.contains("a line with *** in it")));

    // With the facility key, which the running program has written nowhere else.
    let folder = served.stop().with(&["--facility-key", key.to_str().unwrap()]);
    let served = folder.serve();
    secrets.push(fs::read_to_string(&key).unwrap().trim().to_owned());
    plant(&data, &secrets);
    let folder = served.stop();
    let after = diagnostics(&folder);
    expect_without(&after, &secrets);
    assert_eq!(report(&after)["journal"]["is_set_up"], true);
    assert!(report(&after)["measures"].is_null());
}

#[tokio::test]
async fn diagnostics_of_a_damaged_folder_have_the_logs_and_the_error() {
    let served = TestFolder::new().serve();
    let token = served.token.clone();
    let folder = served.stop();
    fs::write(folder.data.join("journal.db"), "this is no database".repeat(400)).unwrap();
    plant(&folder.data, &[PHONE.to_owned(), token.clone()]);
    let entries = diagnostics(&folder);
    expect_without(&entries, &[PHONE.to_owned(), token]);
    assert_eq!(report(&entries)["journal"]["error"]["code"], "storage_corrupt");
    let none = TestFolder::new();
    let refused = none.run(&["diagnostics", "--out", none.file("x.zip").to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("not_set_up"));
}

#[tokio::test]
async fn a_served_folder_has_a_log_file_of_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let served = TestFolder::new().serve();
    assert_eq!(served.post("/contexts/pay/stop", json!({})).await.0, 200);
    let logs = served.folder.data.join("logs");
    let names: Vec<_> = fs::read_dir(&logs).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [log] = &names[..] else { panic!("{names:?}") };
    assert!(fs::read_to_string(log).unwrap().contains("a context is stopped"));
    assert_eq!(fs::metadata(&logs).unwrap().permissions().mode() & 0o077, 0);
}
