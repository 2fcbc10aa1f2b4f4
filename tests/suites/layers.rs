//! Dependencies between our crates point one way: domain <- ports <- reading, runtime <- replication <- application <-
//! inbound adapters. Outbound adapters depend on domain and ports only, and the composition root on all.

mod modules;
mod paths;
mod reader;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use modules::{read, report};

/// For each crate, those of our crates that it may depend on. Dependencies of its tests don't count.
const ALLOWED: &[(&str, &[&str])] = &[
    ("nosmoke-domain", &[]),
    ("nosmoke-ports", &["nosmoke-domain"]),
    ("nosmoke-reading", &["nosmoke-domain", "nosmoke-ports"]),
    ("nosmoke-runtime", &["nosmoke-domain", "nosmoke-ports"]),
    ("nosmoke-replication", &["nosmoke-domain", "nosmoke-ports", "nosmoke-reading", "nosmoke-runtime"]),
    ("nosmoke-application", INSIDE),
    // Outbound adapters.
    ("nosmoke-store", &["nosmoke-domain", "nosmoke-ports"]),
    ("nosmoke-mypage-postgres", &["nosmoke-domain", "nosmoke-ports"]),
    ("nosmoke-kafka", &["nosmoke-domain", "nosmoke-ports"]),
    ("nosmoke-traces", &["nosmoke-domain", "nosmoke-ports"]),
    ("nosmoke-updates", &["nosmoke-domain", "nosmoke-ports"]),
    ("nosmoke-paper", &["nosmoke-domain", "nosmoke-ports"]),
    ("nosmoke-center", &["nosmoke-domain", "nosmoke-ports", "nosmoke-reading", "nosmoke-mypage-postgres"]),
    // Inbound adapters and the composition root.
    ("nosmoke-gateway", INBOUND),
    ("nosmoke-composition", ROOT),
    ("nosmoke-window", PROGRAM),
    ("nosmoke-headless", PROGRAM),
    ("nosmoke-desk", &["nosmoke-ports", "nosmoke-composition", "nosmoke-window"]),
    // Crates for tests only: they start servers (Kafka, PostgreSQL) and receivers of spans. No shipped program depends
    // on them.
    (
        "nosmoke-loopback",
        &["nosmoke-domain", "nosmoke-ports", "nosmoke-reading", "nosmoke-composition", "nosmoke-window"],
    ),
    ("nosmoke-broker", &[]),
    ("nosmoke-receivers", &["nosmoke-broker"]),
    ("nosmoke-postgres", &["nosmoke-broker"]),
];

const INSIDE: &[&str] =
    &["nosmoke-domain", "nosmoke-ports", "nosmoke-reading", "nosmoke-runtime", "nosmoke-replication"];
const INBOUND: &[&str] = &[
    "nosmoke-domain",
    "nosmoke-ports",
    "nosmoke-reading",
    "nosmoke-runtime",
    "nosmoke-replication",
    "nosmoke-application",
];
const ROOT: &[&str] = &[
    "nosmoke-domain",
    "nosmoke-ports",
    "nosmoke-reading",
    "nosmoke-runtime",
    "nosmoke-replication",
    "nosmoke-application",
    "nosmoke-store",
    "nosmoke-mypage-postgres",
    "nosmoke-kafka",
    "nosmoke-traces",
    "nosmoke-updates",
    "nosmoke-paper",
];
const PROGRAM: &[&str] = &[
    "nosmoke-domain",
    "nosmoke-ports",
    "nosmoke-reading",
    "nosmoke-runtime",
    "nosmoke-replication",
    "nosmoke-application",
    "nosmoke-store",
    "nosmoke-composition",
    "nosmoke-gateway",
];

/// Third-party crates that only adapters and the composition root may depend on.
const OUTSIDE: &[&str] =
    &["sqlx", "rusqlite", "libsqlite3-sys", "rdkafka", "tauri", "axum", "webkit2gtk", "reqwest", "opentelemetry_sdk"];

/// More third-party crates that the domain must not depend on, because it has no I/O, no async code and no randomness.
const NOT_IN_THE_DOMAIN: &[&str] = &["tokio", "async-trait", "futures", "rand", "getrandom", "tracing"];

/// Returns each package of the workspace with its dependencies, without those of its tests.
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
    for inner in INSIDE.iter().chain(&["nosmoke-application"]).copied() {
        for technology in OUTSIDE {
            assert!(!packages[inner].contains(*technology), "{inner} must not depend on {technology}");
        }
    }
    for technology in NOT_IN_THE_DOMAIN {
        assert!(!packages["nosmoke-domain"].contains(*technology), "the domain must not depend on {technology}");
    }
}

#[test]
fn s02_no_import_runs_up_inside_a_crate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let crates = fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path());
    for folder in crates.chain([root.join("src-tauri")]) {
        let report = report(&read(&folder.join("src")));
        let found: Vec<_> = report.cycles.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{}:\n{}", folder.display(), found.join("\n"));
        assert!(
            report.unresolved.is_empty(),
            "{}: imports that can't be followed: {:?}",
            folder.display(),
            report.unresolved
        );
    }
}
