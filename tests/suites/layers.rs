//! Dependencies point one way: domain <- application <- adapters <- composition root.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Which of our crates each of our crates may name outside its tests.
const ALLOWED: &[(&str, &[&str])] = &[
    ("nosmoke-domain", &[]),
    ("nosmoke-application", &["nosmoke-domain"]),
    ("nosmoke-store", &["nosmoke-domain", "nosmoke-application"]),
    ("nosmoke-mypage-postgres", &["nosmoke-domain", "nosmoke-application"]),
    ("nosmoke-sync", &["nosmoke-domain", "nosmoke-application"]),
    ("nosmoke-traces", &["nosmoke-application"]),
    ("nosmoke-broker", &[]),
    ("nosmoke-receivers", &["nosmoke-broker"]),
    ("nosmoke-postgres", &["nosmoke-broker"]),
    ("nosmoke-gateway", &["nosmoke-domain", "nosmoke-application"]),
    (
        "nosmoke-composition",
        &[
            "nosmoke-domain",
            "nosmoke-application",
            "nosmoke-store",
            "nosmoke-mypage-postgres",
            "nosmoke-sync",
            "nosmoke-traces",
        ],
    ),
    ("nosmoke-headless", &["nosmoke-domain", "nosmoke-application", "nosmoke-composition", "nosmoke-gateway"]),
    (
        "nosmoke-desk",
        &["nosmoke-domain", "nosmoke-application", "nosmoke-store", "nosmoke-composition", "nosmoke-gateway"],
    ),
];

/// What only an adapter or the composition root may name.
const OUTSIDE: &[&str] =
    &["sqlx", "libsqlite3-sys", "rdkafka", "tauri", "axum", "webkit2gtk", "reqwest", "opentelemetry_sdk"];

/// What the domain may not name either: it has no I/O, no async and no randomness.
const NOT_IN_THE_DOMAIN: &[&str] = &["tokio", "async-trait", "futures", "rand", "getrandom", "tracing"];

/// Each package of the workspace with what it depends on outside its tests.
fn packages() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let metadata: Value = serde_json::from_slice(&answer.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let of = |package: &Value| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.filter(|dependency| dependency["kind"].as_str() != Some("dev")).map(name).collect()
    };
    metadata["packages"].as_array().unwrap().iter().map(|package| (name(package), of(package))).collect()
}

fn ours(dependencies: &BTreeSet<String>) -> impl Iterator<Item = &str> {
    dependencies.iter().map(String::as_str).filter(|name| name.starts_with("nosmoke-"))
}

#[test]
fn s02_dependencies_point_one_way() {
    for (package, dependencies) in packages() {
        if package == "nosmoke-tests" {
            continue;
        }
        let (_, allowed) = ALLOWED
            .iter()
            .find(|(name, _)| *name == package)
            .unwrap_or_else(|| panic!("{package} has no place among the layers yet"));
        for dependency in ours(&dependencies) {
            assert!(allowed.contains(&dependency), "{package} must not depend on {dependency}");
        }
    }
}

#[test]
fn s02_the_inner_layers_name_no_technology() {
    let packages = packages();
    for inner in ["nosmoke-domain", "nosmoke-application"] {
        for technology in OUTSIDE {
            assert!(!packages[inner].contains(*technology), "{inner} must not depend on {technology}");
        }
    }
    for technology in NOT_IN_THE_DOMAIN {
        assert!(!packages["nosmoke-domain"].contains(*technology), "the domain must not depend on {technology}");
    }
}
