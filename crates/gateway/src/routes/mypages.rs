//! `/mypages`: a customer's own data, as the customer center (Mypage) shows it (context mypage).

use axum::Json;
use axum::extract::Path;
use nosmoke_application::permission::Act;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::contract::{EntryKind, ErrorCode, MypageEntry, MypageFilter, MypageInput, MypagePage, PageInput};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Listed, time};
use crate::asked::Asked;
use crate::problem::{Problem, Problems, Refused};
use crate::request::{Paging, QueryParams, id, page};
use crate::words::StandingWord;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mypage {
    customer_id: String,
    /// Null for a token without the scope `operate`.
    balance: Option<i64>,
    standing: StandingWord,
    outstanding: i64,
    #[schema(format = DateTime)]
    as_of: String,
    /// The first page of each history, newest first; `/mypages/{customerId}/{history}` has all pages.
    visits: Vec<Entry>,
    payments: Vec<Entry>,
    penalties: Vec<Entry>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EntryWord {
    Visit,
    Payment,
    PaymentVoid,
    Adjustment,
    Penalty,
    PenaltyDeduction,
    PenaltyVoid,
    /// Points written off: what a lost terminal paid beyond its holding.
    WriteOff,
    PenaltyDeductionVoid,
    /// Points whose last day is over.
    Expired,
    /// A penalty whose last day is over.
    Lapsed,
}

impl From<EntryKind> for EntryWord {
    fn from(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Visit => Self::Visit,
            EntryKind::Payment => Self::Payment,
            EntryKind::PaymentVoid => Self::PaymentVoid,
            EntryKind::Adjustment => Self::Adjustment,
            EntryKind::Penalty => Self::Penalty,
            EntryKind::PenaltyDeduction => Self::PenaltyDeduction,
            EntryKind::PenaltyVoid => Self::PenaltyVoid,
            EntryKind::WriteOff => Self::WriteOff,
            EntryKind::PenaltyDeductionVoid => Self::PenaltyDeductionVoid,
            EntryKind::Expired => Self::Expired,
            EntryKind::Lapsed => Self::Lapsed,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    kind: EntryWord,
    id: String,
    /// Id of the earning, of the payment's deduction or of the penalty's accrual; for a void or a penalty's deduction,
    /// the id of the payment or penalty it refers to.
    other_id: Option<String>,
    #[schema(format = DateTime)]
    at: String,
    #[schema(format = DateTime)]
    started_at: Option<String>,
    #[schema(format = DateTime)]
    ended_at: Option<String>,
    smoking_area_id: Option<String>,
    /// `CHECKED_IN` `CHECKED_OUT` `EARNED` `CLOSED` `PAID` `IMPOSED` `ACCRUED` `DEDUCTED` `ADJUSTED` `VOIDED`
    /// `WRITTEN_OFF` `EXPIRED` `LAPSED`, or `RECORDED` for the entry of a void itself.
    status: String,
    /// Change of the balance.
    point: i64,
    /// The balance after this entry; null for a token without the scope `operate`, like `note` and `by`.
    balance: Option<i64>,
    /// Change of the outstanding penalty.
    penalty_point: i64,
    /// The outstanding penalty after this entry.
    outstanding: i64,
    #[schema(value_type = Option<String>, example = "BASIC")]
    code: Option<PenaltyCode>,
    #[schema(value_type = Option<String>, example = "service")]
    ground: Option<Ground>,
    note: Option<String>,
    by: Option<String>,
    terminal: Option<String>,
}

impl From<MypageEntry> for Entry {
    fn from(entry: MypageEntry) -> Self {
        Self {
            kind: entry.kind.into(),
            id: entry.id,
            other_id: entry.other_id,
            at: time(entry.at),
            started_at: entry.started_at.map(time),
            ended_at: entry.ended_at.map(time),
            smoking_area_id: entry.area_id.map(|id| id.to_string()),
            status: entry.status,
            point: entry.points.unwrap_or(0),
            balance: Some(entry.balance),
            penalty_point: entry.penalty_points.unwrap_or(0),
            outstanding: entry.outstanding,
            code: entry.code,
            ground: entry.ground,
            note: entry.note,
            by: entry.by,
            terminal: entry.terminal_name,
        }
    }
}

impl Entry {
    /// Leaves out the balance, the note and the name of the member of staff, unless the caller may see names.
    fn of(entry: MypageEntry, named: bool) -> Self {
        let entry = Self::from(entry);
        if named { entry } else { Self { balance: None, note: None, by: None, ..entry } }
    }
}

/// 마이페이지: returns a customer's balance, standing and outstanding penalty, with the first page of each history.
#[utoipa::path(get, path = "/mypages/{customerId}", tag = "mypage", params(("customerId" = String, Path)),
    responses((status = 200, body = Mypage), Problems))]
pub(crate) async fn one(asked: Asked, Path(customer_id): Path<String>) -> Result<Json<Mypage>, Problem> {
    let customer = id(&customer_id, ErrorCode::UnknownCustomer)?;
    let first = || page(None, None);
    // Concurrently, because each query may wait for the projectors to process the commands that were acknowledged.
    let (card, visits, payments, penalties) = tokio::try_join!(
        async { Ok(asked.may(Act::SeeCustomers)?.queries.customer_card(customer).await?) },
        history(&asked, customer, MypageFilter::Visits, first()?),
        history(&asked, customer, MypageFilter::Payments, first()?),
        history(&asked, customer, MypageFilter::Penalties, first()?),
    )?;
    let as_of = visits.as_of.min(payments.as_of).min(penalties.as_of).min(card.verdict.as_of);
    asked.has_read(customer);
    let named = asked.sees_names();
    let entries = |page: MypagePage| page.entries.into_iter().map(|entry| Entry::of(entry, named)).collect();
    Ok(Json(Mypage {
        customer_id,
        balance: named.then_some(card.points.balance),
        standing: card.verdict.standing.into(),
        outstanding: card.verdict.outstanding,
        as_of: time(as_of),
        visits: entries(visits),
        payments: entries(payments),
        penalties: entries(penalties),
    }))
}

/// Lists one history (`visits`, `payments` or `penalties`), newest first.
#[utoipa::path(get, path = "/mypages/{customerId}/{history}", tag = "mypage",
    params(("customerId" = String, Path), ("history" = String, Path, pattern = "^(visits|payments|penalties)$"), Paging),
    responses((status = 200, body = Listed<Entry>), Problems))]
pub(crate) async fn list(
    asked: Asked,
    Path((customer_id, name)): Path<(String, String)>,
    QueryParams(params): QueryParams<Paging>,
) -> Result<Json<Listed<Entry>>, Problem> {
    let filter = match name.as_str() {
        "visits" => MypageFilter::Visits,
        "payments" => MypageFilter::Payments,
        "penalties" => MypageFilter::Penalties,
        _ => return Err(Refused::UnknownRoute.into()),
    };
    let customer = id(&customer_id, ErrorCode::UnknownCustomer)?;
    asked.may(Act::SeeMypage)?.queries.customer_known(customer).await?;
    let page = history(&asked, customer, filter, page(params.cursor, params.limit)?).await?;
    asked.has_read(customer);
    let named = asked.sees_names();
    Ok(Json(Listed { items: page.entries.into_iter().map(|entry| Entry::of(entry, named)).collect(), next: page.next }))
}

async fn history(
    asked: &Asked,
    customer_id: CustomerId,
    filter: MypageFilter,
    PageInput { cursor, limit }: PageInput,
) -> Result<MypagePage, Problem> {
    let input = MypageInput { customer_id, filter, from: None, to: None, cursor, limit, moment: None };
    Ok(asked.may(Act::SeeMypage)?.queries.mypage(input).await?)
}
