//! Extracts the body and the query of a request. A request that can't be parsed gets a problem as its response.

use std::str::FromStr;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use nosmoke_ports::contract::{AppError, ErrorCode, PageInput};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use utoipa::IntoParams;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};

use crate::problem::{Problem, Refused};

/// How long a request's body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// Items per page, by default and at most.
const DEFAULT_PAGE_LIMIT: u32 = 50;
const MAX_PAGE_LIMIT: u32 = 200;

/// A JSON body; an empty body or `null` counts as `{}`.
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
            let text = value.to_str().unwrap_or_default();
            let kind = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
        });
        let read = tokio::time::timeout(BODY_TIMEOUT, Bytes::from_request(request, state)).await;
        let bytes = read.map_err(|_| Refused::TooSlow)?.map_err(|rejection| {
            let status = rejection.into_response().status().as_u16();
            if status == 413 { Refused::BodyTooLarge } else { Refused::MalformedJson }
        })?;
        let nothing = bytes.is_empty() || (is_json && &*bytes == b"null");
        if !is_json && !nothing {
            return Err(Refused::UnsupportedMediaType.into());
        }
        let bytes = if nothing { Bytes::from_static(b"{}") } else { bytes };
        match serde_json::from_slice(&bytes) {
            Ok(body) => Ok(Self(body)),
            Err(error) if error.is_data() => Err(Problem::invalid(error.to_string())),
            Err(_) => Err(Refused::MalformedJson.into()),
        }
    }
}

/// The body of a route that takes no members; any member is rejected.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmptyBody {}

/// The parameters in the query string.
pub(crate) struct QueryParams<T>(pub(crate) T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for QueryParams<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        query.map(|Query(params)| Self(params)).map_err(|rejection| Problem::invalid(rejection.body_text()))
    }
}

/// Parses an id. A malformed id gives the same error as an unknown one.
pub(crate) fn id<T: FromStr>(text: &str, unknown: ErrorCode) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::of(unknown))
}

/// Parameters of a paged list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// The `next` of the previous page.
    pub(crate) cursor: Option<String>,
    /// Items per page; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u32>,
}

/// Parameters of a paged list of one customer.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CustomerPaging {
    pub(crate) customer_id: String,
    /// The `next` of the previous page.
    pub(crate) cursor: Option<String>,
    /// Items per page; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    pub(crate) limit: Option<u32>,
}

/// Validates paging parameters.
///
/// # Errors
/// `out_of_range` for a limit outside 1 to 200.
pub(crate) fn page(cursor: Option<String>, limit: Option<u32>) -> Result<PageInput, Problem> {
    let limit = limit.unwrap_or(DEFAULT_PAGE_LIMIT);
    if !(1..=MAX_PAGE_LIMIT).contains(&limit) {
        let params = json!({ "field": "limit", "min": 1, "max": MAX_PAGE_LIMIT });
        return Err(AppError::with(ErrorCode::OutOfRange, params).into());
    }
    Ok(PageInput { cursor, limit })
}

/// Schema of a whole number, which may also be a string: HTTPie's `point=100` sends `"100"`.
pub(crate) fn whole_number() -> RefOr<Schema> {
    RefOr::T(Schema::OneOf(numeral().build()))
}

/// Schema of an optional [`whole_number`]; null means omitted.
pub(crate) fn maybe_whole_number() -> RefOr<Schema> {
    RefOr::T(Schema::OneOf(numeral().item(ObjectBuilder::new().schema_type(Type::Null)).build()))
}

fn numeral() -> OneOfBuilder {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[1-9][0-9]*$"));
    OneOfBuilder::new().item(number).item(text)
}
