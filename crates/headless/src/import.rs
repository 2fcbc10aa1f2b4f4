//! `nosmoke import`: if a program has the folder open, imports through its gateway; otherwise opens the folder itself.

use std::sync::Arc;

use nosmoke_application::commands::Unattended;
use nosmoke_application::csv::{CustomerFile, CustomerRow, read_customers, read_limited};
use nosmoke_application::jobs::{Progress, check_against, import_customers};
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, machine_folder};
use nosmoke_ports::contract::{AppError, JobKind};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::args::ImportArgs;
use crate::client::{Client, refused};
use crate::error::{Failed, say};

/// Most requests sent to a gateway at once.
const MAX_PARALLEL: usize = 16;

/// The number of a line that wasn't imported, and the error code.
type SkippedLine = (u32, Value);

pub async fn import(environment: Environment, args: ImportArgs) -> Result<(), Failed> {
    let file = read_customers(&read_limited(&args.file)?)?;
    let total = file.rows.len();
    let mut skipped = match Client::find(&args.folder.data_dir).await? {
        Some(client) => send(client, file).await?,
        None => open(&environment, &args, file).await?,
    };
    skipped.sort_by_key(|(line, _)| *line);
    let lines: Vec<Value> = skipped.iter().map(|(line, code)| json!({ "line": line, "code": code })).collect();
    say(json!({ "imported": total - lines.len(), "leftOut": lines }))
}

fn code_of(error: &AppError) -> Value {
    serde_json::to_value(error.code).unwrap_or_default()
}

fn bad_lines(file: &CustomerFile) -> Vec<SkippedLine> {
    let problem = |row: &CustomerRow| Some((row.line, code_of(row.problem.as_ref()?)));
    file.rows.iter().filter_map(problem).collect()
}

async fn open(environment: &Environment, args: &ImportArgs, file: CustomerFile) -> Result<Vec<SkippedLine>, Failed> {
    let options = FolderOptions {
        folder: args.folder.data_dir.clone(),
        marks: machine_folder(),
        replicates: false,
        connection: None,
        mypage: None,
    };
    let mut open = OpenFolder::open(environment.clone(), options, Arc::new(())).await?;
    let imported = async {
        if !open.is_set_up().await? {
            open.set_up_unattended(Unattended::default()).await?;
        }
        let terminal = open.terminal().clone();
        let file = check_against(&*terminal.core.journal, file).await?;
        let bad = bad_lines(&file);
        let recorder = terminal.queries.recorder().await?;
        let progress = Arc::new(Progress::unfollowed(JobKind::Import, &environment.clock));
        import_customers(terminal.commands.clone(), recorder, file, progress).await?;
        Ok::<_, AppError>(bad)
    };
    let imported = imported.await;
    open.close().await;
    Ok(imported?)
}

async fn send(client: Client, file: CustomerFile) -> Result<Vec<SkippedLine>, Failed> {
    let mut skipped = bad_lines(&file);
    let mut sending = JoinSet::new();
    let mut good = file.rows.into_iter().filter(|row| row.problem.is_none());
    loop {
        while sending.len() < MAX_PARALLEL
            && let Some(row) = good.next()
        {
            let client = client.clone();
            sending.spawn(async move {
                let body = json!({ "name": row.profile.name, "phone": row.profile.phone, "card": row.profile.card });
                (row.line, client.send(Method::POST, "/customers", Some(&body)).await)
            });
        }
        let Some(sent) = sending.join_next().await else { return Ok(skipped) };
        let (line, answer) = sent.map_err(|error| Failed::Other(error.to_string()))?;
        match answer? {
            Ok(_) => {}
            Err(problem) if problem["code"] == "card_taken" => skipped.push((line, problem["code"].clone())),
            Err(problem) => return Err(refused(&problem)),
        }
    }
}
