//! Tests of starts on a full disk and in folders that can't be written: as real processes, in a mount namespace of their own.

use std::process::{Command, Output};

use crate::process::TestFolder;

/// Runs `nosmoke serve` after a shell command has changed its world; `None` where the system doesn't let this user do that.
fn serve_after(folder: &TestFolder, change: &str) -> Option<Output> {
    std::fs::create_dir_all(&folder.data).unwrap();
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let namespace: &[&str] = if is_root { &["--mount"] } else { &["--mount", "--map-root-user"] };
    let tried = Command::new("unshare").args(namespace).args(["mount", "--make-rprivate", "/"]).output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        eprintln!("not run: this user can't mount");
        return None;
    }
    let program = env!("CARGO_BIN_EXE_nosmoke");
    let line = format!(
        "D='{}'; {change} exec '{program}' serve --listen 127.0.0.1:0 --data-dir \"$D\"",
        folder.data.display()
    );
    let mut command = Command::new("unshare");
    command
        .args(namespace)
        .args(["sh", "-c", &line])
        .env("LC_ALL", "C.UTF-8")
        .env("NOSMOKE_MARKS_DIR", folder.file("marks"));
    Some(command.output().unwrap())
}

fn expect(output: &Output, code: i32, words: &[&str]) {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{errors}");
    assert!(output.stdout.is_empty() && !errors.contains("panicked"), "{errors}");
    for word in words {
        assert!(errors.contains(word), "{errors}");
    }
}

#[test]
fn a_full_disk_at_the_start_is_said_on_the_error_output() {
    let full = "mount -t tmpfs -o size=64k none \"$D\" && head -c 65536 /dev/zero > \"$D/fill\";";
    if let Some(output) = serve_after(&TestFolder::new(), full) {
        expect(&output, 7, &["there is no log file", "the disk is full: free some space", "disk_full"]);
    }
}

#[test]
fn a_disk_that_fills_while_the_folder_is_opened_is_said_too() {
    let nearly = "mount -t tmpfs -o size=1m none \"$D\" && head -c 900000 /dev/zero > \"$D/fill\";";
    if let Some(output) = serve_after(&TestFolder::new(), nearly) {
        expect(&output, 7, &["the disk is full: free some space", "disk_full"]);
    }
}

#[test]
fn a_read_only_folder_at_the_start_is_said_with_its_path() {
    let folder = TestFolder::new();
    let read_only = "mount --bind \"$D\" \"$D\" && mount -o remount,ro,bind \"$D\";";
    let data = folder.data.display().to_string();
    if let Some(output) = serve_after(&folder, read_only) {
        expect(
            &output,
            6,
            &["this user can't write in the data folder", "name another folder", "folder_unwritable", &data],
        );
    }
}
