//! Describes error responses (problems) in the OpenAPI document.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// An error with a stable `code`. Depending on the code there are further members with details.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemBody {
    /// `urn:nosmoke:problem:` followed by the code.
    r#type: String,
    title: String,
    status: u16,
    #[schema(example = "insufficient_points")]
    code: String,
    /// For people: what to do about it, and whether anything was recorded. Omitted if the code says it all.
    detail: Option<String>,
}

/// The error responses that every route can return.
pub(crate) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let about = [
            ("400", "The body isn't valid JSON."),
            ("401", "The token is missing or wrong."),
            ("403", "The person who works at this terminal may not do this; nothing was recorded."),
            ("404", "The path doesn't exist, or an id in the path or the body is unknown."),
            ("405", "The path doesn't support this method."),
            ("408", "The body didn't arrive within 10 s."),
            ("409", "The present state doesn't allow it; nothing was recorded."),
            ("413", "The body is larger than 64 KiB."),
            ("415", "The body isn't application/json."),
            (
                "422",
                "A value is missing, of the wrong type or out of range, or the Idempotency-Key was used with another body.",
            ),
            ("429", "More than 5,000 requests per second."),
            ("500", "A bug in the program, or the disk can't be read or written. No request should cause this."),
            (
                "503",
                "More than 256 concurrent requests, a context that is needed is stopped or doesn't answer, or the disk is full; nothing was recorded.",
            ),
        ];
        let answer = |(status, text): (&str, &str)| {
            let schema = Ref::from_schema_name("ProblemBody");
            let content = ContentBuilder::new().schema(Some(schema)).build();
            let answer = ResponseBuilder::new().description(text).content("application/problem+json", content);
            let answer = if matches!(status, "429" | "503") { answer.header("Retry-After", seconds()) } else { answer };
            (status.to_owned(), RefOr::T(answer.build()))
        };
        about.into_iter().map(answer).collect()
    }
}

fn seconds() -> Header {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    HeaderBuilder::new().schema(Some(number)).description(Some("Seconds to wait before a retry.")).build()
}
