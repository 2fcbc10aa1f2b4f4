//! `nosmoke export`: opens the folder, whose projectors process all facts before the export. If another program has the
//! folder open, opens it read-only and waits for that program's projectors.

use std::path::Path;
use std::sync::Arc;

use nosmoke_application::csv::STANDARD_OUTPUT;
use nosmoke_application::jobs::{Progress, export_customers, export_histories};
use nosmoke_application::queries::Queries;
use nosmoke_composition::{Environment, FolderOptions, OpenFolder, Purpose, ReadOnlyFolder, expect_data_folder};
use nosmoke_domain::ids::TokenId;
use nosmoke_ports::contract::{AccessAct, AccessReason, ErrorCode, ExportInput, JobKind, Language};
use nosmoke_ports::{Access, AccessBy};
use serde_json::{Value, json};

use crate::args::{ExportArgs, Tongue, What};
use crate::error::{Answer, Failed};
use crate::texts::both;

pub async fn export(environment: Environment, args: ExportArgs, as_json: bool) -> Result<Answer, Failed> {
    if args.what == What::Customers && (args.from.is_some() || args.to.is_some()) {
        return Err(Failed::Usage(both(
            "--from과 --to는 histories에만 쓸 수 있습니다.",
            "--from and --to can only be given with histories",
        )));
    }
    if as_json && args.out == Path::new(STANDARD_OUTPUT) {
        return Err(Failed::Usage(both(
            "--json과 --out -는 함께 쓸 수 없습니다. 둘 다 표준 출력에 씁니다.",
            "--json and --out - don't go together: both write to the standard output",
        )));
    }
    let folder = &args.folder.data_dir;
    expect_data_folder(folder)?;
    let options = FolderOptions {
        folder: folder.clone(),
        purpose: Purpose::Read,
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
            let late = || {
                Failed::Told(both(
                    "데이터 폴더를 쓰는 프로그램이 60초 안에 모든 기록을 처리하지 못했습니다.",
                    "the program that has the folder open didn't process all facts within 60 s",
                ))
            };
            let written = match read_only.queries_when_folded(args.what == What::Histories).await? {
                Some(queries) => write(&environment, &args, queries).await,
                None => Err(late()),
            };
            read_only.close().await;
            written
        }
        Err(error) => Err(error.into()),
    }
}

async fn write(environment: &Environment, args: &ExportArgs, queries: Queries) -> Result<Answer, Failed> {
    let language = match args.language {
        Some(Tongue::Ko) => Language::Ko,
        Some(Tongue::En) => Language::En,
        None => queries.preferences().await?.language,
    };
    let progress = Arc::new(Progress::unfollowed(JobKind::Export, &environment.clock));
    let is_output = args.out == Path::new(STANDARD_OUTPUT);
    let out = if is_output { args.out.clone() } else { std::path::absolute(&args.out)? };
    let path = out.display().to_string();
    let (noted, reason) = (queries.clone(), args.reason.unwrap_or(AccessReason::Other));
    let written = match args.what {
        What::Customers => export_customers(queries, language, out, progress.clone()).await,
        What::Histories => {
            let input = ExportInput { from: args.from.clone(), to: args.to.clone(), ..ExportInput::default() };
            export_histories(queries, input, language, out, progress.clone()).await
        }
    };
    let row = Access::done(AccessBy::Token(TokenId::Owner), AccessAct::Exported).because(Some(reason));
    let count = u32::try_from(progress.done()).unwrap_or(u32::MAX);
    noted.core.access.note(row.counting(count).ended(&written));
    // If that fails, it is logged; what was written is written.
    let _ = noted.write_access_log().await;
    written?;
    // The table was the answer.
    Ok(Answer::with_text(if is_output { Value::Null } else { json!({ "path": path }) }, String::new()))
}
