//! Workbooks, known by their content.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::compound::{Cell, compound, xls};
use super::*;

pub(super) fn cases() -> Vec<Case> {
    let three = "이름=name 전화=phone 카드=card";
    let expect = |rows: &str| -> &'static str { format!("Sheet1 1: {three}\n{rows}").leak() };
    vec![
        case(
            "a workbook of texts",
            book(|sheet| fill(sheet, &["이름", "전화", "카드", "가", "010-1", "NS-1"])),
            expect("2 가/010-1/NS-1"),
        ),
        case(
            "numbers that lost their zeros",
            book(|sheet| {
                fill(sheet, &["이름", "전화", "카드", "가"]);
                sheet.write(1, 1, 1_012_345_678_i32).unwrap().write(1, 2, 391).unwrap();
            }),
            expect("2 가/01012345678(1012345678)/391"),
        ),
        case(
            "numbers that lost their digits, dates and errors",
            book(|sheet| {
                fill(sheet, &["이름", "전화", "카드", "가", "010-1", "", "나", "010-2", "", "다"]);
                sheet.write(1, 2, 1_234_567_890_123_456.0).unwrap();
                let date = ExcelDateTime::from_ymd(2204, 3, 1).unwrap();
                sheet.write_with_format(2, 2, &date, &Format::new().set_num_format("yyyy-mm")).unwrap();
                sheet.write_formula(3, 1, rust_xlsxwriter::Formula::new("=NA()").set_result("#N/A")).unwrap();
            }),
            expect(
                "2 가/010-1/1234567890123456 !digits_lost card\n3 나/010-2/2204-03-01 !digits_lost card\n4 다/#N/A !digits_lost phone",
            ),
        ),
        case(
            "a title, empty rows and columns, a total",
            book(|sheet| {
                sheet.write(0, 0, "고객 명단").unwrap();
                for (column, text) in [(2, "이름"), (3, "휴대폰"), (4, "카드")] {
                    sheet.write(4, column, text).unwrap();
                }
                sheet.write(5, 2, "가").unwrap().write(5, 3, "010-1").unwrap();
                sheet.write(9, 2, "합계").unwrap().write(9, 3, 1).unwrap();
            }),
            "Sheet1 5: =- =- 이름=name 휴대폰=phone 카드=card\n6 가/010-1\n10 합계/1 !not_a_customer total",
        ),
        case("the second sheet has the list", two_sheets(), "회원 1: 이름=name 전화=phone\n2 가/010-1"),
        case(
            "Excel 97",
            xls(
                "명단",
                &[
                    &[Cell::Text("이름"), Cell::Text("전화"), Cell::Text("카드")],
                    &[Cell::Text("가나다"), Cell::Number(1_012_345_678.0), Cell::Text("00000391")],
                    &[Cell::Text("라마바"), Cell::Text("010-2"), Cell::Number(1e15)],
                ],
            ),
            "명단 1: 이름=name 전화=phone 카드=card\n2 가나다/01012345678(1012345678)/00000391
            3 라마바/010-2/1000000000000000 !digits_lost card",
        ),
        case("a workbook with a password", compound("EncryptedPackage", b"?"), "!not_a_list encrypted"),
        case("a document of Hancom's", compound("FileHeader", b"HWP Document File"), "!not_a_list hwp"),
        case(
            "a document of LibreOffice's",
            zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")]),
            "!not_a_list ods",
        ),
        case("a binary workbook", zipped(&[("xl/workbook.bin", b"")]), "!not_a_list xlsb"),
        case("an archive", zipped(&[("고객.csv", "이름\n가\n".as_bytes())]), "!not_a_list other"),
    ]
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

/// Fills rows of three cells.
fn fill(sheet: &mut Worksheet, texts: &[&str]) {
    for (row, cells) in (0..).zip(texts.chunks(3)) {
        for (column, text) in (0..).zip(cells) {
            sheet.write(row, column, *text).unwrap();
        }
    }
}

fn two_sheets() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("표지").unwrap().write(0, 0, "안내").unwrap();
    book.add_worksheet().set_name("숨김").unwrap().set_hidden(true).write(0, 0, "이름").unwrap();
    let list = book.add_worksheet().set_name("회원").unwrap();
    list.write(0, 0, "이름").unwrap().write(0, 1, "전화").unwrap();
    list.write(1, 0, "가").unwrap().write(1, 1, "010-1").unwrap();
    book.save_to_buffer().unwrap()
}

pub(super) fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(super) fn minimal(sheet: &[u8]) -> Vec<u8> {
    let namespace = "http://schemas.openxmlformats.org";
    let types = format!(
        "<Types xmlns=\"{namespace}/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/></Types>"
    );
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{namespace}/package/2006/relationships\"><Relationship Id=\"rId1\" \
             Type=\"{namespace}/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns=\"{namespace}/spreadsheetml/2006/main\" xmlns:r=\"{namespace}/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"명단\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    zipped(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", relations("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn inline(cells: &[(&str, &str)]) -> Vec<u8> {
    let cell = |(place, text): &(&str, &str)| {
        let row = place.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        format!("<row r=\"{row}\"><c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>")
    };
    let cells: String = cells.iter().map(cell).collect();
    format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{cells}</sheetData></worksheet>")
        .into_bytes()
}

#[test]
fn a_workbook_with_texts_inside_its_cells_is_read() {
    let found = written(&read_customers(&minimal(&inline(&[("A1", "이름"), ("A2", "가나다")]))));
    assert_eq!(found, ["명단 1: 이름=name", "2 가나다"]);
}

#[test]
fn a_cell_far_out_costs_nothing() {
    let found = written(&read_customers(&minimal(&inline(&[("A1", "이름"), ("A2", "가"), ("A1048576", "나")]))));
    assert_eq!(found, ["명단 1: 이름=name", "2 가", "1048576 나"]);
    let error = read_customers(&minimal(&inline(&[("A1", "이름"), ("XFD2", "가")]))).unwrap_err();
    assert_eq!((error.code, &error.params["reason"]), (ErrorCode::FileTooLarge, &json!("columns")));
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    let bomb = minimal(&vec![b' '; 201 * 1024 * 1024]);
    assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
    let error = read_customers(&bomb).unwrap_err();
    assert_eq!((error.code, &error.params["reason"]), (ErrorCode::FileTooLarge, &json!("bytes")));
}

#[test]
fn a_damaged_workbook_is_refused() {
    let whole = book(|sheet| fill(sheet, &["이름", "전화", "카드"]));
    let mut cut = whole.clone();
    cut.truncate(whole.len() / 2);
    assert_eq!(read_customers(&cut).unwrap_err().code, ErrorCode::WorkbookUnreadable);
    let broken = minimal(b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>");
    assert!(read_customers(&broken).is_err() || written(&read_customers(&broken))[1] == "!missing_column name");
    let mut xls = xls("명단", &[&[Cell::Text("이름")]]);
    for at in (512..xls.len()).step_by(7) {
        xls[at] ^= 0x55;
    }
    assert!(read_customers(&xls).is_err());
}
