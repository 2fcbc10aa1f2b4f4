//! The exit codes and the JSON of all commands: one table, by what goes wrong.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::process::TestFolder;

/// A user without rights, for tests that run as root.
const NOBODY: u32 = 65_534;

/// The commands with the arguments that each needs; `{}` is a folder of the test with `list.csv` and `backups`.
const COMMANDS: [(&str, &[&str]); 11] = [
    ("serve", &["serve", "--listen", "127.0.0.1:0"]),
    ("export customers", &["export", "customers", "--out", "{}/out.csv"]),
    ("export histories", &["export", "histories", "--out", "{}/out.xlsx"]),
    ("import", &["import", "customers", "{}/list.csv"]),
    ("imports", &["imports"]),
    ("backup", &["backup", "--out", "{}/backups"]),
    ("restore", &["restore", "{}/backup", "--yes"]),
    ("rebuild", &["rebuild", "mypage"]),
    ("verify", &["verify"]),
    ("digest", &["digest"]),
    ("tokens", &["tokens", "list"]),
];

/// The commands that don't begin on a folder that isn't there; the others make it.
fn needs_a_folder(name: &str) -> bool {
    !matches!(name, "serve" | "import" | "restore")
}

fn words<'a>(root: &str, words: &'a [&'a str]) -> Vec<String> {
    words.iter().map(|word| word.replace("{}", root)).collect()
}

/// A folder with data, a list, and a backup of it.
fn prepared() -> TestFolder {
    let folder = TestFolder::new();
    std::fs::write(folder.file("list.csv"), "name\n홍길동\n").unwrap();
    folder.json(&["import", "customers", folder.file("list.csv").to_str().unwrap()]);
    let into = folder.folder("backups");
    let (code, made) = folder.with_json(&["backup", "--out", into.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{made}");
    std::fs::rename(made["path"].as_str().unwrap(), folder.file("backup")).unwrap();
    folder
}

fn run(folder: &TestFolder, command: &[&str]) -> (Option<i32>, Value) {
    let root = folder.file("").to_str().unwrap().trim_end_matches('/').to_owned();
    let words = words(&root, command);
    folder.with_json(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

fn expect(name: &str, found: (Option<i32>, Value), code: i32, word: &str) {
    let error = &found.1["error"];
    assert_eq!((found.0, &error["code"]), (Some(code), &json!(word)), "{name}: {}", found.1);
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()) && error["params"].is_object());
}

#[test]
fn a_bad_command_line_ends_each_command_with_2() {
    let folder = TestFolder::new();
    for (name, command) in COMMANDS {
        let bad = [command, &["--sideways"]].concat();
        expect(name, run(&folder, &bad), 2, "usage");
    }
    let wrong: [&[&str]; 10] = [
        &["export", "customers", "--out", "x.csv", "--from", "2026-01-01"],
        &["contexts", "start", "pay", "--reason", "x"],
        &["contexts", "stop"],
        &["imports", "take-back"],
        &["imports", "take-back", "17"],
        &["serve", "--listen", "0.0.0.0:0"],
        &["serve", "--backup-into", "x", "--no-backups"],
        &["serve", "--backup-hour", "noon"],
        &["serve", "--kafka-tls", "--kafka-plain"],
        &["serve", "--kafka-cert", "x"],
    ];
    for words in wrong {
        expect(words[0], run(&folder, words), 2, "usage");
    }
    assert!(!folder.data.exists(), "nothing was made");
    let folder = prepared();
    expect("a date", run(&folder, &["export", "histories", "--out", "{}/x.csv", "--to", "soon"]), 2, "invalid_input");
    let serve: [(&[&str], &str); 4] = [
        (&["--otlp", "ftp://x"], "invalid_url"),
        (&["--mypage-url", "http://x"], "mypage_settings"),
        (&["--kafka", "a b"], "log_settings"),
        (&["--backup-hour", "24"], "out_of_range"),
    ];
    for (options, code) in serve {
        let words = [&["serve", "--listen", "127.0.0.1:0"], options].concat();
        expect(options[0], run(&folder, &words), 2, code);
    }
    expect("a sheet", run(&folder, &["import", "customers", "{}/list.csv", "--header-line", "9"]), 2, "invalid_input");
}

#[test]
fn what_is_missing_ends_each_command_with_5() {
    let folder = prepared();
    let empty = TestFolder::new();
    for (name, command) in COMMANDS.into_iter().filter(|(name, _)| needs_a_folder(name)) {
        expect(name, run(&empty, command), 5, "not_set_up");
        assert!(!empty.data.exists(), "{name} created the folder");
    }
    expect("a list", run(&folder, &["import", "customers", "{}/none.csv"]), 5, "file_unreadable");
    expect("a folder", run(&folder, &["export", "customers", "--out", "{}/none/x.csv"]), 5, "file_unwritable");
    expect("a disk", run(&folder, &["backup", "--out", "{}/none"]), 5, "file_unwritable");
    expect("a backup", run(&folder, &["restore", "{}/none", "--yes"]), 5, "not_a_backup");
    expect("no backup", run(&folder, &["restore", "{}/backups", "--yes"]), 5, "not_a_backup");
    let none = "01900000-0000-7000-8000-000000000000";
    expect("an import", run(&folder, &["imports", "take-back", none]), 5, "unknown_import");
    expect(
        "a disk",
        run(&folder, &["serve", "--listen", "127.0.0.1:0", "--backup-into", "{}/none"]),
        5,
        "backup_target_missing",
    );
}

#[test]
fn what_is_not_permitted_ends_each_command_with_6() {
    let folder = prepared();
    let root = folder.file("").to_str().unwrap().trim_end_matches('/').to_owned();
    let binary = folder.file("nosmoke");
    std::fs::copy(env!("CARGO_BIN_EXE_nosmoke"), &binary).unwrap();
    let set = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    set(&binary, 0o755);
    let is_root = std::process::Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let run = |command: &[&str]| {
        let mut started = std::process::Command::new(&binary);
        started.args(words(&root, command)).arg("--json").arg("--data-dir").arg(&folder.data);
        started.env("LC_ALL", "C.UTF-8").env("NOSMOKE_MARKS_DIR", folder.file("marks"));
        if is_root {
            started.uid(NOBODY).gid(NOBODY);
        }
        let output = started.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), serde_json::from_str(&said).unwrap_or_else(|_| panic!("{command:?}: {said} {errors}")))
    };
    // Others may enter the test's folder, and not the data folder.
    set(&folder.file(""), 0o755);
    set(&folder.data, 0);
    // The owner of a folder may always make it accessible again.
    for (name, command) in COMMANDS.into_iter().filter(|(name, _)| is_root && *name != "restore") {
        let (code, said): (_, Value) = run(command);
        assert_eq!((code, &said["error"]["code"]), (Some(6), &json!("folder_unwritable")), "{name}: {said}");
    }
    set(&folder.file("list.csv"), 0);
    expect("a list", run(&["import", "customers", "{}/list.csv"]), 6, "file_unreadable");
    set(&folder.file("backup"), 0);
    expect("a backup", run(&["restore", "{}/backup", "--yes"]), 6, "file_unreadable");
    set(&folder.data, 0o700);
}

#[test]
fn a_folder_in_use_ends_what_writes_without_a_gateway_with_3() {
    let served = prepared().serve();
    // Without the socket, the commands don't find the gateway, as with a window that serves none.
    std::fs::remove_file(served.folder.data.join("gateway.sock")).unwrap();
    for (name, command) in COMMANDS {
        let found = run(&served.folder, command);
        match name {
            "serve" | "import" | "restore" | "rebuild" | "tokens" => expect(name, found, 3, "folder_in_use"),
            _ => assert_eq!(found.0, Some(0), "{name}: {}", found.1),
        }
    }
    assert!(served.folder.data.join("journal.db").exists());
}

#[test]
fn a_full_disk_ends_a_command_with_7() {
    let folder = prepared();
    if let Some(disk) = SmallDisk::new(&folder.folder("disk")) {
        let path = disk.0.to_str().unwrap();
        expect("backup", folder.with_json(&["backup", "--out", path]), 7, "disk_full");
        assert_eq!(std::fs::read_dir(&disk.0).unwrap().count(), 1, "nothing half-written stays");
        let out = disk.0.join("out.csv");
        expect("export", folder.with_json(&["export", "customers", "--out", out.to_str().unwrap()]), 7, "disk_full");
        let from = folder.file("backup");
        let to = disk.0.join("data");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_nosmoke"))
            .args(["restore", from.to_str().unwrap(), "--yes", "--json", "--data-dir", to.to_str().unwrap()])
            .output()
            .unwrap();
        let said = serde_json::from_slice(&output.stdout).unwrap();
        expect("restore", (output.status.code(), said), 7, "disk_full");
        assert!(!to.join("journal.db").exists());
    }
    // A device that is full: the answer itself can't be written.
    let device = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = folder.command(&["digest"]).stdout(device).output().unwrap();
    assert_eq!(output.status.code(), Some(7), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A disk with hardly any room; unmounted when dropped. Only root can make one.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn new(at: &Path) -> Option<Self> {
        let mounted =
            std::process::Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "none"]).arg(at).output();
        let disk = mounted.is_ok_and(|mounted| mounted.status.success()).then(|| Self(at.to_owned()))?;
        // What is left isn't enough for a single page.
        let _ = std::fs::write(at.join("filled"), vec![0; 128 * 1024]);
        Some(disk)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn nothing_to_do_is_success() {
    let folder = prepared();
    let (code, said) = run(&folder, &["import", "customers", "{}/list.csv"]);
    assert_eq!(
        (code, &said["imported"], &said["importId"], &said["skipped"]),
        (Some(0), &json!(0), &Value::Null, &json!(1))
    );
    std::fs::write(folder.file("list.csv"), "name\n").unwrap();
    let (code, said) = run(&folder, &["import", "customers", "{}/list.csv"]);
    assert_eq!((code, &said["imported"], &said["complete"]), (Some(0), &json!(0), &json!(true)));
    let (code, said) = run(&folder, &["export", "histories", "--out", "{}/x.csv", "--to", "2001-01-01"]);
    assert_eq!((code, said["path"].as_str().is_some_and(|path| path.ends_with("/x.csv"))), (Some(0), true));
    assert_eq!(run(&folder, &["rebuild", "mypage"]), (Some(0), json!({ "rebuilt": "mypage" })));
    assert_eq!(run(&folder, &["rebuild", "mypage"]), (Some(0), json!({ "rebuilt": "mypage" })));
}

#[test]
fn messages_follow_the_locale_and_the_code_stays() {
    let folder = TestFolder::new();
    let said = |locale: &str| {
        let output = folder.command(&["digest"]).env("LC_ALL", locale).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(said("ko_KR.UTF-8"), "nosmoke: Nosmoke Desk의 데이터 폴더가 아닙니다. (not_set_up)\n");
    assert_eq!(said("de_DE.UTF-8"), "nosmoke: this isn't a data folder of Nosmoke Desk (not_set_up)\n");
    // Without --json the standard output is for results only.
    assert!(folder.run(&["digest"]).stdout.is_empty());
}

/// The table in the documentation names each command and each code.
#[test]
fn the_document_has_each_command_and_each_exit_code() {
    let document = include_str!("../../../../docs/command-line.md");
    for (name, command) in COMMANDS {
        assert!(document.contains(&format!("`nosmoke {}", command[0])), "{name}");
    }
    for code in 0..=7 {
        assert!(document.contains(&format!("| {code} |")), "{code}");
    }
}
