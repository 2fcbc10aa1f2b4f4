//! How problems are described in the OpenAPI document.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

/// An error: a stable `code`, and what it names beside it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemBody {
    /// `urn:nosmoke:problem:` and the code.
    r#type: String,
    title: String,
    status: u16,
    #[schema(example = "insufficient_points")]
    code: String,
    /// For people: what to do about it, and whether anything was recorded; left out where the code says it all.
    detail: Option<String>,
}

/// The answers that every route may give.
pub(crate) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let about = [
            ("400", "Not JSON."),
            ("401", "No token, or another one."),
            ("403", "Whoever works at this terminal may not do it; nothing was recorded."),
            ("404", "Nothing is known of what the path or the body names."),
            ("405", "Not a method of this path."),
            ("408", "The body didn't come within 10 s."),
            ("409", "What is recorded doesn't allow it; nothing was recorded."),
            ("413", "A body of more than 64 KiB."),
            ("415", "A body that isn't application/json."),
            ("422", "Of another shape or out of range, or an Idempotency-Key that came with another body before."),
            ("429", "More than 5,000 requests in a second."),
            (
                "500",
                "A fault of the program, or a disk that can't be read or written. No request is to bring it about.",
            ),
            (
                "503",
                "More than 256 requests at once, a context that is needed doesn't take calls now, or the disk is full; nothing was recorded.",
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
    HeaderBuilder::new()
        .schema(Some(number))
        .description(Some("Seconds after which it makes sense to try again."))
        .build()
}
