//! `nosmoke import`: if a program has the folder open, imports through its gateway; otherwise opens the folder itself.

use std::path::Path;
use std::sync::Arc;

use hyper::Method;
use nosmoke_application::commands::Unattended;
use nosmoke_application::csv::{CustomerFile, read_limited, read_list};
use nosmoke_application::jobs::{
    ImportBatch, Progress, batches, check_against, counts, import_customers, imports, save_bad_lines,
};
use nosmoke_application::permission::Authority;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose, ReadOnlyFolder, machine_folder};
use nosmoke_domain::ids::TokenId;
use nosmoke_ports::contract::{AccessAct, AppError, ImportCounts, JobKind, Language};
use nosmoke_ports::{Access, AccessBy, Journal};
use serde_json::json;
use uuid::Uuid;

use crate::client::{Client, refused};
use crate::error::{Answer, Failed};
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
    /// `None` if nothing was recorded.
    import_id: Option<Uuid>,
    ended: Result<(), Failed>,
}

pub async fn import(environment: Environment, args: ImportArgs) -> Result<Answer, Failed> {
    let file = read_list(&read_limited(&args.file)?, args.choices())?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().chars().take(FILE_NAME_MAX).collect());
    let file = CustomerFile { file_name: name.unwrap_or_default(), ..file };
    let is_dry = args.dry_run;
    let done = if is_dry {
        let file = compared(&environment, &args.folder.data_dir, file).await?;
        Done { counts: counts(&file), file, import_id: None, ended: Ok(()) }
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
    let report = report(&done.file, done.counts, (is_dry, done.ended.is_ok()), done.import_id);
    match done.ended {
        Ok(()) => Ok(Answer::json(report)),
        Err(failed) => Err(Failed::Partly(report, Box::new(failed))),
    }
}

/// Compares a list with the customers of a folder that another program may have open.
async fn compared(environment: &Environment, folder: &Path, file: CustomerFile) -> Result<CustomerFile, AppError> {
    if !folder.join("journal.db").exists() {
        return Ok(file);
    }
    let read_only = ReadOnlyFolder::open(environment.clone(), folder).await?;
    let compared = check_against(&*read_only.journal(), file).await;
    read_only.close().await;
    compared
}

async fn open(environment: &Environment, args: &ImportArgs, file: CustomerFile) -> Result<Done, Failed> {
    let options = FolderOptions {
        folder: args.folder.data_dir.clone(),
        purpose: Purpose::Record { marks: machine_folder() },
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
        let before = latest(&*terminal.core.journal).await?;
        let progress = Arc::new(Progress::unfollowed(JobKind::Import, &environment.clock));
        let ended = import_customers(terminal.commands.clone(), Authority::OWNER, file.clone(), progress.clone()).await;
        let row = Access::done(AccessBy::Token(TokenId::Owner), AccessAct::Imported);
        let count = u32::try_from(progress.done()).unwrap_or(u32::MAX);
        terminal.core.access.note(row.counting(count).ended(&ended));
        let nothing = nothing(&file);
        let counts = progress.has_imported().unwrap_or(nothing);
        // The folder is locked, so another latest import is this one.
        let latest = latest(&*terminal.core.journal).await?;
        let import_id = latest.filter(|latest| Some(*latest) != before);
        Ok::<_, AppError>(Done { file, counts, import_id, ended: ended.map(|_| ()).map_err(Failed::App) })
    };
    let imported = imported.await;
    open.close().await;
    Ok(imported?)
}

/// Returns the id of the latest import of a terminal.
async fn latest(journal: &dyn Journal) -> Result<Option<Uuid>, AppError> {
    Ok(imports(journal).await?.first().map(|latest| latest.import_id))
}

/// Sends a list to the gateway in batches, one after the other, so that it is known what was done when one fails.
async fn send(client: Client, file: CustomerFile) -> Done {
    let import_id = Uuid::new_v4();
    let mut done = None;
    let ended = async {
        for batch in batches(file.clone(), import_id, SENT_ROWS)? {
            done = Some(send_batch(&client, &batch).await?);
        }
        Ok(())
    };
    let ended: Result<(), Failed> = ended.await;
    if ended.is_err() {
        // The batch whose answer was lost may have been recorded nevertheless.
        done = recorded(&client, import_id).await.or(done);
    }
    let nothing = nothing(&file);
    Done { counts: done.unwrap_or(nothing), file, import_id: done.map(|_| import_id), ended }
}

/// What was done before the first batch.
fn nothing(file: &CustomerFile) -> ImportCounts {
    ImportCounts { added: 0, updated: 0, points: 0, penalty_points: 0, ..counts(file) }
}

/// Asks the gateway what an import has done; `None` if it doesn't know the import, or doesn't answer.
async fn recorded(client: &Client, import_id: Uuid) -> Option<ImportCounts> {
    let import = client.send(Method::GET, &format!("/imports/{import_id}"), None).await.ok()?.ok()?;
    let count = |name: &str| u32::try_from(import[name].as_u64()?).ok();
    Some(ImportCounts {
        added: count("added")?,
        updated: count("updated")?,
        skipped: count("skipped")?,
        bad: count("bad")?,
        points: import["points"].as_u64()?,
        penalty_points: import["penaltyPoints"].as_u64()?,
    })
}

async fn send_batch(client: &Client, batch: &ImportBatch) -> Result<ImportCounts, Failed> {
    let row = |row: &nosmoke_application::jobs::BatchRow| {
        let profile = &row.profile;
        json!({
            "name": profile.name, "phone": profile.phone, "card": profile.card,
            "points": row.opening.points, "penaltyPoints": row.opening.penalty_points, "customerId": row.update,
        })
    };
    let body = json!({
        "fileName": batch.file_name,
        "hash": batch.hash,
        "last": batch.is_last,
        "skipped": batch.skipped,
        "bad": batch.bad,
        "penaltyCode": batch.penalty_code,
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
