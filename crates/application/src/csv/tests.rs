use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::contract::{EntryKind, Language};
use nosmoke_ports::limits::check_profile;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn written<L: Line>(lines: &[L], language: Language) -> String {
    let mut writer = CsvWriter::new(Vec::new(), language).unwrap();
    writer.write(lines).unwrap();
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

fn customer(name: &str, phone: &str, card: &str) -> CustomerLine {
    CustomerLine {
        name: Some(name.into()),
        phone: Some(phone.into()),
        card: Some(card.into()),
        registered_at: at("2026-11-20T15:00:00Z"),
        customer_id: CustomerId(Uuid::from_u128(1)),
    }
}

fn visit() -> HistoryLine {
    HistoryLine {
        at: at("2026-11-20T15:04:05.678Z"),
        customer_id: CustomerId(Uuid::from_u128(1)),
        name: Some("=SUM(A1), \"김\"\n민수🚬".into()),
        phone: Some("+82 10-1".into()),
        card: None,
        kind: EntryKind::Visit,
        entry_id: Uuid::from_u128(2),
        other_id: Some(Uuid::from_u128(3)),
        area: Some("동문 흡연구역".into()),
        started_at: Some(at("2026-11-20T14:59:59Z")),
        ended_at: Some(at("2026-11-20T15:04:05Z")),
        status: "EARNED".into(),
        points: 1_000_000,
        penalty_points: 0,
        code: None,
        ground: None,
        note: None,
        staff: Some("-".into()),
        terminal: Some("단말 1".into()),
        entered_at: None,
    }
}

#[test]
fn an_english_history_has_the_codes_of_the_contract() {
    let deduction = HistoryLine {
        kind: EntryKind::PenaltyDeduction,
        name: None,
        phone: None,
        area: None,
        started_at: None,
        ended_at: None,
        status: "DEDUCTED".into(),
        points: -1200,
        penalty_points: -10,
        code: Some(PenaltyCode::BASIC),
        ground: Some(Ground::EDUCATION),
        entered_at: Some(at("2026-11-22T01:02:03Z")),
        ..visit()
    };
    let (one, two, three) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    let expected = format!(
        "\u{feff}date,time,customer_id,name,phone,card,kind,entry_id,other_id,area,started,ended,status,points,\
         penalty_points,code,ground,note,staff,terminal,entered_afterwards\r\n\
         2026-11-21,00:04:05,{one},\"'=SUM(A1), \"\"김\"\"\n민수🚬\",'+82 10-1,,visit,{two},{three},동문 흡연구역,\
         2026-11-20 23:59:59,2026-11-21 00:04:05,EARNED,1000000,0,,,,'-,단말 1,\r\n\
         2026-11-21,00:04:05,{one},,,,penaltyDeduction,{two},{three},,,,DEDUCTED,-1200,-10,BASIC,education,,'-,단말 1,\
         2026-11-22 10:02:03\r\n"
    );
    assert_eq!(written(&[visit(), deduction], Language::En), expected);
}

#[test]
fn a_korean_history_has_the_words_of_the_screens() {
    let text = written(&[visit()], Language::Ko);
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<_> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header[..4], ["날짜", "시각", "고객 ID", "이름"]);
    let row = rows.records().next().unwrap().unwrap();
    assert_eq!((&row[6], &row[12], &row[13]), ("방문", "적립 완료", "1000000"));
    assert_eq!(row.len(), HistoryLine::COLUMNS.len());
    let write_off = [HistoryLine { kind: EntryKind::WriteOff, status: "WRITTEN_OFF".into(), ..visit() }];
    let (korean, english) = (written(&write_off, Language::Ko), written(&write_off, Language::En));
    assert!(korean.contains(",손실 처리,") && korean.contains(",반영 완료,"), "{korean}");
    assert!(english.contains(",writeOff,") && english.contains(",WRITTEN_OFF,"), "{english}");
    let newer = HistoryLine { status: "=NEW".into(), ..visit() };
    assert!(written(&[newer], Language::Ko).contains(",'=NEW,"));
}

#[test]
fn a_customers_export_imports_again_unchanged() {
    let lines = [
        customer("김민수", "010-1", "NS-1"),
        customer("'Tis, \"me\"\r\n", "+82 10", "=1"),
        customer(" 박 🚬", "", ""),
        customer("\u{feff}나", "-", "－"),
    ];
    for language in [Language::Ko, Language::En] {
        let file = read_customers(written(&lines, language).as_bytes()).unwrap();
        for (line, record) in lines.iter().zip(&file.rows) {
            assert_eq!(record.problem, None);
            assert_eq!(Some(&record.profile.name), line.name.as_ref());
            assert_eq!(record.profile.phone.as_deref().unwrap_or_default(), line.phone.as_deref().unwrap());
            assert_eq!(record.profile.card.as_deref().unwrap_or_default(), line.card.as_deref().unwrap());
        }
        assert_eq!(file.rows.len(), lines.len());
    }
}

/// Texts that spreadsheet programs like to change.
const TEMPTING: [&str; 12] = [
    "00000391",
    "007",
    "=1+1",
    "+82 10-1234-5678",
    "-5",
    "@SUM(A1)",
    "8801234567890123",
    "똠방각하 쀍",
    "첫 줄\n둘째 줄",
    "1E5",
    "2026-11-01",
    "'따옴표",
];

#[test]
fn a_workbooks_texts_are_texts_and_its_numbers_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = XlsxWriter::new(folder.path(), Language::Ko).unwrap();
    let lines: Vec<CustomerLine> = TEMPTING.iter().map(|text| customer(text, text, text)).collect();
    writer.write(&lines).unwrap();
    let bytes = writer.finish(Vec::new()).unwrap();
    let cells = raw(&bytes);
    for (row, text) in (1..).zip(TEMPTING) {
        let expected = calamine::Data::String(text.to_owned());
        assert!((0..3).all(|column| cells.get_value((row, column)) == Some(&expected)), "{text}");
    }
    let mut writer = XlsxWriter::new(folder.path(), Language::Ko).unwrap();
    writer.write(&[HistoryLine { name: Some("=1+1".into()), points: -1_200, ..visit() }]).unwrap();
    let cells = raw(&writer.finish(Vec::new()).unwrap());
    assert_eq!(cells.get_value((1, 3)), Some(&calamine::Data::String("=1+1".into())));
    assert_eq!(cells.get_value((1, 13)), Some(&calamine::Data::Float(-1_200.0)));
}

/// The cells of a workbook's only sheet, as another program reads them.
fn raw(bytes: &[u8]) -> calamine::Range<calamine::Data> {
    use calamine::Reader;
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    book.worksheet_range_at(0).unwrap().unwrap()
}

#[test]
fn a_missing_name_is_an_empty_cell() {
    let walk_in = CustomerLine { name: None, phone: None, card: None, ..customer("", "", "") };
    let id = walk_in.customer_id;
    assert_eq!(
        written(&[walk_in], Language::Ko),
        format!("\u{feff}이름,전화,카드,등록일,고객 ID\r\n,,,2026-11-21,{id}\r\n")
    );
}

proptest! {
    #[test]
    fn any_text_survives_export_and_import(
        name in "[=+@'\\t\\r\\n\",;＝＋－＠ -]{0,3}\\p{any}{0,9}",
        // Without the signs of lost digits (`**`, `###`, `1E+10`), which are refused in any file.
        phone in "[=+@'\\t\\r\\n\",;-]{0,2}[\\PC--[*#eE]]{0,5}",
        card in "[=+@'\\t\\r\\n\",;-]{0,2}[ㄱ-힣]{0,3}",
    ) {
        let text = written(&[customer(&name, &phone, &card)], Language::Ko);
        let mut raw = csv::Reader::from_reader(text.as_bytes());
        let cells = raw.records().next().unwrap().unwrap();
        for cell in &cells {
            prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
        }
        prop_assert_eq!(cell::unguard(&cells[0]), &name);
        prop_assert_eq!(cell::unguard(&cells[1]), &phone);
        prop_assert_eq!(cell::unguard(&cells[2]), &card);

        let file = read_customers(text.as_bytes()).unwrap();
        prop_assert_eq!(file.rows.len(), 1);
        let record = &file.rows[0];
        prop_assert_eq!(&record.profile.name, &name);
        prop_assert_eq!(record.profile.phone.as_deref().unwrap_or_default(), &phone);
        prop_assert_eq!(record.profile.card.as_deref().unwrap_or_default(), &card);
        prop_assert_eq!(&record.problem, &check_profile(&record.profile).err());
        prop_assert_eq!(record.line, 2);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_customers(&bytes);
        let _ = read_customers(&[b"name,phone\n", bytes.as_slice()].concat());
    }
}
