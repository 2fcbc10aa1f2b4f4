//! Tests of Mypage's read model on a PostgreSQL server that is given for one run.

use nosmoke_postgres::{PASSWORD, Server};
use serde_json::json;

use crate::process::{TestFolder, text};

const VARIABLE: &str = "NOSMOKE_MYPAGE_URL";

#[tokio::test]
async fn s05_a_mypage_server_can_be_given_for_one_run_without_showing_its_password() {
    let mut server = Server::start();
    let served = TestFolder::new().in_environment(VARIABLE, &server.url()).serve();
    assert!(!served.seen().contains(PASSWORD) && served.seen().contains("serve"));
    let (status, entered) = served.post("/checkIns", json!({ "smokingAreaId": "옥상" })).await;
    assert_eq!(status, 201, "{entered}");
    let mypage = format!("/mypages/{}", text(&entered, "customerId"));
    let (status, page) = served.get(&mypage).await;
    assert_eq!((status, page["visits"].as_array().map(Vec::len)), (200, Some(1)), "{page}");
    // The server is really used: without it Mypage can't be read, while everything else works.
    server.kill();
    let (status, gone) = served.get(&mypage).await;
    assert!(status >= 500, "{status} {gone}");
    assert!(!gone.to_string().contains(PASSWORD), "{gone}");
    assert_eq!(served.post("/checkIns", json!({ "smokingAreaId": "옥상" })).await.0, 201);
    // The server isn't saved: the next run uses the SQLite file again, built from the same facts.
    let mut folder = served.stop();
    folder = folder.in_environment(VARIABLE, "");
    let served = folder.serve();
    let (status, page) = served.get(&mypage).await;
    assert_eq!((status, page["visits"].as_array().map(Vec::len)), (200, Some(1)), "{page}");
}

#[test]
fn an_invalid_url_is_refused_without_being_shown() {
    for folder in [
        TestFolder::new().in_environment(VARIABLE, "mysql://desk:secret@127.0.0.1/desk"),
        TestFolder::new().with(&["--mypage-url", "mysql://desk:secret@127.0.0.1/desk"]),
    ] {
        let options: Vec<&str> = ["serve"].into_iter().chain(folder.options.iter().map(String::as_str)).collect();
        let output = folder.run(&options);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && errors.contains("postgres://"), "{errors}");
        assert!(!errors.contains("secret"), "{errors}");
    }
    let help =
        TestFolder::new().in_environment(VARIABLE, "postgres://desk:secret@127.0.0.1/desk").run(&["serve", "--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains(VARIABLE) && !help.contains("secret"), "{help}");
}
