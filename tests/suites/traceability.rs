//! docs/requirements.md and the tests agree: every test that the document names exists, and every test whose name
//! begins with a requirement's id is in the document.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The names of each requirement's tests; `None` if the requirement isn't built yet.
type Requirements = BTreeMap<String, Option<BTreeSet<String>>>;

/// Folders that contain no source files of this repository.
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

/// Returns the requirement's id with which a test's name begins: `F1` for `f01_…`.
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

/// Finds every test whose name begins with a requirement's id, in Rust, JavaScript and TypeScript.
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

/// Parses docs/requirements.md. Each requirement has a heading `## F1 …`, followed by either `Not yet.` or a line
/// `Code: …` and a list of tests.
fn parse(document: &str) -> Requirements {
    let mut requirements = Requirements::new();
    for section in format!("\n{document}").split("\n## ").skip(1) {
        let (heading, body) = section.split_once('\n').unwrap_or((section, ""));
        let (id, title) = heading.split_once(' ').unwrap_or((heading, ""));
        let is_id = id.starts_with(['F', 'N', 'S']) && id[1..].parse::<u32>().is_ok();
        if !is_id {
            continue;
        }
        assert!(!title.trim().is_empty(), "{id} has no title");
        let mut tests = BTreeSet::new();
        let (mut is_built, mut has_code) = (true, false);
        for line in body.lines().filter(|line| !line.is_empty()) {
            if let Some(test) = line.strip_prefix("- `").and_then(|rest| rest.strip_suffix('`')) {
                assert!(tests.insert(test.to_owned()), "{id} names {test} twice");
            } else if line == "Not yet." {
                is_built = false;
            } else {
                assert!(line.starts_with("Code: "), "{id} has a line of another form: {line}");
                has_code = true;
            }
        }
        assert_eq!(is_built, has_code && !tests.is_empty(), "{id} needs either code and tests, or only `Not yet.`");
        assert!(is_built || !has_code && tests.is_empty(), "{id} is not built yet and has code or tests");
        assert!(requirements.insert(id.to_owned(), is_built.then_some(tests)).is_none(), "{id} has two headings");
    }
    requirements
}

fn document() -> Requirements {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/requirements.md");
    parse(&fs::read_to_string(path).unwrap())
}

#[test]
fn the_document_names_every_test_of_a_requirement_and_only_those() {
    let (requirements, real) = (document(), real_tests());
    let ids = [('F', 12), ('N', 10), ('S', 10)].into_iter();
    let ids: BTreeSet<String> =
        ids.flat_map(|(letter, last)| (1..=last).map(move |n| format!("{letter}{n}"))).collect();
    assert_eq!(requirements.keys().cloned().collect::<BTreeSet<_>>(), ids, "the document has other ids");
    for id in ids.iter().filter(|id| !id.starts_with('S')) {
        assert!(requirements[id].is_some(), "{id} must be built");
    }
    let mut named = BTreeSet::new();
    for (requirement, tests) in &requirements {
        for test in tests.iter().flatten() {
            assert_eq!(id(test).as_ref(), Some(requirement), "{test} is named under {requirement}");
            assert!(real.contains(test), "{requirement} names {test}, which doesn't exist");
            named.insert(test.clone());
        }
    }
    let unnamed: Vec<_> = real.difference(&named).collect();
    assert!(unnamed.is_empty(), "docs/requirements.md doesn't name {unnamed:?}");
}

#[test]
fn a_requirement_has_a_title_code_and_tests_or_is_not_built_yet() {
    let good = "## F1 It works\nCode: `a.rs`\n\n- `f01_a`\n- `f01_b`\n\n## S7 Later\nNot yet.\n\n## More\nText\n";
    let tests = BTreeSet::from(["f01_a".to_owned(), "f01_b".to_owned()]);
    assert_eq!(parse(good), Requirements::from([("F1".to_owned(), Some(tests)), ("S7".to_owned(), None)]));
    for bad in [
        "## F1\nCode: `a.rs`\n\n- `f01_a`\n",
        "## F1 No tests\nCode: `a.rs`\n",
        "## F1 No code\n- `f01_a`\n",
        "## F1 Twice\nCode: `a.rs`\n- `f01_a`\n- `f01_a`\n",
        "## F1 Not built\nNot yet.\n- `f01_a`\n",
        "## F1 Another form\nCode: `a.rs`\n* `f01_a`\n",
        "## F1 One\nNot yet.\n## F1 Two\nNot yet.\n",
    ] {
        assert!(std::panic::catch_unwind(|| parse(bad)).is_err(), "{bad}");
    }
}

#[test]
fn an_id_is_read_from_the_beginning_of_a_name() {
    assert_eq!(id("f01_a_customer_checks_in").as_deref(), Some("F1"));
    assert_eq!(id("s10_map").as_deref(), Some("S10"));
    for other in ["f_x", "f01", "f01_", "from_1", "x01_a", "n1a_b"] {
        assert_eq!(id(other), None, "{other}");
    }
}
