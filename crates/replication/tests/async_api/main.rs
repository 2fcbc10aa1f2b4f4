//! Checks that the committed AsyncAPI document equals the one generated from the types; `npm run regenerate` writes it.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod document;

use expect_test::expect_file;

#[test]
fn the_asyncapi_document_is_as_committed() {
    let generated = serde_json::to_string_pretty(&document::async_api()).unwrap() + "\n";
    expect_file!["../../../../docs/asyncapi.json"].assert_eq(&generated);
}
