//! Mypage's read model on a server that is named for one run.

use nosmoke_postgres::{PASSWORD, Server};
use serde_json::json;

use crate::process::{Place, text};

const VARIABLE: &str = "NOSMOKE_MYPAGE_URL";

#[tokio::test]
async fn s05_a_server_for_mypage_is_given_for_a_run_without_its_password_being_seen() {
    let mut server = Server::start();
    let served = Place::new().in_environment(VARIABLE, &server.url()).serve();
    assert!(!served.seen().contains(PASSWORD) && served.seen().contains("serve"));
    let (status, entered) = served.post("/checkIns", json!({ "smokingAreaId": "옥상" })).await;
    assert_eq!(status, 201, "{entered}");
    let mypage = format!("/mypages/{}", text(&entered, "customerId"));
    let (status, page) = served.get(&mypage).await;
    assert_eq!((status, page["visits"].as_array().map(Vec::len)), (200, Some(1)), "{page}");
    // It really is there: without the server there is no page, and everything else goes on.
    server.kill();
    let (status, gone) = served.get(&mypage).await;
    assert!(status >= 500, "{status} {gone}");
    assert!(!gone.to_string().contains(PASSWORD), "{gone}");
    assert_eq!(served.post("/checkIns", json!({ "smokingAreaId": "옥상" })).await.0, 201);
    // Nothing of it is kept: the next run has its own file again, made from the same facts.
    let mut place = served.stop();
    place = place.in_environment(VARIABLE, "");
    let served = place.serve();
    let (status, page) = served.get(&mypage).await;
    assert_eq!((status, page["visits"].as_array().map(Vec::len)), (200, Some(1)), "{page}");
}

#[test]
fn a_url_that_is_none_is_refused_without_being_told() {
    for place in [
        Place::new().in_environment(VARIABLE, "mysql://desk:secret@127.0.0.1/desk"),
        Place::new().with(&["--mypage-url", "mysql://desk:secret@127.0.0.1/desk"]),
    ] {
        let options: Vec<&str> = ["serve"].into_iter().chain(place.options.iter().map(String::as_str)).collect();
        let output = place.run(&options);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && errors.contains("postgres://"), "{errors}");
        assert!(!errors.contains("secret"), "{errors}");
    }
    let help = Place::new().in_environment(VARIABLE, "postgres://desk:secret@127.0.0.1/desk").run(&["serve", "--help"]);
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains(VARIABLE) && !help.contains("secret"), "{help}");
}
