//! `nosmoke import`: if a program has the folder open, imports through its gateway; otherwise opens the folder itself.

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::commands::Unattended;
use nosmoke_application::csv::{CustomerFile, read_limited, read_list};
use nosmoke_application::jobs::{
    ImportBatch, Progress, batches, check_against, counts, import_customers, save_bad_lines,
};
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, ReadOnlyFolder, machine_folder};
use nosmoke_ports::contract::{AppError, ImportCounts, JobKind, Language};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::client::{Client, refused};
use crate::error::{Failed, say};
use crate::folder_args::Tongue;
use crate::import_args::ImportArgs;
use crate::import_report::report;

/// The number of rows sent to a gateway in one request, whose body may have 64 KiB.
const SENT_ROWS: usize = 40;
/// How often a request is sent whose response is lost. A batch is recorded once, however often it is sent.
const ATTEMPTS: u32 = 3;
/// A file name in a request may have as many characters.
const FILE_NAME_MAX: usize = 200;

/// What was done, and why no more was.
struct Done {
    file: CustomerFile,
    counts: ImportCounts,
    ended: Result<(), Failed>,
}

pub async fn import(environment: Environment, args: ImportArgs) -> Result<(), Failed> {
    let file = read_list(&read_limited(&args.file)?, args.choices())?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().chars().take(FILE_NAME_MAX).collect());
    let file = CustomerFile { file_name: name.unwrap_or_default(), ..file };
    let is_dry = args.dry_run;
    let done = if is_dry {
        let file = compared(&environment, &args.folder.data_dir, file).await?;
        Done { counts: counts(&file), file, ended: Ok(()) }
    } else {
        if let Some(problem) = file.problem {
            return Err(problem.into());
        }
        match Client::find(&args.folder.data_dir).await? {
            Some(client) => send(client, compared(&environment, &args.folder.data_dir, file).await?).await,
            None => open(&environment, &args, file).await?,
        }
    };
    if let Some(path) = &args.bad_lines {
        let language = if args.language == Some(Tongue::En) { Language::En } else { Language::Ko };
        let progress = Arc::new(Progress::unfollowed(JobKind::Export, &environment.clock));
        save_bad_lines(done.file.clone(), language, std::path::absolute(path)?, progress).await?;
    }
    // Also if it broke off: what was done stays done.
    say(report(&done.file, done.counts, is_dry, done.ended.is_ok()))?;
    done.ended
}

/// Compares a list with the customers of a folder that another program may have open.
async fn compared(environment: &Environment, folder: &Path, file: CustomerFile) -> Result<CustomerFile, AppError> {
    if !folder.join("journal.db").exists() {
        return Ok(file);
    }
    let read_only = ReadOnlyFolder::open(environment.clone(), folder).await?;
    let compared = async {
        let queries = read_only.queries().await?;
        check_against(&*queries.core.journal, file).await
    };
    let compared = compared.await;
    read_only.close().await;
    compared
}

async fn open(environment: &Environment, args: &ImportArgs, file: CustomerFile) -> Result<Done, Failed> {
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
        let recorder = terminal.queries.recorder().await?;
        let progress = Arc::new(Progress::unfollowed(JobKind::Import, &environment.clock));
        let ended = import_customers(terminal.commands.clone(), recorder, file.clone(), progress.clone()).await;
        let nothing = ImportCounts { added: 0, updated: 0, ..counts(&file) };
        let counts = progress.has_imported().unwrap_or(nothing);
        Ok::<_, AppError>(Done { file, counts, ended: ended.map(|_| ()).map_err(Failed::App) })
    };
    let imported = imported.await;
    open.close().await;
    Ok(imported?)
}

/// Sends a list to the gateway in batches, one after the other, so that it is known what was done when one fails.
async fn send(client: Client, file: CustomerFile) -> Done {
    let mut done = ImportCounts { added: 0, updated: 0, ..counts(&file) };
    let ended = async {
        for batch in batches(file.clone(), Uuid::new_v4(), SENT_ROWS)? {
            done = send_batch(&client, &batch).await?;
        }
        Ok(())
    };
    let ended = ended.await;
    Done { file, counts: done, ended }
}

async fn send_batch(client: &Client, batch: &ImportBatch) -> Result<ImportCounts, Failed> {
    let row = |row: &nosmoke_application::jobs::BatchRow| {
        let profile = &row.profile;
        json!({ "name": profile.name, "phone": profile.phone, "card": profile.card, "customerId": row.update })
    };
    let body = json!({
        "fileName": batch.file_name,
        "hash": batch.hash,
        "last": batch.is_last,
        "skipped": batch.skipped,
        "bad": batch.bad,
        "rows": batch.rows.iter().map(row).collect::<Vec<_>>(),
    });
    let path = format!("/imports/{}/batches/{}", batch.import_id, batch.step);
    let mut attempt = 1;
    loop {
        match client.send(Method::PUT, &path, Some(&body)).await {
            Ok(Ok(counts)) => {
                return serde_json::from_value(counts).map_err(|error| Failed::Other(error.to_string()));
            }
            Ok(Err(problem)) => return Err(refused(&problem)),
            Err(failed) if attempt == ATTEMPTS => return Err(failed),
            Err(_) => attempt += 1,
        }
    }
}
