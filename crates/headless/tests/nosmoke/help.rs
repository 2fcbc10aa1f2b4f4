//! Tests that `--help` explains every command, and that invalid command lines are refused with a reason.

use std::process::{Command, Output};

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nosmoke")).args(words).env_remove("NOSMOKE_MYPAGE_URL").output().unwrap()
}

/// The commands, each with words that its help must contain.
const COMMANDS: [(&str, &[&str]); 11] = [
    (
        "serve",
        &[
            "Serve the REST gateway until SIGTERM or SIGINT",
            "--data-dir",
            "--listen",
            "gateway.token",
            "--kafka",
            "--topic-prefix",
            "--terminal-name",
            "--facility-key",
            "--backup-into",
            "--no-backups",
        ],
    ),
    (
        "export",
        &["to a file, CSV or .xlsx", "customers", "histories", "--data-dir", "--out", "--from", "--to", "in Seoul"],
    ),
    (
        "import",
        &["Register the customers of a list", "--data-dir", "--dry-run", "--columns", "--duplicates", "--encoding"],
    ),
    ("imports", &["List the imports of this terminal", "take-back", "erases the customers", "--data-dir"]),
    ("backup", &["also while another program has the folder open", "--out", "--data-dir", "--json"]),
    ("restore", &["Replace the data of a folder by a backup", "--yes", "--data-dir"]),
    ("rebuild", &["Rebuild derived data from the facts", "mypage", "--data-dir"]),
    ("verify", &["Check every page and the hash of every fact", "--data-dir"]),
    ("digest", &["Print the number of facts", "as JSON", "--data-dir"]),
    ("diagnostics", &["Write the file that support asks for", "names no person", "--data-dir", "--out"]),
    ("contexts", &["Show the contexts of the running program", "stop", "start", "--reason", "--data-dir"]),
];

#[test]
fn s06_help_explains_each_command() {
    let all = run(&["--help"]);
    let all_help = String::from_utf8(all.stdout).unwrap();
    assert_eq!((all.status.code(), all.stderr.len()), (Some(0), 0));
    for code in 0..=7 {
        assert!(all_help.lines().any(|line| line.trim_start().starts_with(&format!("{code}  "))), "{code}: {all_help}");
    }
    for (command, words) in COMMANDS {
        assert!(all_help.lines().any(|line| line.trim_start().starts_with(&format!("{command} "))), "{all_help}");
        let asked = run(&[command, "--help"]);
        assert_eq!((asked.status.code(), asked.stderr.len()), (Some(0), 0), "{command}");
        let help = String::from_utf8(asked.stdout).unwrap();
        for word in words {
            assert!(help.contains(word), "the help of {command} lacks {word}: {help}");
        }
        assert_eq!(run(&["help", command]).stdout, help.as_bytes(), "{command}");
    }
}

#[test]
fn s06_an_invalid_command_line_is_refused_on_the_error_output() {
    let without_folder = COMMANDS.map(|(command, _)| vec![command]);
    let others = [vec![], vec!["brew"], vec!["digest", "--data-dir"], vec!["serve", "--data-dir", "x", "--port", "1"]];
    for words in without_folder.into_iter().chain(others) {
        let refused = run(&words);
        assert_eq!(refused.status.code(), Some(2), "{words:?}");
        assert!(refused.stdout.is_empty() && !refused.stderr.is_empty(), "{words:?}");
    }
}
