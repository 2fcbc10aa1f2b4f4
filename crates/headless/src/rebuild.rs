//! `nosmoke rebuild`: if a program has the folder open, rebuilds through its gateway; otherwise opens the folder
//! itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::Method;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose, expect_data_folder};
use nosmoke_ports::Worker;
use nosmoke_ports::contract::AppError;
use serde_json::json;

use crate::args::RebuildArgs;
use crate::client::{Client, refused};
use crate::error::{Answer, Failed};
use crate::texts::{Both, both};

const POLL_INTERVAL: Duration = Duration::from_millis(50);
/// How long the projector may fail before the command gives up.
const FAILING_TIMEOUT: Duration = Duration::from_secs(10);

pub async fn rebuild(environment: Environment, args: RebuildArgs) -> Result<Answer, Failed> {
    let folder = &args.folder.data_dir;
    if let Some(client) = Client::find(folder).await? {
        client.send_long(Method::POST, "/mypages/rebuild").await?.map_err(|problem| refused(&problem))?;
        until_rebuilt(async || {
            let contexts = client.send(Method::GET, "/contexts", None).await?.map_err(|problem| refused(&problem))?;
            let mypage = contexts.as_array().and_then(|all| all.iter().find(|context| context["name"] == "mypage"));
            let state = mypage.map(|context| (&context["state"], context["lag"].as_u64()));
            Ok(match state {
                Some((state, Some(0))) if state == "running" => Step::Done,
                Some((state, _)) if state == "failing" => Step::Failing,
                Some((state, _)) if state == "stopped" => Step::Stopped,
                _ => Step::Building,
            })
        })
        .await?;
        return Ok(done());
    }
    expect_data_folder(folder)?;
    let options = FolderOptions {
        folder: folder.clone(),
        purpose: Purpose::Read,
        replicates: false,
        connection: None,
        mypage: None,
    };
    let open = OpenFolder::open(environment, options, Arc::new(())).await?;
    let terminal = open.terminal().clone();
    let rebuilt = terminal.workers.rebuild_mypage().await;
    let built = match rebuilt {
        Ok(()) => {
            let feed = terminal.core.feed.clone();
            let target = feed.last_written();
            until_rebuilt(async || {
                Ok(match (feed.checkpoint(Worker::Mypage) >= target, feed.is_failing(Worker::Mypage)) {
                    (true, _) => Step::Done,
                    (false, true) => Step::Failing,
                    (false, false) => Step::Building,
                })
            })
            .await
        }
        Err(error) => Err(AppError::from(error).into()),
    };
    drop(terminal);
    open.close().await;
    built.map(|()| done())
}

enum Step {
    Building,
    Failing,
    Stopped,
    Done,
}

/// Waits until the read model is built.
///
/// # Errors
/// If the context mypage is stopped, or has failed without a break for `FAILING_TIMEOUT`: it tries again by itself.
async fn until_rebuilt(look: impl AsyncFn() -> Result<Step, Failed>) -> Result<(), Failed> {
    let mut failing_since = None;
    loop {
        match look().await? {
            Step::Done => return Ok(()),
            Step::Building => failing_since = None,
            Step::Stopped => return Err(Failed::Told(STOPPED)),
            Step::Failing => {
                if failing_since.get_or_insert_with(Instant::now).elapsed() > FAILING_TIMEOUT {
                    return Err(Failed::Told(FAILING));
                }
            }
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

const STOPPED: Both = both(
    "마이페이지를 비웠지만 서비스가 멈춰 있어 다시 만들지 못합니다. nosmoke contexts start mypage로 시작하면 다시 만듭니다.",
    "Mypage was emptied, but its context is stopped, so it isn't built again until nosmoke contexts start mypage",
);
const FAILING: Both = both(
    "마이페이지를 비웠지만 다시 만들지 못하고 있습니다. 데이터베이스가 답하는지 로그에서 확인하세요. 프로그램이 실행 중이면 저절로 다시 \
     시도합니다.",
    "Mypage was emptied, but it can't be built again; the log has the reason, for example a database that doesn't answer. \
     A running program tries again by itself",
);

fn done() -> Answer {
    Answer::with_text(json!({ "rebuilt": "mypage" }), String::new())
}
