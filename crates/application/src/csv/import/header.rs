//! The first row: which column holds what, and what parts the cells.

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use super::super::cell::unguard;

/// What a column may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Phone,
    Card,
}

/// Names of the columns, in lower case and without spaces, as facilities write them.
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
    /// Takes the delimiter by which most columns are known.
    pub(super) fn read(text: &str) -> Result<Self, AppError> {
        let with = |delimiter: u8| {
            let mut cells = csv::StringRecord::new();
            // A row that can't be read has no columns.
            let _ = reader(text, delimiter).read_record(&mut cells);
            Self { delimiter, fields: cells.iter().map(field).collect() }
        };
        // Of several that know as many, the first: the last maximum of the list read backwards.
        let best = DELIMITERS.into_iter().rev().map(with).max_by_key(Self::known);
        best.filter(|header| header.column(Field::Name).is_some())
            .ok_or_else(|| AppError::with(ErrorCode::MissingColumn, json!({ "column": "name" })))
    }

    /// The first column of that name.
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|it| *it == Some(field))
    }

    fn known(&self) -> usize {
        NAMES.iter().filter(|(field, _)| self.column(*field).is_some()).count()
    }
}

/// Rows may be shorter or longer than the first one.
pub(super) fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

fn field(cell: &str) -> Option<Field> {
    let name: String = unguard(cell).nfc().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).collect();
    let name = name.to_lowercase();
    NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(field, _)| *field)
}
