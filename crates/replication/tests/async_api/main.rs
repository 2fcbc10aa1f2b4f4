//! The committed description of the log is the one that the types make.
//!
//! `UPDATE_GOLDEN=1 cargo test -p nosmoke-replication --test async_api` writes it.
#![allow(clippy::unwrap_used, reason = "a test may")]

mod document;

use std::fs;
use std::path::Path;

#[test]
fn the_asyncapi_document_is_as_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/asyncapi.json");
    let made = serde_json::to_string_pretty(&document::async_api()).unwrap() + "\n";
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap() == made,
        "docs/asyncapi.json isn't what the types make: see this test's head"
    );
}
