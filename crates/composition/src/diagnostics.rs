//! The file that support asks for: a ZIP with the logs, versions, settings, counts and measures. It names no person, and has
//! no key, token or password.

mod masking;
mod report;
mod zipped;

use std::path::{Path, PathBuf};

use nosmoke_application::queries::Queries;
use nosmoke_ports::contract::{AppError, ErrorCode, ServicesView};
use serde_json::{Value, json};

use crate::options::Environment;

use masking::Masking;

/// What the contexts of a running program have measured.
#[derive(Debug, Clone)]
pub struct Measures(Value);

impl Measures {
    /// Takes the states and the traffic from the view of the Services screen, without names and typed reasons.
    pub fn of_services(view: &ServicesView) -> Self {
        let contexts = view.contexts.iter().map(|context| {
            let mut context = json!(context);
            if let Some(stopped) = context.get_mut("stoppedBy").and_then(Value::as_object_mut) {
                stopped.remove("staffName");
                stopped.remove("reason");
            }
            context
        });
        let contexts: Vec<Value> = contexts.collect();
        Self(json!({ "since": view.measured_since, "contexts": contexts, "edges": view.edges }))
    }

    /// What the gateway of a running program answers about its contexts, and its metrics as text.
    pub fn of_gateway(mut contexts: Value, metrics: Option<String>) -> Self {
        without_reasons(&mut contexts);
        Self(json!({ "contexts": contexts, "metrics": metrics }))
    }
}

/// Removes typed reasons and names from the contexts, at any depth.
fn without_reasons(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("staffName");
            object.remove("reason");
            object.values_mut().for_each(without_reasons);
        }
        Value::Array(values) => values.iter_mut().for_each(without_reasons),
        _ => {}
    }
}

/// Writes the file for support, which appears as a whole or not at all. `opened` has the folder's journal, or the error for
/// which it couldn't be opened: the logs are needed most then.
///
/// # Errors
/// `file_unwritable`, `disk_full`.
pub async fn write_diagnostics(
    environment: &Environment,
    folder: &Path,
    opened: Result<&Queries, AppError>,
    measures: Option<Measures>,
    out: PathBuf,
) -> Result<(), AppError> {
    let (journal, masking) = match opened {
        Ok(queries) => {
            let read =
                async { Ok::<_, AppError>((report::of_journal(queries).await?, Masking::of(folder, queries).await?)) };
            match read.await {
                Ok(read) => read,
                Err(error) => (json!({ "error": error }), Masking::of_files(folder)),
            }
        }
        Err(error) => (json!({ "error": error }), Masking::of_files(folder)),
    };
    let report = report::whole(environment, folder, journal, measures.map(|Measures(measures)| measures));
    let folder = folder.to_owned();
    let written = tokio::task::spawn_blocking(move || zipped::write(&out, &folder, &report, &masking)).await;
    written.unwrap_or_else(|error| Err(AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() }))))
}
