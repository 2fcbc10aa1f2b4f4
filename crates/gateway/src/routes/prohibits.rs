//! `/prohibits`: whether smoking is allowed, from the same standing copy that check-in reads (context point).

use axum::Json;
use axum::extract::Path;
use nosmoke_application::permission::Act;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::contract::{BanLevel, ErrorCode, LineKind as KindOfLine, Verdict, VerdictLine};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Listed, time};
use crate::asked::Asked;
use crate::problem::{Problem, Problems};
use crate::request::{QueryParams, id, page};
use crate::words::StandingWord;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Prohibit {
    customer_id: String,
    standing: StandingWord,
    outstanding: i64,
    /// Outstanding sum from which smoking is prohibited.
    threshold: u64,
    /// Outstanding sum from which a warning is given.
    warn_at: u64,
    #[schema(format = DateTime)]
    as_of: String,
    /// True if there are facts that this standing doesn't count yet.
    behind: bool,
    /// The levels from which smoking is prohibited, the lowest first.
    levels: Vec<Level>,
    /// Points to deduct until the ban is lifted; null unless prohibited.
    to_lift: Option<u64>,
    /// First day (Asia/Seoul) without the ban if nothing else happens; null unless prohibited for a time.
    #[schema(format = Date)]
    lifted_on: Option<String>,
    /// The changes that add up to the outstanding sum, oldest first.
    explanation: Vec<Line>,
}

impl From<(CustomerId, Verdict)> for Prohibit {
    fn from((customer_id, verdict): (CustomerId, Verdict)) -> Self {
        Self {
            customer_id: customer_id.to_string(),
            standing: verdict.standing.into(),
            outstanding: verdict.outstanding,
            threshold: verdict.prohibit_at,
            warn_at: verdict.warn_at,
            as_of: time(verdict.as_of),
            behind: verdict.behind,
            levels: verdict.levels.into_iter().map(Level::from).collect(),
            to_lift: verdict.to_lift,
            lifted_on: verdict.lifted_on,
            explanation: verdict.lines.into_iter().map(Line::from).collect(),
        }
    }
}

impl Prohibit {
    /// Leaves the names of staff out of the explanation, unless the caller may see names.
    pub(crate) fn named(mut self, named: bool) -> Self {
        if !named {
            self.explanation.iter_mut().for_each(|line| line.by = None);
        }
        self
    }
}

/// A level from which smoking is prohibited.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Level {
    /// Outstanding sum from which it prohibits.
    at: u64,
    /// Days that its ban lasts; null if the ban doesn't end by itself.
    days: Option<u32>,
    /// Whether the outstanding sum has reached it.
    reached: bool,
    /// Last of its days (Asia/Seoul); null if it has none.
    #[schema(format = Date)]
    last_day: Option<String>,
    /// Whether its days are over.
    over: bool,
}

impl From<BanLevel> for Level {
    fn from(BanLevel { at, days, reached, last_day, over }: BanLevel) -> Self {
        Self { at, days, reached, last_day, over }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum LineKind {
    Imposed,
    Deducted,
    Voided,
    DeductionVoided,
    /// The penalty lapsed. Time did it: there is no event.
    Lapsed,
    /// The levels of a newer rule set came to apply.
    LevelsRevised,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Line {
    #[schema(format = DateTime)]
    at: String,
    kind: LineKind,
    #[schema(value_type = Option<String>, example = "BASIC")]
    code: Option<PenaltyCode>,
    #[schema(value_type = Option<String>, example = "service")]
    ground: Option<Ground>,
    smoking_area_id: Option<String>,
    /// Change of the outstanding sum: positive when imposed or when a deduction is voided, else negative.
    point: i64,
    /// The outstanding sum after this change.
    outstanding: i64,
    /// Generation of the rules in force then; null for what lapsed.
    rules: Option<u64>,
    /// Name of the member of staff; null for a token without the scope `operate`.
    by: Option<String>,
    terminal: Option<String>,
}

impl From<VerdictLine> for Line {
    fn from(line: VerdictLine) -> Self {
        let kind = match line.kind {
            KindOfLine::PenaltyImposed => LineKind::Imposed,
            KindOfLine::PenaltyDeducted => LineKind::Deducted,
            KindOfLine::PenaltyDeductionVoided => LineKind::DeductionVoided,
            KindOfLine::Lapsed => LineKind::Lapsed,
            KindOfLine::LevelsRevised => LineKind::LevelsRevised,
            _ => LineKind::Voided,
        };
        Self {
            at: time(line.at),
            kind,
            code: line.code,
            ground: line.ground,
            smoking_area_id: line.area_id.map(|id| id.to_string()),
            point: line.points,
            outstanding: line.outstanding,
            rules: line.generation,
            by: line.by,
            terminal: line.terminal_name,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProhibitPaging {
    /// Returns this customer only, whatever the standing. If omitted, all customers who are warned or prohibited.
    customer_id: Option<String>,
    /// The `next` of the previous page.
    cursor: Option<String>,
    /// Items per page; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// 흡연 금지: lists customers who are warned or prohibited, and why.
#[utoipa::path(get, path = "/prohibits", tag = "point", params(ProhibitPaging),
    responses((status = 200, body = Listed<Prohibit>), Problems))]
pub(crate) async fn list(
    asked: Asked,
    QueryParams(params): QueryParams<ProhibitPaging>,
) -> Result<Json<Listed<Prohibit>>, Problem> {
    let customer = params.customer_id.map(|text| id(&text, ErrorCode::UnknownCustomer)).transpose()?;
    let verdicts =
        asked.may(Act::SeeCustomers)?.queries.prohibits(customer, page(params.cursor, params.limit)?).await?;
    asked.have_read(verdicts.items.iter().map(|(customer, _)| *customer));
    let named = asked.sees_names();
    Ok(Json(Listed::of(verdicts, |verdict| Prohibit::from(verdict).named(named))))
}

/// Returns one customer's standing with its explanation.
#[utoipa::path(get, path = "/prohibits/{customerId}", tag = "point", params(("customerId" = String, Path)),
    responses((status = 200, body = Prohibit), Problems))]
pub(crate) async fn one(asked: Asked, Path(customer_id): Path<String>) -> Result<Json<Prohibit>, Problem> {
    let customer = id(&customer_id, ErrorCode::UnknownCustomer)?;
    let verdict = asked.may(Act::SeeCustomers)?.queries.prohibit(customer).await?;
    asked.has_read(customer);
    Ok(Json(Prohibit::from((customer, verdict)).named(asked.sees_names())))
}
