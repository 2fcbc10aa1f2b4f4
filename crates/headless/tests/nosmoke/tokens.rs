//! `nosmoke tokens`, on a closed folder and through a running program, and what command lines leave in the access log.

use std::process::Command;

use serde_json::{Value, json};

use crate::process::{Served, TestFolder, text};

async fn status(served: &Served, token: &str, path: &str) -> u16 {
    served.http.get(format!("{}{path}", served.base)).bearer_auth(token).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_made_used_rotated_and_revoked_by_the_command_line() {
    let folder = TestFolder::new();
    std::fs::write(folder.file("list.csv"), "name\n홍길동\n").unwrap();
    folder.json(&["import", "customers", folder.file("list.csv").to_str().unwrap()]);
    let made = folder.json(&["tokens", "make", "--name", "정문", "--scopes", "enter,read"]);
    assert_eq!((&made["name"], &made["scopes"]), (&json!("정문"), &json!(["enter", "read"])));
    let (id, secret) = (text(&made, "id"), text(&made, "secret"));
    assert_eq!(secret.len(), "nosmoke_".len() + 64);
    let kept = std::fs::read_to_string(folder.data.join("tokens")).unwrap();
    assert!(!kept.contains(&secret["nosmoke_".len()..]), "only the hash is stored");
    let (code, refused) = folder.with_json(&["tokens", "make", "--name", "정문", "--scopes", "leave"]);
    assert_eq!((code, &refused["error"]["code"]), (Some(1), &json!("token_name_taken")));

    let served = folder.serve();
    assert_eq!(status(&served, &secret, "/areas").await, 200);
    assert_eq!(status(&served, &secret, "/imports").await, 403);
    let entered = served.http.post(format!("{}/checkIns", served.base)).bearer_auth(&secret);
    let entered = entered.json(&json!({ "smokingAreaId": "453!#FEQ" })).send().await.unwrap();
    assert_eq!(entered.status().as_u16(), 201);
    let visit = entered.json::<Value>().await.unwrap();
    let (_, mypage) = served.get(&format!("/mypages/{}", text(&visit, "customerId"))).await;
    assert_eq!(mypage["visits"][0]["by"], "정문");

    let rotated = served.folder.json(&["tokens", "rotate", &id]);
    let second = text(&rotated, "secret");
    assert_eq!((status(&served, &secret, "/areas").await, status(&served, &second, "/areas").await), (200, 200));
    let listed = served.folder.json(&["tokens", "list"]);
    assert_eq!((&listed["items"][0]["id"], &listed["items"][1]["id"]), (&json!("owner"), &json!(id)));
    assert!(listed["items"][1]["lastUsedAt"].is_string() && listed["items"][1]["earlierUntil"].is_string());
    assert!(!listed.to_string().contains(&second));
    served.folder.json(&["tokens", "revoke", &id]);
    assert_eq!((status(&served, &secret, "/areas").await, status(&served, &second, "/areas").await), (401, 401));

    let before = served.token.clone();
    let owner = served.folder.json(&["tokens", "rotate", "owner"]);
    assert_eq!(owner["secret"], Value::Null);
    let after = std::fs::read_to_string(served.folder.data.join("gateway.token")).unwrap();
    assert_ne!(before, after);
    assert_eq!((status(&served, &before, "/areas").await, status(&served, &after, "/areas").await), (200, 200));
    // The command line reads the new one.
    served.folder.json(&["tokens", "list"]);
    let (code, refused) = served.folder.with_json(&["tokens", "revoke", "owner"]);
    assert_eq!((code, &refused["error"]["code"]), (Some(1), &json!("owner_token")));
}

#[test]
fn command_lines_leave_rows_in_the_access_log_and_no_name() {
    let folder = TestFolder::new();
    std::fs::write(folder.file("list.csv"), "name\n홍길동\n").unwrap();
    folder.json(&["import", "customers", folder.file("list.csv").to_str().unwrap()]);
    let out = folder.file("out.csv");
    assert!(folder.run(&["export", "customers", "--out", out.to_str().unwrap(), "--reason", "audit"]).status.success());
    let into = folder.folder("backups");
    let (_, made) = folder.with_json(&["backup", "--out", into.to_str().unwrap()]);
    assert!(folder.run(&["restore", made["path"].as_str().unwrap(), "--yes"]).status.success());
    let log = folder.data.join("access.db");
    let sql = "SELECT group_concat(act || ' ' || by_id || ' ' || outcome || coalesce(' ' || reason, ''), ', ') \
               FROM access WHERE by_kind = 'token'";
    let rows = Command::new("sqlite3").arg(&log).arg(sql).output();
    // Where the program sqlite3 isn't installed, only the names are looked for.
    if let Ok(rows) = rows {
        let rows = String::from_utf8(rows.stdout).unwrap();
        assert_eq!(
            rows.trim(),
            "imported owner done, exported owner done audit, backedUp owner done, restored owner done"
        );
    }
    let bytes = std::fs::read(&log).unwrap();
    assert!(bytes.starts_with(b"SQLite format 3") && !String::from_utf8_lossy(&bytes).contains("홍길동"));
}
