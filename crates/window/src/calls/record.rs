//! The call `record`, through which screens run all commands.

use std::time::{Duration, SystemTime};

use nosmoke_ports::contract::{AccessAct, AppError, Outcome, RecordInput, SpanStep};
use nosmoke_ports::{Access, AccessBy};
use opentelemetry::Context;
use opentelemetry::context::FutureExt as _;

use super::call::Call;

/// If a click seems older than this, the computer's clock was set meanwhile, and the present time is used.
const MAX_CLICK_AGE: Duration = Duration::from_secs(60);

/// Runs a command; its trace begins when the key or button was pressed. An approver's PIN is checked before, and goes no
/// further than here.
pub(super) async fn record(call: &Call, input: RecordInput) -> Result<Outcome, AppError> {
    let terminal = call.terminal().await?;
    let (request, approval) = input.split();
    let subject = request.command.name();
    let begun = since(call.clicked_at);
    let click = terminal.core.traces.begin_at(SpanStep::Click, subject, &Context::new(), begun);
    let recorded = async {
        let mut caller = terminal.queries.caller().await?;
        if let Some(approval) = &approval {
            let approver = terminal.people.approver(approval).await;
            let by = AccessBy::Staff(approval.staff_id);
            terminal.core.access.note(Access::done(by, AccessAct::Approve).ended(&approver));
            caller.approver = Some(approver?);
        }
        terminal.commands.run(caller, request).await
    };
    let answer = recorded.with_context(click.context()).await;
    click.end_as(&answer);
    answer
}

/// Returns the time of a click; if that is unknown or implausible, the present time.
fn since(clicked_at: Option<f64>) -> SystemTime {
    let now = SystemTime::now();
    let clicked = clicked_at
        .and_then(|ms| Duration::try_from_secs_f64(ms / 1_000.0).ok())
        .and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    clicked.filter(|at| now.duration_since(*at).is_ok_and(|ago| ago <= MAX_CLICK_AGE)).unwrap_or(now)
}
