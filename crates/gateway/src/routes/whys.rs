//! `/mypages/{customerId}/why`: what a customer's balance and standing are made of, now or at another moment (context
//! mypage).

use axum::Json;
use axum::extract::Path;
use chrono::DateTime;
use nosmoke_application::permission::Act;
use nosmoke_ports::contract::{
    ErrorCode, LineKind, LotView, Moment, MomentView, PointsLine, PointsWhy, UtcMs, Why, WhyInput,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::prohibits::Prohibit;
use crate::answer::time;
use crate::asked::Asked;
use crate::problem::{Problem, Problems};
use crate::request::{QueryParams, id};

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Explanation {
    /// The moment that it is about.
    #[schema(format = DateTime)]
    at: String,
    prohibit: Prohibit,
    /// Null for a token without the scope `operate`.
    point: Option<PointReasons>,
    /// With `view=known`: when this terminal's data was restored or copied; null if it never was. Of earlier moments it
    /// knows only what the backup or the original had.
    #[schema(format = DateTime)]
    known_since: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PointReasons {
    balance: i64,
    /// How many lines are left out, the oldest ones.
    earlier: u32,
    /// The balance after those.
    earlier_balance: i64,
    /// The changes that add up to the balance, oldest first.
    lines: Vec<PointLine>,
    /// What the balance consists of, the soonest to expire first.
    lots: Vec<Lot>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PointLine {
    #[schema(format = DateTime)]
    at: String,
    kind: PointLineKind,
    /// Change of the balance.
    point: i64,
    /// The balance after this change.
    balance: i64,
    /// The lots that it named.
    lots: Vec<Lot>,
    /// Generation of the rules in force then; null for what expired.
    rules: Option<u64>,
    by: Option<String>,
    terminal: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PointLineKind {
    Earned,
    Paid,
    PaymentVoided,
    Adjusted,
    CheckOutTakenBack,
    /// Paid for a deduction from a penalty.
    PenaltyDeducted,
    PenaltyDeductionVoided,
    /// Taken over from a lost terminal.
    Reclaimed,
    /// The last day of the points is over. Time did it: there is no event.
    Expired,
    Other,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lot {
    /// Last day (Asia/Seoul) on which the points count; null if they don't expire.
    #[schema(format = Date)]
    last_day: Option<String>,
    point: i64,
}

impl From<LotView> for Lot {
    fn from(LotView { last_day, points }: LotView) -> Self {
        Self { last_day, point: points }
    }
}

impl From<PointsLine> for PointLine {
    fn from(line: PointsLine) -> Self {
        Self {
            at: time(line.at),
            kind: kind(line.kind),
            point: line.points,
            balance: line.balance,
            lots: line.lots.into_iter().map(Lot::from).collect(),
            rules: line.generation,
            by: line.by,
            terminal: line.terminal_name,
        }
    }
}

impl From<PointsWhy> for PointReasons {
    fn from(PointsWhy { balance, earlier, earlier_balance, lines, lots }: PointsWhy) -> Self {
        let (lines, lots) = (lines.into_iter().map(PointLine::from), lots.into_iter().map(Lot::from));
        Self { balance, earlier, earlier_balance, lines: lines.collect(), lots: lots.collect() }
    }
}

fn kind(kind: LineKind) -> PointLineKind {
    match kind {
        LineKind::Earned => PointLineKind::Earned,
        LineKind::Paid => PointLineKind::Paid,
        LineKind::PaymentVoided => PointLineKind::PaymentVoided,
        LineKind::PointsAdjusted => PointLineKind::Adjusted,
        LineKind::CheckOutTakenBack => PointLineKind::CheckOutTakenBack,
        LineKind::PenaltyDeducted => PointLineKind::PenaltyDeducted,
        LineKind::PenaltyDeductionVoided => PointLineKind::PenaltyDeductionVoided,
        LineKind::Reclaimed => PointLineKind::Reclaimed,
        LineKind::Expired => PointLineKind::Expired,
        LineKind::PenaltyImposed
        | LineKind::PenaltyVoided
        | LineKind::LevelsRevised
        | LineKind::Lapsed
        | LineKind::Given => PointLineKind::Other,
    }
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ViewWord {
    /// Counts what had occurred, whenever this terminal learned of it.
    #[default]
    Occurred,
    /// Counts what this terminal had recorded or received.
    Known,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhyParams {
    /// Another moment than now, as RFC 3339.
    #[param(format = DateTime)]
    at: Option<String>,
    /// Which facts count at that moment; `occurred` by default.
    view: Option<ViewWord>,
}

/// Explains a customer's balance and standing, change by change.
#[utoipa::path(get, path = "/mypages/{customerId}/why", tag = "mypage",
    params(("customerId" = String, Path), WhyParams), responses((status = 200, body = Explanation), Problems))]
pub(crate) async fn one(
    asked: Asked,
    Path(customer_id): Path<String>,
    QueryParams(WhyParams { at, view }): QueryParams<WhyParams>,
) -> Result<Json<Explanation>, Problem> {
    let customer_id = id(&customer_id, ErrorCode::UnknownCustomer)?;
    let at = at.as_deref().map(parsed).transpose()?;
    let view = match view.unwrap_or_default() {
        ViewWord::Occurred => MomentView::AsItWas,
        ViewWord::Known => MomentView::AsKnownHere,
    };
    let input = WhyInput { customer_id, moment: at.map(|at| Moment { at, view }) };
    let Why { at, verdict, points, known_since } = asked.may(Act::SeeMypage)?.queries.why(input).await?;
    asked.has_read(customer_id);
    let named = asked.sees_names();
    Ok(Json(Explanation {
        at: time(at),
        prohibit: Prohibit::from((customer_id, verdict)).named(named),
        point: named.then(|| points.into()),
        known_since: known_since.map(time),
    }))
}

fn parsed(text: &str) -> Result<UtcMs, Problem> {
    let at = DateTime::parse_from_rfc3339(text);
    at.map(|at| at.timestamp_millis()).map_err(|_| Problem::invalid("at: not a time as in RFC 3339".to_owned()))
}
