//! The header row of an imported file: its columns, and the delimiter between cells.

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use super::super::cell::unguard;

/// A column that is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Phone,
    Card,
}

/// The column names that are recognised, in lower case and without spaces.
const NAMES: [(Field, &[&str]); 3] = [
    (Field::Name, &["name", "이름", "성명", "고객명", "회원명"]),
    (
        Field::Phone,
        &["phone", "전화", "전화번호", "휴대폰", "휴대폰번호", "휴대전화", "휴대전화번호", "핸드폰", "연락처"],
    ),
    (Field::Card, &["card", "cardnumber", "카드", "카드번호"]),
];

const DELIMITERS: [u8; 3] = *b",;\t";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) delimiter: u8,
    fields: Vec<Option<Field>>,
}

impl Header {
    /// Reads the header row, using the delimiter with which most columns are recognised.
    pub(super) fn read(text: &str) -> Result<Self, AppError> {
        let with = |delimiter: u8| {
            let mut cells = csv::StringRecord::new();
            // If the row can't be read, `cells` stays empty, so that no column is recognised.
            let _ = reader(text, delimiter).read_record(&mut cells);
            Self { delimiter, fields: cells.iter().map(field).collect() }
        };
        // `max_by_key` returns the last maximum. The list is reversed so that, of delimiters with the same number, the
        // first one in the list wins.
        let best = DELIMITERS.into_iter().rev().map(with).max_by_key(Self::known);
        best.filter(|header| header.column(Field::Name).is_some())
            .ok_or_else(|| AppError::with(ErrorCode::MissingColumn, json!({ "column": "name" })))
    }

    /// Returns the index of the first column for a field.
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|it| *it == Some(field))
    }

    fn known(&self) -> usize {
        NAMES.iter().filter(|(field, _)| self.column(*field).is_some()).count()
    }
}

/// Reads rows that may have fewer or more cells than the header.
pub(super) fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

fn field(cell: &str) -> Option<Field> {
    let name: String = unguard(cell).nfc().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).collect();
    let name = name.to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field)
}
