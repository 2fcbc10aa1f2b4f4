//! `nosmoke export`: beside a running program, else with the folder opened, so that nothing recorded is left out.

use std::sync::Arc;

use nosmoke_application::jobs::{Progress, export_customers, export_histories};
use nosmoke_application::queries::Queries;
use nosmoke_composition::{Beside, Means, OpenFolder, Place, machine_folder};
use nosmoke_ports::contract::{AppError, ErrorCode, ExportInput, JobKind, Language};

use crate::args::{ExportArgs, Tongue, What};
use crate::error::Failed;

pub async fn export(means: Means, args: ExportArgs) -> Result<(), Failed> {
    if args.what == What::Customers && (args.from.is_some() || args.to.is_some()) {
        return Err(Failed::Other("--from and --to are of histories".into()));
    }
    let folder = &args.folder.data_dir;
    if !folder.join("journal.db").exists() {
        return Err(AppError::new(ErrorCode::NotSetUp).into());
    }
    let place =
        Place { folder: folder.clone(), marks: machine_folder(), linked: false, connection: None, mypage: None };
    match OpenFolder::open(means.clone(), place, Arc::new(())).await {
        Ok(open) => {
            let written = write(&means, &args, open.terminal().queries.clone()).await;
            open.close().await;
            written
        }
        Err(error) if error.code == ErrorCode::FolderInUse => {
            let beside = Beside::open(means.clone(), folder).await?;
            let late =
                || Failed::Other("the program that has the folder open hasn't folded everything within 60 s".into());
            let written = match beside.queries_when_folded().await? {
                Some(queries) => write(&means, &args, queries).await,
                None => Err(late()),
            };
            beside.close().await;
            written
        }
        Err(error) => Err(error.into()),
    }
}

async fn write(means: &Means, args: &ExportArgs, queries: Queries) -> Result<(), Failed> {
    let language = match args.language {
        Some(Tongue::Ko) => Language::Ko,
        Some(Tongue::En) => Language::En,
        None => queries.preferences().await?.language,
    };
    let progress = Arc::new(Progress::unfollowed(JobKind::Export, &means.clock));
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
