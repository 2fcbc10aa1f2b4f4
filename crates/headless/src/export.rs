//! `nosmoke export`: opens the folder, whose projectors process all facts before the export. If another program has the
//! folder open, opens it read-only and waits for that program's projectors.

use std::sync::Arc;

use nosmoke_application::jobs::{Progress, export_customers, export_histories};
use nosmoke_application::queries::Queries;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, ReadOnlyFolder, machine_folder};
use nosmoke_ports::contract::{AppError, ErrorCode, ExportInput, JobKind, Language};

use crate::args::{ExportArgs, Tongue, What};
use crate::error::Failed;

pub async fn export(environment: Environment, args: ExportArgs) -> Result<(), Failed> {
    if args.what == What::Customers && (args.from.is_some() || args.to.is_some()) {
        return Err(Failed::Other("--from and --to can only be given with histories".into()));
    }
    let folder = &args.folder.data_dir;
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
    match OpenFolder::open(environment.clone(), options, Arc::new(())).await {
        Ok(open) => {
            let written = write(&environment, &args, open.terminal().queries.clone()).await;
            open.close().await;
            written
        }
        Err(error) if error.code == ErrorCode::FolderInUse => {
            let read_only = ReadOnlyFolder::open(environment.clone(), folder).await?;
            let late =
                || Failed::Other("the program that has the folder open didn't process all facts within 60 s".into());
            let written = match read_only.queries_when_folded().await? {
                Some(queries) => write(&environment, &args, queries).await,
                None => Err(late()),
            };
            read_only.close().await;
            written
        }
        Err(error) => Err(error.into()),
    }
}

async fn write(environment: &Environment, args: &ExportArgs, queries: Queries) -> Result<(), Failed> {
    let language = match args.language {
        Some(Tongue::Ko) => Language::Ko,
        Some(Tongue::En) => Language::En,
        None => queries.preferences().await?.language,
    };
    let progress = Arc::new(Progress::unfollowed(JobKind::Export, &environment.clock));
    let out = std::path::absolute(&args.out)?;
    match args.what {
        What::Customers => export_customers(queries, language, out, progress).await?,
        What::Histories => {
            let input = ExportInput { customer_id: None, from: args.from.clone(), to: args.to.clone() };
            export_histories(queries, input, language, out, progress).await?
        }
    };
    Ok(())
}
