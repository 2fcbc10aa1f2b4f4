use std::time::{Duration, SystemTime};

use nosmoke_ports::contract::{AppError, Occupancy, Outcome, RecentInput, RecentRecord, SpanStep, SyncChip};
use opentelemetry::Context;
use opentelemetry::context::FutureExt as _;
use tauri::State;

use super::input;
use crate::shell::Shell;

/// What was clicked longer ago is said to have begun now: a clock was set meanwhile.
const LONGEST_CLICK: Duration = Duration::from_secs(60);

/// The one way in for everything that records. `clicked_at` is when the key or the button was pressed, in ms since 1970: there
/// the trace begins.
#[tauri::command]
pub(crate) async fn record(
    shell: State<'_, Shell>,
    input: serde_json::Value,
    clicked_at: Option<f64>,
) -> Result<Outcome, AppError> {
    let terminal = shell.terminal().await?;
    let subject = input.pointer("/command/type").and_then(serde_json::Value::as_str).unwrap_or_default();
    let click = terminal.core.traces.begin_at(SpanStep::Click, subject, &Context::new(), since(clicked_at));
    let recorded = async {
        let recorder = terminal.queries.recorder().await?;
        terminal.commands.record(recorder, input.clone()).await
    };
    let answer = recorded.with_context(click.context()).await;
    click.end_as(&answer);
    answer
}

/// When a click began; now, where that isn't said or wasn't a moment ago.
fn since(clicked_at: Option<f64>) -> SystemTime {
    let now = SystemTime::now();
    let clicked = clicked_at
        .and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok())
        .and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    clicked.filter(|at| now.duration_since(*at).is_ok_and(|ago| ago <= LONGEST_CLICK)).unwrap_or(now)
}

#[tauri::command]
pub(crate) async fn occupancy(shell: State<'_, Shell>) -> Result<Occupancy, AppError> {
    shell.terminal().await?.queries.occupancy().await
}

#[tauri::command]
pub(crate) async fn recent_records(
    shell: State<'_, Shell>,
    input: serde_json::Value,
) -> Result<Vec<RecentRecord>, AppError> {
    let input = self::input::<RecentInput>(input)?;
    shell.terminal().await?.queries.recent_records(input).await
}

#[tauri::command]
pub(crate) async fn sync_chip(shell: State<'_, Shell>) -> Result<SyncChip, AppError> {
    shell.terminal().await?.queries.sync_chip().await
}
