//! `nosmoke diagnostics`: writes the file that support asks for.

use hyper::Method;
use nosmoke_composition::{Environment, Measures, ReadOnlyFolder, write_diagnostics};
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

use crate::args::DiagnosticsArgs;
use crate::client::Client;
use crate::error::{Answer, Failed};

pub async fn diagnostics(environment: Environment, args: DiagnosticsArgs) -> Result<Answer, Failed> {
    let folder = &args.folder.data_dir;
    if !folder.is_dir() {
        return Err(AppError::new(ErrorCode::NotSetUp).into());
    }
    let out = std::path::absolute(&args.out)?;
    let measures = measures(&args).await;
    match ReadOnlyFolder::open(environment.clone(), folder).await {
        Ok(open) => {
            let queries = open.queries().await;
            let read = queries.as_ref().map_err(Clone::clone);
            let written = write_diagnostics(&environment, folder, read, measures, out.clone()).await;
            open.close().await;
            written?;
        }
        Err(error) => write_diagnostics(&environment, folder, Err(error), measures, out.clone()).await?,
    }
    Ok(Answer::json(json!({ "written": out })))
}

/// Asks the gateway of the program that has the folder open; `None` if none answers.
async fn measures(args: &DiagnosticsArgs) -> Option<Measures> {
    let client = Client::find(&args.folder.data_dir).await.ok().flatten()?;
    let contexts = client.send(Method::GET, "/contexts", None).await.ok()?.ok()?;
    Some(Measures::of_gateway(contexts, client.text("/metrics").await.ok()))
}
