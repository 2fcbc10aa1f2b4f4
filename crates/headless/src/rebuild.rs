//! `nosmoke rebuild`: if a program has the folder open, rebuilds through its gateway; otherwise opens the folder
//! itself.

use std::sync::Arc;

use nosmoke_composition::{Environment, FolderOptions, OpenFolder, machine_folder};
use nosmoke_ports::Worker;
use nosmoke_ports::contract::{AppError, ErrorCode};
use reqwest::Method;

use crate::args::RebuildArgs;
use crate::client::{Client, refused};
use crate::error::Failed;

pub async fn rebuild(environment: Environment, args: RebuildArgs) -> Result<(), Failed> {
    let folder = &args.folder.data_dir;
    if let Some(client) = Client::find(folder).await? {
        let answer = client.send(Method::POST, "/mypages/rebuild", None).await?;
        return answer.map(|_| ()).map_err(|problem| refused(&problem));
    }
    if !folder.join("journal.db").exists() {
        return Err(AppError::new(ErrorCode::NotSetUp).into());
    }
    let options = FolderOptions {
        folder: folder.clone(),
        marks: machine_folder(),
        replicates: false,
        connection: None,
        mypage: None,
    };
    let open = OpenFolder::open(environment, options, Arc::new(())).await?;
    let terminal = open.terminal().clone();
    let rebuilt = terminal.workers.rebuild_mypage().await;
    if rebuilt.is_ok() {
        while !terminal.core.feed.caught_up(&[Worker::Mypage]).await {}
    }
    drop(terminal);
    open.close().await;
    Ok(rebuilt.map_err(AppError::from)?)
}
