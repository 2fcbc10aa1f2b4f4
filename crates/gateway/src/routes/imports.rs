//! `/imports`: lists of customers. `nosmoke import` uses it while another program has the data folder open.

use axum::extract::{Path, State};
use nosmoke_application::jobs::{BatchRow, ImportBatch};
use nosmoke_application::permission::Act;
use nosmoke_ports::contract::{ErrorCode, ProfileInput};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Answered;
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::{Body, id};
use crate::served::Served;

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
    /// The customer who gets these details; without it a customer is registered.
    customer_id: Option<String>,
}

/// What an import has done so far, in lines.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "described, never made: the counts of the contract are sent")]
pub(crate) struct Imported {
    added: u32,
    updated: u32,
    skipped: u32,
    bad: u32,
}

/// 고객 가져오기: records one batch of a list, all of it or nothing. A batch that was recorded before isn't recorded again, so
/// a request whose response was lost can be repeated.
#[utoipa::path(put, path = "/imports/{id}/batches/{step}", tag = "mypage", request_body = BatchBody,
    params(WithKey, ("id" = Uuid, Path, description = "A UUID chosen by the caller."),
           ("step" = u32, Path, description = "The number of the batch, from 0.")),
    responses((status = 200, body = Imported), Problems))]
pub(crate) async fn put_batch(
    State(served): State<Served>,
    Path((import_id, step)): Path<(String, String)>,
    key: IdempotencyKey,
    Body(body): Body<BatchBody>,
) -> Result<Answered, Problem> {
    let import_id: Uuid = id(&import_id, ErrorCode::UnknownImport)?;
    let step: u32 = id(&step, ErrorCode::UnknownImport)?;
    let request = serde_json::json!({ "import": import_id, "step": step, "body": &body });
    let row = |row: RowBody| {
        let update = row.customer_id.map(|text| id(&text, ErrorCode::UnknownCustomer)).transpose()?;
        Ok(BatchRow { profile: ProfileInput { name: row.name, phone: row.phone, card: row.card }, update })
    };
    let rows: Vec<BatchRow> = body.rows.into_iter().map(row).collect::<Result<_, Problem>>()?;
    let BatchBody { file_name, hash, last, skipped, bad, .. } = body;
    let batch = ImportBatch { import_id, file_name, hash, step, is_last: last, skipped, bad, rows };
    served.import(key, request, Act::ImportCustomers, batch).await
}
