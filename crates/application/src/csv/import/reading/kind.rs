//! Tells what a file is by its content: its name may say anything.

use std::io::{Cursor, Read};

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;
use zip::ZipArchive;

use super::super::table::expect_at_most;

/// Upper bound for a workbook's content once it is unpacked.
const UNPACKED_BYTES: usize = 200 * 1024 * 1024;
/// Upper bound for the files in a workbook.
const MAX_ENTRIES: usize = 5_000;
/// How much of a text is looked at to tell what it is.
const LOOKED_AT: usize = 4_096;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Xlsx,
    Xls,
}

/// Tells a workbook from text.
///
/// # Errors
/// `not_a_list`; `workbook_unreadable`, `file_too_large`.
pub(super) fn kind(bytes: &[u8]) -> Result<Kind, AppError> {
    match bytes {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => zipped(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => compound(bytes),
        [b'%', b'P', b'D', b'F', ..] => Err(not_a_list("pdf")),
        [0x89, b'P', b'N', b'G', ..] | [0xFF, 0xD8, 0xFF, ..] | [b'G', b'I', b'F', b'8', ..] | [0x1F, 0x8B, ..] => {
            Err(not_a_list("other"))
        }
        // Excel 2 to 4, from before compound files.
        [9, 0 | 2 | 4, 4 | 6, 0, ..] => Ok(Kind::Xls),
        _ => Ok(Kind::Text),
    }
}

/// Checks that text isn't a page, a vCard or the like.
///
/// # Errors
/// `not_a_list`.
pub(super) fn expect_list(text: &str) -> Result<(), AppError> {
    let start: String = text.trim_start().chars().take(LOOKED_AT).flat_map(char::to_lowercase).collect();
    let found = match () {
        () if start.starts_with("begin:vcard") => "vcard",
        // A page with its pictures in one file.
        () if start.starts_with("mime-version:") => "html",
        () if start.starts_with("{\\rtf") || start.starts_with(['{', '[']) && start.contains("\":") => "other",
        () if !start.starts_with('<') => return Ok(()),
        () if start.contains("<html") || start.contains("<table") || start.contains("<!doctype html") => "html",
        () if start.starts_with("<?xml") => "xml",
        () => return Ok(()),
    };
    Err(not_a_list(found))
}

fn zipped(bytes: &[u8]) -> Result<Kind, AppError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    expect_at_most(archive.len(), MAX_ENTRIES, "bytes")?;
    let has = |name: &str| archive.file_names_raw().any(|it| it.eq_ignore_ascii_case(name.as_bytes()));
    if has("xl/workbook.bin") {
        return Err(not_a_list("xlsb"));
    }
    if !has("xl/workbook.xml") {
        let mut told = String::new();
        if let Ok(entry) = archive.by_name("mimetype") {
            entry.take(200).read_to_string(&mut told).map_err(|error| unreadable(&error))?;
        }
        let found =
            [("opendocument.spreadsheet", "ods"), ("hwp", "hwp")].into_iter().find(|(word, _)| told.contains(word));
        return Err(not_a_list(found.map_or("other", |(_, found)| found)));
    }
    expect_bounded(&mut archive)?;
    Ok(Kind::Xlsx)
}

/// Unpacks what a reader would, to nowhere: a few bytes can be packed gigabytes, and the sizes that a file states may lie.
fn expect_bounded(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), AppError> {
    let mut unpacked = 0;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|error| unreadable(&error))?;
        let name = entry.name().map_err(|error| unreadable(&error))?.to_ascii_lowercase();
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let mut bounded = entry.take((UNPACKED_BYTES - unpacked) as u64 + 1);
        let size = std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|error| unreadable(&error))?;
        unpacked += usize::try_from(size).unwrap_or(UNPACKED_BYTES);
        expect_at_most(unpacked, UNPACKED_BYTES, "bytes")?;
    }
    Ok(())
}

/// Recognises the kind of a compound file of Microsoft's by the names of its streams.
fn compound(bytes: &[u8]) -> Result<Kind, AppError> {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.chunks(64).any(|chunk| chunk.starts_with(&name))
    };
    match () {
        () if has("EncryptedPackage") => Err(not_a_list("encrypted")),
        () if has("Workbook") || has("Book") => Ok(Kind::Xls),
        () if has("FileHeader") || has("\u{5}HwpSummaryInformation") => Err(not_a_list("hwp")),
        () => Err(not_a_list("other")),
    }
}

pub(super) fn not_a_list(found: &str) -> AppError {
    AppError::with(ErrorCode::NotAList, json!({ "reason": found }))
}

pub(super) fn unreadable(error: &dyn std::fmt::Display) -> AppError {
    AppError::with(ErrorCode::WorkbookUnreadable, json!({ "detail": error.to_string() }))
}
