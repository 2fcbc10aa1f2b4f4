//! The router and the OpenAPI document. Both are generated from one declaration of the routes, so they always agree.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem::{Problem, ProblemBody, Refused};
use crate::routes::{
    areas, check_ins, contexts, customers, deducts, earns, imports, mypages, operations, pays, penalties, prohibits,
    tokens, whys,
};
use crate::served::Served;
use crate::{auth, limits, metrics, proof, traces};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Nosmoke Desk",
        description = "One API for every context of a terminal. Ids are opaque strings, times are RFC 3339 in UTC, points are whole numbers, which may also be sent as strings.",
        license(name = "MIT", identifier = "MIT")
    ),
    components(schemas(ProblemBody)),
    modifiers(&Token),
    security(("token" = [])),
    tags(
        (name = "check_in", description = "체크인: visits"),
        (name = "point", description = "포인트: earnings, deductions, and whether smoking is allowed"),
        (name = "pay", description = "결제"),
        (name = "penalty", description = "패널티"),
        (name = "mypage", description = "마이페이지: the customer center"),
        (name = "operation", description = "운영"),
    )
)]
struct Document;

struct Token;

impl Modify for Token {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let about = "The content of gateway.token in the data folder. It permits everything. A named token permits what its scopes say; Settings and `nosmoke tokens` make them.";
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(about)).build();
        document.components.get_or_insert_default().add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

fn described() -> OpenApiRouter<Served> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(check_ins::check_in))
        .routes(routes!(check_ins::one, check_ins::check_out))
        .routes(routes!(check_ins::void))
        .routes(routes!(areas::list))
        .routes(routes!(areas::inside))
        .routes(routes!(earns::list))
        .routes(routes!(earns::one))
        .routes(routes!(pays::pay))
        .routes(routes!(pays::one))
        .routes(routes!(pays::void))
        .routes(routes!(deducts::list))
        .routes(routes!(deducts::one))
        .routes(routes!(penalties::impose))
        .routes(routes!(penalties::one))
        .routes(routes!(penalties::void))
        .routes(routes!(penalties::deduct))
        .routes(routes!(penalties::void_deduction))
        .routes(routes!(prohibits::list))
        .routes(routes!(prohibits::one))
        .routes(routes!(mypages::one))
        .routes(routes!(mypages::list))
        .routes(routes!(whys::one))
        .routes(routes!(customers::find, customers::register))
        .routes(routes!(customers::erase))
        .routes(routes!(imports::list))
        .routes(routes!(imports::one, imports::take_back))
        .routes(routes!(imports::put_batch))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::rotate))
        .routes(routes!(tokens::revoke))
        .routes(routes!(contexts::list))
        .routes(routes!(contexts::stop))
        .routes(routes!(contexts::start))
        .routes(routes!(operations::health))
        .routes(routes!(operations::metrics))
        .routes(routes!(operations::rebuild))
}

/// Returns the OpenAPI 3.1 document that `/openapi.json` serves.
pub fn document() -> String {
    let (_, document) = described().split_for_parts();
    let text = document.to_pretty_json().unwrap_or_default();
    format!("{text}\n")
}

/// Returns the router: all routes, behind the checks of limits and token.
pub fn router(served: Served) -> Router {
    let (routes, _) = described().split_for_parts();
    let document: axum::body::Bytes = document().into();
    const JSON: HeaderValue = HeaderValue::from_static("application/json");
    routes
        .route("/openapi.json", get(async move || ([(header::CONTENT_TYPE, JSON)], document.clone())))
        // Not in the document: it is for this program's own command line.
        .route(proof::ROUTE, get(proof::prove))
        .fallback(async || Problem::from(Refused::UnknownRoute))
        .method_not_allowed_fallback(async || Problem::from(Refused::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(served.limits.limits.body_bytes))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Problem::unexpected().into_response()))
        .layer(from_fn_with_state(served.clone(), auth::need_scope))
        .layer(from_fn_with_state(served.traces(), traces::trace))
        .layer(from_fn_with_state(served.limits.clone(), limits::enforce))
        .layer(from_fn_with_state(served.clone(), auth::need_token))
        .layer(from_fn_with_state(served.metrics.clone(), metrics::count))
        .layer(from_fn(no_store))
        .with_state(served)
}

/// Forbids caching, because responses contain personal data.
async fn no_store(request: axum::extract::Request, next: axum::middleware::Next) -> axum::response::Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    /// If this fails, `npm run regenerate` writes the document again.
    #[test]
    fn s06_the_committed_openapi_document_matches_the_routes() {
        let written = document();
        expect_test::expect_file!["../../../docs/openapi.json"].assert_eq(&written);
        let document: serde_json::Value = serde_json::from_str(&written).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
    }
}
