//! Lines of a list that are no customers: totals, notes, and headers that each printed page repeats.

use nosmoke_ports::contract::ColumnUse;

use super::super::names::{key, known};
use super::tidy::PHONE_DIGITS;

const TOTALS: &str = "합계 총계 소계 총합계 합 계 누계 총 총원 총인원 인원수 회원수 총회원수 고객수 총고객수 건수 총건수 전체 total sum \
                      subtotal grandtotal totals";
const NOTES: [&str; 8] = ["이하여백", "끝", "다음페이지", "계속", "이상", "endoflist", "end", "출력일"];
/// What a line says of the list as a whole, beside a number: `총 24명`, `2026년 11월 현재`, `3 / 5 페이지`.
const OF_THE_LIST: [&str; 9] = ["현재", "기준", "출력", "인쇄", "작성", "페이지", "page", "총", "합계"];

/// Returns why a line is no customer: `header`, `total` or `note`; `None` if it looks like one.
pub(super) fn why_no_customer(
    cells: &[String],
    header: Option<&[String]>,
    (name, phone, card): (&str, &str, &str),
) -> Option<&'static str> {
    if header.is_some_and(|header| header == cells) || names_columns(name, phone, card) {
        return Some("header");
    }
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if digits >= PHONE_DIGITS || !(card.is_empty() || is_amount(card)) {
        return None;
    }
    let word = key(name);
    let mut given = cells.iter().filter(|cell| !cell.trim().is_empty());
    let first = given.next().map(|cell| key(cell)).unwrap_or_default();
    let is_alone = given.next().is_none();
    let is_total = |word: &str| TOTALS.split(' ').any(|total| total == word) || is_count(word);
    match () {
        () if is_total(&word) || is_total(&first) => Some("total"),
        () if !card.is_empty() => None,
        () if name.starts_with('※') || NOTES.contains(&&*word) => Some("note"),
        () if is_alone && tells_of_the_list(name) => Some("note"),
        () => None,
    }
}

/// Whether a line has the names of columns where others have theirs, as a header of two rows that each page repeats.
fn names_columns(name: &str, phone: &str, card: &str) -> bool {
    let is = |text: &str, wanted: ColumnUse| known(text).is_some_and(|(becomes, _)| becomes == wanted);
    let is_header = |text: &str, wanted: ColumnUse| text.is_empty() || is(text, wanted);
    let is_name = known(name) == Some((ColumnUse::Name, 0)) || name.is_empty() && is(phone, ColumnUse::Phone);
    is_name && is_header(phone, ColumnUse::Phone) && is_header(card, ColumnUse::Card)
}

/// Whether a text is a count of people: `총 24명`, `합계: 3`.
fn is_count(word: &str) -> bool {
    let rest = TOTALS.split(' ').filter_map(|total| word.strip_prefix(total)).min_by_key(|rest| rest.len());
    rest.is_some_and(|rest| {
        let number = rest.strip_suffix('명').or_else(|| rest.strip_suffix('건')).unwrap_or(rest);
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a text in the column of cards may be what a total adds up: `24`, `24명`, `1,200`.
fn is_amount(text: &str) -> bool {
    let number = text.trim_end_matches(['명', '건', '원', '개', ' ']);
    !number.is_empty() && number.len() < PHONE_DIGITS && number.chars().all(|c| c.is_ascii_digit() || c == ',')
}

fn tells_of_the_list(name: &str) -> bool {
    let lower = name.to_lowercase();
    name.chars().any(|c| c.is_ascii_digit()) && OF_THE_LIST.iter().any(|word| lower.contains(word))
}
