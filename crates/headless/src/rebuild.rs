//! `nosmoke rebuild`: through the gateway of a running program, else with the folder opened.

use std::sync::Arc;

use nosmoke_composition::{Means, OpenFolder, Place, machine_folder};
use nosmoke_ports::Worker;
use nosmoke_ports::contract::{AppError, ErrorCode};
use reqwest::Method;

use crate::args::RebuildArgs;
use crate::client::{Client, refused};
use crate::error::Failed;

pub async fn rebuild(means: Means, args: RebuildArgs) -> Result<(), Failed> {
    let folder = &args.folder.data_dir;
    if let Some(client) = Client::find(folder).await? {
        let answer = client.send(Method::POST, "/mypages/rebuild", None).await?;
        return answer.map(|_| ()).map_err(|problem| refused(&problem));
    }
    if !folder.join("journal.db").exists() {
        return Err(AppError::new(ErrorCode::NotSetUp).into());
    }
    let place =
        Place { folder: folder.clone(), marks: machine_folder(), linked: false, connection: None, mypage: None };
    let open = OpenFolder::open(means, place, Arc::new(())).await?;
    let terminal = open.terminal().clone();
    let rebuilt = terminal.workers.rebuild_mypage().await;
    if rebuilt.is_ok() {
        while !terminal.core.feed.caught_up(&[Worker::Mypage]).await {}
    }
    drop(terminal);
    open.close().await;
    Ok(rebuilt.map_err(AppError::from)?)
}
