//! `nosmoke serve` on a computer whose clock can't be right.

use std::sync::Arc;

use serde_json::json;

use crate::folder::{TestClock, enter, hold};
use crate::process::TestFolder;

/// A folder whose newest fact is of that time.
async fn folder_with_a_fact(at: &str) -> TestFolder {
    let (folder, clock) = (TestFolder::new(), Arc::new(TestClock::default()));
    clock.set(at);
    let open = hold(&folder, clock).await;
    enter(&open).await;
    open.close().await;
    folder
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_says_that_the_clock_is_doubted_and_answers_machines_nevertheless() {
    for (newest, clock, said) in [
        ("2020-01-01T00:00:00Z", "long_after_newest_fact", "over 60 days after"),
        ("2999-01-01T00:00:00Z", "before_newest_fact", "is before this terminal's newest fact"),
    ] {
        let served = folder_with_a_fact(newest).await.serve();
        served.until("/health", "clock", clock).await;
        assert_eq!(served.get("/health").await.0, 200);
        let errors = std::fs::read_to_string(served.folder.file("errors")).unwrap();
        assert!(errors.contains(said) && errors.contains("--clock-is-right"), "{errors}");
        let (status, entered) = served.post("/checkIns", json!({ "smokingAreaId": "옥상" })).await;
        assert_eq!(status, 201, "{entered}");

        // Killed and started again: it is still doubted, although the newest fact was just recorded.
        let served = served.kill().serve();
        served.until("/health", "clock", clock).await;
        let served = served.stop().with(&["--clock-is-right"]).serve();
        served.until("/health", "clock", "ok").await;
        let mut folder = served.stop();
        folder.options.clear();
        let served = folder.serve();
        served.until("/health", "clock", "ok").await;
    }
}
