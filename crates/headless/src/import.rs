//! `nosmoke import`: through the gateway of a running program, else with the folder opened.

use std::sync::Arc;

use nosmoke_application::commands::Unattended;
use nosmoke_application::csv::{CustomerFile, CustomerRecord, read_customers, read_limited};
use nosmoke_application::jobs::{Progress, check_against, import_customers};
use nosmoke_composition::{Means, OpenFolder, Place, machine_folder};
use nosmoke_ports::contract::{AppError, JobKind};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::args::ImportArgs;
use crate::client::{Client, refused};
use crate::error::{Failed, say};

/// Customers on the way to a gateway at once.
const AT_ONCE: usize = 16;

/// A line that was left out, and why.
type LeftOut = (u32, Value);

pub async fn import(means: Means, args: ImportArgs) -> Result<(), Failed> {
    let file = read_customers(&read_limited(&args.file)?)?;
    let total = file.records.len();
    let mut left_out = match Client::find(&args.folder.data_dir).await? {
        Some(client) => send(client, file).await?,
        None => open(&means, &args, file).await?,
    };
    left_out.sort_by_key(|(line, _)| *line);
    let lines: Vec<Value> = left_out.iter().map(|(line, code)| json!({ "line": line, "code": code })).collect();
    say(json!({ "imported": total - lines.len(), "leftOut": lines }))
}

fn code_of(error: &AppError) -> Value {
    serde_json::to_value(error.code).unwrap_or_default()
}

fn bad_lines(file: &CustomerFile) -> Vec<LeftOut> {
    let problem = |record: &CustomerRecord| Some((record.line, code_of(record.problem.as_ref()?)));
    file.records.iter().filter_map(problem).collect()
}

async fn open(means: &Means, args: &ImportArgs, file: CustomerFile) -> Result<Vec<LeftOut>, Failed> {
    let place = Place {
        folder: args.folder.data_dir.clone(),
        marks: machine_folder(),
        linked: false,
        connection: None,
        mypage: None,
    };
    let mut open = OpenFolder::open(means.clone(), place, Arc::new(())).await?;
    let imported = async {
        if !open.is_set_up().await? {
            open.set_up_unattended(Unattended::default()).await?;
        }
        let terminal = open.terminal().clone();
        let file = check_against(&*terminal.core.journal, file).await?;
        let bad = bad_lines(&file);
        let recorder = terminal.queries.recorder().await?;
        let progress = Arc::new(Progress::unfollowed(JobKind::Import, &means.clock));
        import_customers(terminal.commands.clone(), recorder, file, progress).await?;
        Ok::<_, AppError>(bad)
    };
    let imported = imported.await;
    open.close().await;
    Ok(imported?)
}

async fn send(client: Client, file: CustomerFile) -> Result<Vec<LeftOut>, Failed> {
    let mut left_out = bad_lines(&file);
    let mut sending = JoinSet::new();
    let mut good = file.records.into_iter().filter(|record| record.problem.is_none());
    loop {
        while sending.len() < AT_ONCE
            && let Some(record) = good.next()
        {
            let client = client.clone();
            sending.spawn(async move {
                let body =
                    json!({ "name": record.profile.name, "phone": record.profile.phone, "card": record.profile.card });
                (record.line, client.send(Method::POST, "/customers", Some(&body)).await)
            });
        }
        let Some(sent) = sending.join_next().await else { return Ok(left_out) };
        let (line, answer) = sent.map_err(|error| Failed::Other(error.to_string()))?;
        match answer? {
            Ok(_) => {}
            Err(problem) if problem["code"] == "card_taken" => left_out.push((line, problem["code"].clone())),
            Err(problem) => return Err(refused(&problem)),
        }
    }
}
