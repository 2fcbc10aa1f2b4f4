//! What a report for support has: versions, settings without secrets, sizes, counts and measures.

use std::fs;
use std::path::Path;

use chrono::SecondsFormat;
use nosmoke_application::queries::Queries;
use nosmoke_application::settings;
use nosmoke_ports::contract::{AppError, Connection, MypageEngine};
use nosmoke_ports::{Read, ReferenceKind, StoreError, Worker, read};
use nosmoke_replication::joining::connection;
use nosmoke_runtime::connection::ConnectionState;
use serde_json::{Value, json};

use crate::disk::free_bytes;
use crate::logs::{log_folder, log_state};
use crate::options::Environment;

const ENTRIES_MAX: usize = 200;

/// Puts the report together.
pub(super) fn whole(environment: &Environment, folder: &Path, journal: Value, measures: Option<Value>) -> Value {
    json!({
        "made_at": environment.clock.now().to_rfc3339_opts(SecondsFormat::Millis, true),
        "program": { "name": environment.client, "version": environment.version, "debug": cfg!(debug_assertions) },
        "system": system(),
        "folder": { "path": folder.display().to_string(), "files": files(folder), "logs": files(&log_folder(folder)), "free_bytes": free_bytes(folder) },
        "logs": { "problem": log_state().problem, "lost": log_state().lost() },
        "journal": journal,
        "measures": measures,
    })
}

fn system() -> Value {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").ok();
    json!({
        "os": std::env::consts::OS,
        "arch": std::env::consts::ARCH,
        "name": name.map(|name| name.trim_matches('"')),
        "kernel": kernel.as_deref().map(str::trim),
        "cores": std::thread::available_parallelism().ok(),
        "sqlite": nosmoke_store::sqlite_version(),
        "desktop": std::env::var("XDG_CURRENT_DESKTOP").ok(),
        "session": std::env::var("XDG_SESSION_TYPE").ok(),
        "locale": std::env::var("LANG").ok(),
        "has_session_bus": std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some(),
    })
}

/// The names and sizes of the files of a folder. Their content isn't read.
fn files(folder: &Path) -> Value {
    let Ok(entries) = fs::read_dir(folder) else { return Value::Null };
    let described = entries.flatten().take(ENTRIES_MAX).map(|entry| {
        let size = entry.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len());
        (entry.file_name().to_string_lossy().into_owned(), json!(size))
    });
    described.collect::<serde_json::Map<_, _>>().into()
}

/// Reads the settings and counts.
///
/// # Errors
/// An error of the store.
pub(super) async fn of_journal(queries: &Queries) -> Result<Value, AppError> {
    let preferences = queries.preferences().await?;
    let mut journal = read::<_, StoreError>(&*queries.core.journal, counts_and_settings).await?;
    journal["settings"]["preferences"] = json!(preferences);
    journal["mypage_checkpoint"] = match queries.mypage.checkpoint().await {
        Ok(checkpoint) => json!(checkpoint),
        Err(error) => json!({ "error": AppError::from(error) }),
    };
    journal["connection"] = match queries.core.connection.state() {
        ConnectionState::Alone => json!("alone"),
        ConnectionState::Offline { since } => json!({ "offline_since": since.timestamp_millis() }),
        ConnectionState::Online { since, reading } => {
            json!({ "online_since": since.timestamp_millis(), "reading": reading })
        }
    };
    Ok(journal)
}

fn counts_and_settings(tx: &mut dyn Read) -> Result<Value, StoreError> {
    let (extent, pending, origin) = (tx.extent()?, tx.pending_totals()?, tx.origin()?);
    let workers = [Worker::CheckIn, Worker::Point, Worker::Penalty, Worker::Review, Worker::Mypage];
    let checkpoints: Vec<(String, i64)> = workers
        .into_iter()
        .map(|worker| Ok((format!("{worker:?}"), tx.checkpoint(worker)?)))
        .collect::<Result<_, StoreError>>()?;
    let (mut after, mut customers) = (None, 0);
    loop {
        let profiles = tx.profiles_after(after, ENTRIES_MAX)?;
        let Some(last) = profiles.last() else { break };
        (after, customers) = (Some(last.customer_id), customers + profiles.len());
    }
    let Connection { servers, transport, ca_file, certificate_file, user, password_kept, prefix, .. } =
        connection::kept(tx)?;
    let gateway = settings::gateway::kept(tx)?;
    let tracing = settings::tracing::kept(tx)?;
    let mypage = match settings::mypage_engine::kept(tx)? {
        MypageEngine::Sqlite => json!("sqlite"),
        MypageEngine::Postgres(server) => {
            json!({ "host": server.host, "port": server.port, "transport": server.transport })
        }
    };
    Ok(json!({
        "is_set_up": origin.is_some(),
        "facility_id": origin.map(|origin| origin.facility_id),
        "terminal_id": origin.map(|origin| origin.terminal_id),
        "incarnation": origin.map(|origin| origin.incarnation),
        "counts": {
            "facts": extent.facts,
            "incarnations": extent.heads.len(),
            "last_change": tx.last_change()?,
            "customers": customers,
            "pending_facts": pending.facts,
            "pending_documents": pending.documents,
            "quarantined": tx.quarantine_count()?,
            "areas": tx.references(ReferenceKind::Area)?.len(),
            "terminals": tx.references(ReferenceKind::Terminal)?.len(),
        },
        "checkpoints": checkpoints.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "settings": {
            "gateway": gateway,
            "connection": {
                "servers": servers, "prefix": prefix, "transport": transport, "has_ca_file": !ca_file.is_empty(),
                "has_certificate": !certificate_file.is_empty(), "has_user": !user.is_empty(), "has_password": password_kept,
            },
            "mypage": mypage,
            "sends_spans": { "otlp": tracing.otlp.is_some(), "zipkin": tracing.zipkin.is_some() },
        },
    }))
}
