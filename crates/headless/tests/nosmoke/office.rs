//! Exports that LibreOffice opens and saves again. Runs only where `soffice` is installed (Debian: libreoffice-calc).

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::TestFolder;

/// Names, phones and cards that spreadsheet programs like to change.
const PEOPLE: [[&str; 3]; 9] = [
    ["007", "01012345678", "00000391"],
    ["=1+1", "+82 10-1234-5679", "-NS-1"],
    ["@홍길동", "010-1234-5670", "=SUM(A1)"],
    ["-다라", "02-123-4567", "8801234567890123"],
    ["+마바", "0311234567", "12345678901234567890"],
    ["똠방각하 쀍", "010-1111-2222", "1E5"],
    ["첫 줄\n둘째 줄", "070-1111-2222", "2026-11-01"],
    ["\"따옴표\", 쉼표", "", "NS,\"1\""],
    ["'작은따옴표", "010-3333-4444", "TRUE"],
];

/// Opens a file with LibreOffice and saves it in another format; returns the new file.
fn saved_again(file: &Path, format: &str, options: &[&str]) -> PathBuf {
    let folder = file.with_extension(format.split(':').next().unwrap());
    let out = folder.with_file_name(format!("again-{}", folder.extension().unwrap().to_string_lossy()));
    let profile = format!("-env:UserInstallation=file://{}", file.with_file_name("profile").display());
    let mut command = Command::new("soffice");
    command.args([&profile, "--headless", "--norestore"]).args(options);
    let done = command.args(["--convert-to", format, "--outdir"]).arg(&out).arg(file).output().unwrap();
    let made = out.join(folder.file_name().unwrap());
    assert!(made.is_file(), "{}", String::from_utf8_lossy(&done.stderr));
    made
}

/// Returns the names, phones and cards of a folder's customers, sorted.
fn people(folder: &TestFolder) -> Vec<[String; 3]> {
    let out = folder.file("people.xlsx");
    assert!(folder.run(&["export", "customers", "--out", out.to_str().unwrap()]).status.success());
    let file = nosmoke_application::csv::read_customers(&std::fs::read(out).unwrap()).unwrap();
    let text = |text: Option<String>| text.unwrap_or_default();
    let mut people: Vec<_> =
        file.rows.into_iter().map(|row| [row.profile.name, text(row.profile.phone), text(row.profile.card)]).collect();
    people.sort();
    people
}

fn is_installed() -> bool {
    Command::new("soffice").arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn exports_that_libreoffice_saves_again_are_imported_unchanged() {
    if !is_installed() {
        return;
    }
    let folder = TestFolder::new();
    // In the form of an export, so that it is read exactly.
    let quoted = |text: &str| {
        let guard = if text.starts_with(['=', '+', '-', '@', '\'']) { "'" } else { "" };
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    };
    let rows: String = PEOPLE.iter().map(|person| format!("{},,\n", person.map(&quoted).join(","))).collect();
    let list = folder.file("list.csv");
    std::fs::write(&list, format!("name,phone,card,registered,customer_id\n{rows}")).unwrap();
    assert_eq!(folder.json(&["import", "customers", list.to_str().unwrap()])["imported"], PEOPLE.len());
    let before = people(&folder);
    let export = |name: &str| {
        let out = folder.file(name);
        assert!(folder.run(&["export", "customers", "--out", out.to_str().unwrap()]).status.success());
        out
    };
    let (book, text) = (export("book.xlsx"), export("text.csv"));
    // As texts, as the dialog for opening CSV offers.
    let as_texts = "--infilter=CSV:44,34,UTF8,1,1/2/2/2/3/2/4/2/5/2";
    let copies = [
        saved_again(&book, "xlsx", &[]),
        saved_again(&book, "xls", &[]),
        saved_again(&text, "csv:Text - txt - csv (StarCalc):44,34,76", &[as_texts]),
        saved_again(&text, "xlsx", &[as_texts]),
    ];
    for copy in copies {
        let other = TestFolder::new();
        let said = other.json(&["import", "customers", copy.to_str().unwrap()]);
        assert_eq!((&said["imported"], &said["bad"]), (&PEOPLE.len().into(), &0.into()), "{}: {said}", copy.display());
        assert_eq!(people(&other), before, "{}", copy.display());
    }
    // With LibreOffice's own guesses, the digits that it takes are given back or told.
    let guessed = saved_again(&text, "xls", &["--infilter=CSV:44,34,UTF8,1"]);
    let other = TestFolder::new();
    let said = other.json(&["import", "customers", guessed.to_str().unwrap()]);
    let phones: Vec<_> = people(&other).into_iter().map(|[_, phone, _]| phone).collect();
    assert!(phones.contains(&"01012345678".to_owned()), "{phones:?}");
    assert!(phones.iter().all(|phone| phone.is_empty() || phone.starts_with(['0', '+'])), "{phones:?}");
    // A line whose card was made a rounded number is left out.
    let told = said["leftOut"].to_string();
    assert!(told.contains("digits_lost") && said["phoneZerosRestored"] == 2, "{said}");
}
