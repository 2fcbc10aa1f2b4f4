//! Writes the lines of a list that weren't imported, each with the reason, so that somebody can mend them and import the file.

use std::io::{self, Write};

use nosmoke_ports::contract::{AppError, ErrorCode, Language};

use super::cell::guard;
use super::columns::Column;
use super::import::{CustomerFile, tidy};
use super::writer::BYTE_ORDER_MARK;

const REASON: Column = Column::new("이유", "reason");
const LINE: Column = Column::new("줄", "line");

/// Writes the header and the bad lines of a list as they stand in it, with two more columns.
///
/// # Errors
/// An error of the writer.
pub fn write_bad_lines<W: Write>(mut out: W, file: &CustomerFile, language: Language) -> io::Result<W> {
    out.write_all(BYTE_ORDER_MARK)?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let width = file.columns.len();
    let mut write = |cells: &[String], reason: &str, line: &str| {
        let mut record: Vec<String> = cells.iter().map(|cell| guard(&tidy(cell)).into_owned()).collect();
        record.resize(width.max(record.len()), String::new());
        record.extend([reason.to_owned(), line.to_owned()]);
        csv.write_record(&record)
    };
    write(&file.header, REASON.in_language(language), LINE.in_language(language))?;
    for row in &file.rows {
        if let Some(problem) = &row.problem {
            write(&row.cells, &reason(problem, language), &row.line.to_string())?;
        }
    }
    csv.into_inner().map_err(|error| io::Error::other(error.to_string()))
}

/// Returns a problem in words, for people: a program compares the codes of the preview.
fn reason(problem: &AppError, language: Language) -> String {
    let text = |key: &str| problem.params[key].as_str().unwrap_or_default().to_owned();
    let field = match text("field").as_str() {
        "name" => Column::new("이름", "name").in_language(language).to_owned(),
        "phone" => Column::new("전화", "phone").in_language(language).to_owned(),
        "card" => Column::new("카드", "card").in_language(language).to_owned(),
        "openingPoints" => Column::new("포인트", "points").in_language(language).to_owned(),
        "penaltyPoints" => Column::new("패널티 점수", "penalty points").in_language(language).to_owned(),
        other => other.to_owned(),
    };
    let (ko, en) = match problem.code {
        ErrorCode::Empty => (format!("{field} 칸이 비었습니다"), format!("{field} is empty")),
        ErrorCode::TooLong => {
            let max = &problem.params["max"];
            (format!("{field} 칸이 {max}자보다 깁니다"), format!("{field} has more than {max} characters"))
        }
        ErrorCode::InvalidText => (
            format!("{field} 칸에 저장할 수 없는 글자가 있습니다"),
            format!("{field} has a character that can't be stored"),
        ),
        ErrorCode::CardTaken => {
            let name = text("name");
            match problem.params["line"].as_u64() {
                Some(line) => (
                    format!("{line}줄의 {name} 님과 카드가 같습니다"),
                    format!("line {line} ({name}) has the same card"),
                ),
                None => (format!("이미 {name} 님이 쓰는 카드입니다"), format!("the card belongs to {name}")),
            }
        }
        ErrorCode::BadBytes => ("읽을 수 없는 글자가 있습니다".into(), "it has letters that can't be read".into()),
        ErrorCode::LineBreak => (
            format!("{field} 칸에 줄바꿈이 있습니다. 따옴표를 확인해 주세요"),
            format!("{field} has a line break: check the quotes"),
        ),
        ErrorCode::DigitsLost => {
            let value = text("value");
            (
                format!("{field} 칸의 숫자가 {value}(으)로 바뀌었습니다. 원래 번호를 적어 주세요"),
                format!("{field} was changed into {value}: write the number as it was"),
            )
        }
        ErrorCode::NotAnAmount => {
            let value = text("value");
            (
                format!("{field} 칸의 ‘{value}’을(를) 숫자로 읽을 수 없습니다. 쉼표 없이 숫자만 적어 주세요"),
                format!("{field}: {value} is no plain number: write digits only, without commas"),
            )
        }
        ErrorCode::OutOfRange => {
            let (min, max) = (&problem.params["min"], &problem.params["max"]);
            (
                format!("{field} 칸에는 {min}부터 {max}까지 적을 수 있습니다"),
                format!("{field} must be from {min} to {max}"),
            )
        }
        ErrorCode::NotACustomer => match text("reason").as_str() {
            "total" => ("합계 줄로 보입니다".into(), "it looks like a total".into()),
            "header" => ("열 이름이 되풀이된 줄입니다".into(), "it repeats the names of the columns".into()),
            _ => ("고객이 아니라 메모로 보입니다".into(), "it looks like a note".into()),
        },
        code => (code.word(), code.word()),
    };
    match language {
        Language::Ko => ko,
        Language::En => en,
    }
}
