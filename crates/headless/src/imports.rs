//! `nosmoke imports`: lists the imports of a terminal, or takes one back.

use std::sync::Arc;

use hyper::Method;
use nosmoke_application::jobs::{Progress, check_take_back, import_of, imports as all, take_back_import};
use nosmoke_application::permission::Authority;
use nosmoke_composition::{
    Environment, FolderOptions, OpenFolder, Purpose, ReadOnlyFolder, expect_data_folder, machine_folder,
};
use nosmoke_domain::ids::TokenId;
use nosmoke_ports::contract::{AccessAct, ImportView, JobKind};
use nosmoke_ports::{Access, AccessBy};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::args::{ImportAct, ImportsArgs};
use crate::client::{Client, refused};
use crate::error::{Answer, Failed};

pub async fn imports(environment: Environment, args: ImportsArgs) -> Result<Answer, Failed> {
    match (args.act, args.id) {
        (Some(ImportAct::TakeBack), Some(id)) => take_back(environment, &args, id).await,
        _ => list(environment, &args).await,
    }
}

async fn list(environment: Environment, args: &ImportsArgs) -> Result<Answer, Failed> {
    let read_only = ReadOnlyFolder::open(environment, &args.folder.data_dir).await?;
    let listed = all(&*read_only.journal()).await;
    read_only.close().await;
    Ok(Answer::json(json!({ "imports": listed?.into_iter().map(shown).collect::<Vec<_>>() })))
}

async fn take_back(environment: Environment, args: &ImportsArgs, id: Uuid) -> Result<Answer, Failed> {
    let folder = &args.folder.data_dir;
    if let Some(client) = Client::find(folder).await? {
        let path = format!("/imports/{id}");
        let taken_back = match client.send_long(Method::DELETE, &path).await? {
            Ok(import) => import,
            Err(problem) => return Err(refused(&problem)),
        };
        return Ok(Answer::json(taken_back));
    }
    expect_data_folder(folder)?;
    let options = FolderOptions {
        folder: folder.clone(),
        purpose: Purpose::Record { marks: machine_folder() },
        replicates: false,
        connection: None,
        mypage: None,
    };
    let open = OpenFolder::open(environment.clone(), options, Arc::new(())).await?;
    let taken_back = async {
        let terminal = open.terminal().clone();
        let journal = &*terminal.core.journal;
        let import = import_of(journal, id).await?;
        if import.taken_back_at.is_none() {
            check_take_back(&terminal, Authority::OWNER, id).await?;
            let progress = Arc::new(Progress::unfollowed(JobKind::TakeBackImport, &environment.clock));
            let taken_back = take_back_import(terminal.commands.clone(), Authority::OWNER, id, progress.clone()).await;
            let row = Access::done(AccessBy::Token(TokenId::Owner), AccessAct::ImportTakenBack);
            let count = u32::try_from(progress.done()).unwrap_or(u32::MAX);
            terminal.core.access.note(row.counting(count).ended(&taken_back));
            taken_back?;
        }
        import_of(journal, id).await
    };
    let taken_back = taken_back.await;
    open.close().await;
    Ok(Answer::json(shown(taken_back?)))
}

/// Returns an import in the form of the gateway.
fn shown(view: ImportView) -> Value {
    json!({
        "id": view.import_id,
        "fileName": view.file_name,
        "at": nosmoke_gateway::time(view.at),
        "added": view.counts.added,
        "updated": view.counts.updated,
        "skipped": view.counts.skipped,
        "bad": view.counts.bad,
        "points": view.counts.points,
        "penaltyPoints": view.counts.penalty_points,
        "complete": view.complete,
        "takenBackAt": view.taken_back_at.map(nosmoke_gateway::time),
        "erased": view.erased,
    })
}
