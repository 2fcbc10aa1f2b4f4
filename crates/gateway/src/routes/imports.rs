//! `/imports`: lists of customers. `nosmoke import` uses it while another program has the data folder open.

use axum::Json;
use axum::extract::Path;
use nosmoke_application::csv::Opening;
use nosmoke_application::jobs::{BatchRow, ImportBatch, import_of, imports};
use nosmoke_application::permission::Act;
use nosmoke_domain::words::PenaltyCode;
use nosmoke_ports::contract::{ErrorCode, ImportView, ProfileInput};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answered, Listed, time};
use crate::asked::Asked;
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::{Body, id};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BatchBody {
    #[schema(max_length = 200)]
    file_name: String,
    /// The hash of the file, by which the same file is known again.
    #[schema(max_length = 64)]
    hash: String,
    /// Whether no batch follows.
    last: bool,
    /// Lines of the whole list that are left out because their customers are here already.
    skipped: u32,
    /// Lines of the whole list that are left out because something is wrong with them.
    bad: u32,
    /// The code with which penalty points are recorded; `BASIC` if left out.
    #[schema(value_type = Option<String>, max_length = 24)]
    penalty_code: Option<PenaltyCode>,
    #[schema(max_items = 200)]
    rows: Vec<RowBody>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RowBody {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(max_length = 40)]
    phone: Option<String>,
    #[schema(max_length = 64)]
    card: Option<String>,
    /// The customer's opening balance, recorded once a customer.
    #[schema(minimum = 1, maximum = 100_000_000)]
    points: Option<u32>,
    /// The customer's penalty points from before, recorded once a customer.
    #[schema(minimum = 1, maximum = 1000)]
    penalty_points: Option<u32>,
    /// The customer who gets these details; without it a customer is registered.
    customer_id: Option<String>,
}

/// What an import has done so far, in lines, and the sums of its opening balances.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "described, never made: the counts of the contract are sent")]
#[serde(rename_all = "camelCase")]
pub(crate) struct Imported {
    added: u32,
    updated: u32,
    skipped: u32,
    bad: u32,
    points: u64,
    penalty_points: u64,
}

/// A list that was imported at this terminal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Import {
    id: String,
    file_name: String,
    at: String,
    /// The numbers of lines, also if the import broke off.
    added: u32,
    updated: u32,
    skipped: u32,
    bad: u32,
    /// The sums of the opening balances.
    points: u64,
    penalty_points: u64,
    /// Whether all lines were handled.
    complete: bool,
    /// When the customers that it added were erased again; null if they weren't.
    taken_back_at: Option<String>,
    /// How many of them were erased, also if taking the import back broke off.
    erased: u32,
}

impl From<ImportView> for Import {
    fn from(view: ImportView) -> Self {
        let ImportView { import_id, file_name, at, counts, complete, taken_back_at, erased } = view;
        Self {
            id: import_id.to_string(),
            file_name,
            at: time(at),
            added: counts.added,
            updated: counts.updated,
            skipped: counts.skipped,
            bad: counts.bad,
            points: counts.points,
            penalty_points: counts.penalty_points,
            complete,
            taken_back_at: taken_back_at.map(time),
            erased,
        }
    }
}

/// 가져오기 목록: the imports of this terminal, the latest first; 30 at most.
#[utoipa::path(get, path = "/imports", tag = "mypage", responses((status = 200, body = Listed<Import>), Problems))]
pub(crate) async fn list(asked: Asked) -> Result<Json<Listed<Import>>, Problem> {
    let permitted = asked.may(Act::ImportCustomers)?;
    let items = imports(&*permitted.terminal.core.journal).await?.into_iter().map(Import::from).collect();
    Ok(Json(Listed { items, next: None }))
}

/// 가져오기 하나: what an import did, also if it broke off.
#[utoipa::path(get, path = "/imports/{id}", tag = "mypage", params(("id" = Uuid, Path)),
    responses((status = 200, body = Import), Problems))]
pub(crate) async fn one(asked: Asked, Path(import_id): Path<String>) -> Result<Json<Import>, Problem> {
    let permitted = asked.may(Act::ImportCustomers)?;
    let import_id = id(&import_id, ErrorCode::UnknownImport)?;
    Ok(Json(import_of(&*permitted.terminal.core.journal, import_id).await?.into()))
}

/// 가져오기 되돌리기: erases the customers that an import added, while nobody of them has come. What it changed of others stays.
/// Safe to repeat; if it breaks off, the rest can be taken back by another request.
#[utoipa::path(delete, path = "/imports/{id}", tag = "mypage", params(("id" = Uuid, Path)),
    responses((status = 200, body = Import), Problems))]
pub(crate) async fn take_back(asked: Asked, Path(import_id): Path<String>) -> Result<Json<Import>, Problem> {
    let import_id = id(&import_id, ErrorCode::UnknownImport)?;
    Ok(Json(asked.take_back_import(Act::EraseCustomer, import_id).await?.into()))
}

/// 고객 가져오기: records one batch of a list, all of it or nothing. A batch that was recorded before isn't recorded again, so
/// a request whose response was lost can be repeated.
#[utoipa::path(put, path = "/imports/{id}/batches/{step}", tag = "mypage", request_body = BatchBody,
    params(WithKey, ("id" = Uuid, Path, description = "A UUID chosen by the caller."),
           ("step" = u32, Path, description = "The number of the batch, from 0.")),
    responses((status = 200, body = Imported), Problems))]
pub(crate) async fn put_batch(
    asked: Asked,
    Path((import_id, step)): Path<(String, String)>,
    key: IdempotencyKey,
    Body(body): Body<BatchBody>,
) -> Result<Answered, Problem> {
    let import_id: Uuid = id(&import_id, ErrorCode::UnknownImport)?;
    let step: u32 = id(&step, ErrorCode::UnknownImport)?;
    let request = serde_json::json!({ "import": import_id, "step": step, "body": &body });
    let row = |row: RowBody| {
        let update = row.customer_id.map(|text| id(&text, ErrorCode::UnknownCustomer)).transpose()?;
        let profile = ProfileInput { name: row.name, phone: row.phone, card: row.card, consent_on: None };
        let opening = Opening { points: row.points, penalty_points: row.penalty_points };
        Ok(BatchRow { profile, opening, update })
    };
    let rows: Vec<BatchRow> = body.rows.into_iter().map(row).collect::<Result<_, Problem>>()?;
    let BatchBody { file_name, hash, last, skipped, bad, penalty_code, .. } = body;
    let batch = ImportBatch { import_id, file_name, hash, step, is_last: last, skipped, bad, penalty_code, rows };
    asked.import(key, request, Act::ImportCustomers, batch).await
}
