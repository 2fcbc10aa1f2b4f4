//! Each bounded context has its own module and aggregate, and imports from other contexts only the items that the
//! context map allows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Names = &'static [&'static str];

struct Context {
    module: &'static str,
    aggregates: Names,
    /// The items of other contexts that this context may import. The context map is in docs/domain.md.
    may_name: &'static [(&'static str, Names)],
}

/// The contexts in order of dependency: each may import only from contexts before it.
const CONTEXTS: &[Context] = &[
    // check_in is the core context. From point, it imports only the published standing (N3, N4), and the account summary
    // for taking a check-out back with what it earned.
    Context {
        module: "check_in",
        aggregates: &["Visit"],
        may_name: &[(PUBLISHED, &["AccountSummary", "StandingCopy"])],
    },
    // pay and penalty ask point within the same transaction, and import only the account summary that point returns
    // (N1, N2).
    Context { module: "pay", aggregates: &["Payment"], may_name: &[(PUBLISHED, &["AccountSummary"])] },
    Context { module: "penalty", aggregates: &["Penalty"], may_name: &[(PUBLISHED, &["AccountSummary"])] },
    // point follows the facts of the contexts before it, and imports their aggregates for that.
    Context {
        module: "point",
        aggregates: &["Account"],
        may_name: &[
            ("check_in", &["EndKind", "Visit"]),
            ("pay", &["Payment"]),
            ("penalty", &["Penalty"]),
            (PUBLISHED, &["AccountSummary", "StandingChange", "StandingCopy"]),
        ],
    },
    Context { module: "customer", aggregates: &[], may_name: &[("point", &["Account"])] },
    // review is derived from all facts of a customer, so it imports from the contexts that record these facts.
    Context {
        module: "review",
        aggregates: &[],
        may_name: &[
            ("check_in", &["Entry", "Visit", "visit_of"]),
            ("pay", &["Payment"]),
            ("penalty", &["Penalty"]),
            ("point", &["Account", "write_offs"]),
        ],
    },
    // The plan of a site is drawn by managers; no other context reads it.
    Context { module: "site", aggregates: &["Drawing"], may_name: &[] },
];

/// Modules that every context may import.
const SHARED: &[&str] = &[
    "clock",
    "corrector",
    "days",
    "fact",
    "fold",
    "ids",
    "lapse",
    "links",
    "lots",
    "points",
    "refusal",
    "rules",
    "words",
];
/// The module with the types that point publishes for other contexts. The context map says which context uses which.
const PUBLISHED: &str = "published";

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("crates")
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            // Imports in comments and inline tests don't count.
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.push((path, lines.collect::<Vec<_>>().join("\n")));
        }
    }
    found
}

/// Lists the items that a file imports from each module of its crate: `crate::a::{B, c}` gives `a` with `B` and `c`.
fn named(code: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut named: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in code.split("crate::").skip(1) {
        let Some((module, rest)) = path.split_once("::") else { continue };
        let items: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(',').map(str::trim).collect(),
            None => vec![rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()],
        };
        let items = items.into_iter().filter(|item| !item.is_empty()).map(str::to_owned);
        named.entry(module.to_owned()).or_default().extend(items);
    }
    named
}

#[test]
fn s01_each_context_has_its_aggregate_and_imports_only_what_the_map_allows() {
    let domain = crates().join("domain/src");
    let mut modules = BTreeSet::new();
    for entry in fs::read_dir(&domain).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        modules.insert(name.trim_end_matches(".rs").to_owned());
    }
    let known = CONTEXTS.iter().map(|context| context.module).chain(SHARED.iter().copied()).chain([PUBLISHED, "lib"]);
    assert_eq!(modules, known.map(str::to_owned).collect(), "a module is neither a context nor shared");

    for (place, Context { module: context, aggregates, may_name }) in CONTEXTS.iter().enumerate() {
        for (other, _) in *may_name {
            let is_below = *other == PUBLISHED || CONTEXTS[..place].iter().any(|it| it.module == *other);
            assert!(is_below, "{context} may name {other}, which stands above it");
        }
        let files = sources(&domain.join(context));
        for aggregate in *aggregates {
            let is_here = |(_, code): &(PathBuf, String)| code.contains(&format!("pub struct {aggregate} {{"));
            assert!(files.iter().any(is_here), "{context} has no aggregate {aggregate}");
        }
        for (path, code) in &files {
            for (module, items) in named(code) {
                if module == *context || SHARED.contains(&module.as_str()) {
                    continue;
                }
                let (_, allowed) = may_name
                    .iter()
                    .find(|(other, _)| *other == module)
                    .unwrap_or_else(|| panic!("{} names {module}, which isn't on the map", path.display()));
                for item in items {
                    assert!(allowed.contains(&item.as_str()), "{} names {module}::{item}", path.display());
                }
            }
        }
    }
    // Shared modules and point's published module import no context, and shared modules don't import the published one.
    for shared in SHARED.iter().copied().chain([PUBLISHED]) {
        let path = domain.join(shared);
        let files = if path.is_dir() {
            sources(&path)
        } else {
            vec![(path.with_extension("rs"), fs::read_to_string(path.with_extension("rs")).unwrap())]
        };
        for (path, code) in files {
            let contexts: Vec<_> = named(&code).into_keys().filter(|it| !SHARED.contains(&it.as_str())).collect();
            assert_eq!(contexts, Vec::<String>::new(), "{}", path.display());
        }
    }
}

#[test]
fn s01_each_context_has_commands_or_a_projector_and_a_repository_port() {
    let application = crates().join("application/src");
    for (context, file) in [
        ("check_in", "commands/check_in.rs"),
        ("check_in", "workers/check_in.rs"),
        ("point", "commands/point.rs"),
        ("point", "workers/point.rs"),
        ("point", "workers/earning.rs"),
        ("pay", "commands/pay.rs"),
        ("penalty", "commands/penalty.rs"),
        ("penalty", "workers/penalty.rs"),
        ("mypage", "workers/mypage.rs"),
        ("mypage", "queries/mypage.rs"),
    ] {
        assert!(application.join(file).exists(), "{context} has no {file}");
    }
    let ports = sources(&crates().join("ports/src"));
    for port in ["pub trait Journal", "pub trait MypageStore"] {
        assert!(ports.iter().any(|(_, code)| code.contains(port)), "{port} is gone");
    }
    // Commands of one context don't call commands of another. The context map has one exception: the check-in of a
    // walk-in registers a customer (check_in → customer).
    for (file, own) in [("check_in", &["customer"][..]), ("pay", &[]), ("penalty", &[]), ("point", &[])] {
        let code = fs::read_to_string(application.join(format!("commands/{file}.rs"))).unwrap();
        for other in ["check_in", "customer", "facility", "pay", "penalty", "point"] {
            let calls = code.contains(&format!("super::{other}::")) || code.contains(&format!("use super::{other};"));
            assert!(!calls || other == file || own.contains(&other), "commands/{file}.rs calls commands/{other}.rs");
        }
    }
}
