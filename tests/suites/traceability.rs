//! docs/requirements.md and the tests say the same: every named test is there, every test with an id is named.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A row's tests; `None` where it isn't built yet.
type Table = BTreeMap<String, Option<BTreeSet<String>>>;

/// Folders whose files aren't ours.
const NOT_OURS: &[&str] = &["node_modules", "target", "dist", "out"];

fn files(folder: &Path, take: &mut dyn FnMut(&str, &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                files(&path, take);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            take(&name, &text);
        }
    }
}

/// The requirement whose id a test's name begins with: `f01_…` is `F1`.
fn id(test: &str) -> Option<String> {
    let (id, rest) = test.split_once('_')?;
    let (letter, number) = id.split_at_checked(1)?;
    let known = matches!(letter, "f" | "n" | "s") && !rest.is_empty();
    let number: u32 = number.parse().ok().filter(|_| known)?;
    Some(format!("{}{number}", letter.to_uppercase()))
}

fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Every test with an id, wherever it runs.
fn real_tests() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut tests = BTreeSet::new();
    let mut take = |name: &str, text: &str| {
        let begins: &[&str] = match name.rsplit_once('.').map(|(_, extension)| extension) {
            Some("rs") => &["fn "],
            Some("ts" | "tsx" | "mjs") => &["it('", "test('", "scenario('", "describe('"],
            _ => return,
        };
        for begin in begins {
            let named = text.split(begin).skip(1).map(word).filter(|test| id(test).is_some());
            tests.extend(named.map(str::to_owned));
        }
    };
    for folder in ["crates", "src-tauri/src", "tests", "ui/src"] {
        files(&root.join(folder), &mut take);
    }
    tests
}

fn table() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/requirements.md");
    let text = fs::read_to_string(path).unwrap();
    let mut table = Table::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, id, .., tests, _] = cells.as_slice() else { continue };
        if !id.starts_with(['F', 'N', 'S']) || id[1..].parse::<u32>().is_err() {
            continue;
        }
        let named = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let built = !cells.contains(&"not yet");
        assert!(built || *tests == "–", "{id} is not built yet and has tests");
        assert!(table.insert((*id).to_owned(), built.then_some(named)).is_none(), "{id} has two rows");
    }
    table
}

#[test]
fn every_requirement_is_proven_by_the_tests_that_the_table_names() {
    let (table, real) = (table(), real_tests());
    let seed = (1..=12).map(|n| format!("F{n}")).chain((1..=10).map(|n| format!("N{n}")));
    for id in seed.chain(["S1", "S2", "S5"].map(str::to_owned)) {
        let tests = table.get(&id).unwrap_or_else(|| panic!("{id} has no row")).as_ref();
        assert!(tests.is_some_and(|tests| !tests.is_empty()), "{id} has no test");
    }
    for number in 1..=10 {
        assert!(table.contains_key(&format!("S{number}")), "S{number} has no row");
    }
    let mut named = BTreeSet::new();
    for (row, tests) in &table {
        for test in tests.iter().flatten() {
            assert_eq!(id(test).as_ref(), Some(row), "{test} stands in the row of {row}");
            assert!(real.contains(test), "{row} names {test}, which isn't there");
            named.insert(test.clone());
        }
    }
    let unnamed: Vec<_> = real.difference(&named).collect();
    assert!(unnamed.is_empty(), "docs/requirements.md doesn't name {unnamed:?}");
}

#[test]
fn an_id_is_read_from_the_beginning_of_a_name() {
    assert_eq!(id("f01_a_customer_checks_in").as_deref(), Some("F1"));
    assert_eq!(id("s10_map").as_deref(), Some("S10"));
    for other in ["f_x", "f01", "f01_", "from_1", "x01_a", "n1a_b"] {
        assert_eq!(id(other), None, "{other}");
    }
}
