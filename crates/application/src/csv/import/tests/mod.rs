//! Lists as other programs write them, made by the tests themselves: what must come of each line.

mod books;
mod chosen;
mod compound;
mod field;
mod given;
mod registers;
mod spreadsheets;
mod vendors;
mod workbooks;
mod workbooks_of_vendors;
mod written;

use serde_json::json;

use super::*;
use written::written;

/// A file, and what must come of it in the form of [`written`].
struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    expected: &'static str,
}

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, expected: &'static str) -> Case {
    Case { name, bytes: bytes.into(), expected }
}

fn cp949(text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = encoding_rs::EUC_KR.encode(text);
    assert!(!unmappable, "{text:?}");
    bytes.into_owned()
}

fn utf_16_le(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn all() -> Vec<Case> {
    [
        field::cases(),
        spreadsheets::cases(),
        books::cases(),
        registers::cases(),
        vendors::cases(),
        workbooks::cases(),
        workbooks_of_vendors::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn each_line_of_each_list_comes_to_what_it_must() {
    let cases = all();
    assert!(cases.len() >= 120, "{} files", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|Case { name, bytes, expected }| {
            let found = written(&read_customers(bytes));
            let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            (found != expected).then(|| format!("{name}\n  expected {expected:#?}\n  found {found:#?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn a_list_is_read_the_same_whatever_its_chosen_encoding_is_called() {
    for Case { name, bytes, .. } in all() {
        let Ok(found) = read_customers(&bytes) else { continue };
        let choices =
            ImportChoices { encoding: found.encoding, sheet: found.sheet.clone(), ..ImportChoices::default() };
        let again = read_list(&bytes, choices.clone()).unwrap();
        assert_eq!(CustomerFile { choices: ImportChoices::default(), ..again }, found, "{name}");
    }
}
