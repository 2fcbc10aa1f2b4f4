//! Workbooks as other programs than Excel write them, and what none should be able to do.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use super::compound::{Cell, Part, compound, xls, xls_of};
use super::workbooks::{minimal, zipped};
use super::*;

pub(super) fn cases() -> Vec<Case> {
    let three = "이름=name 전화=phone 카드=card";
    vec![
        case(
            "headers and titles in merged cells",
            merged(),
            "Sheet1 3: 이름=name 휴대폰=phone 집=- 카드=card\n5 가/010-1/NS-1",
        ),
        case(
            "formulas with their results",
            with_formulas(),
            format!("Sheet1 1: {three}\n2 가나/01012345678(1012345678)/NS-1").leak(),
        ),
        case(
            "formulas without their results",
            minimal(UNCALCULATED.as_bytes()),
            "명단 1: 이름=name 전화=phone\n2 다/=C9&C10 !digits_lost phone",
        ),
        case("a column of dates that isn't read", with_dates(), "Sheet1 1: 이름=name 가입일=- 전화=phone\n2 가/010-1"),
        case(
            "numbers as texts, as wholes and as decimals",
            numbers(),
            format!(
                "Sheet1 1: {three}\n2 가/01012345678/00000391
            3 나/01012345679(1012345679)/391\n4 다/0212345678(212345678)/1.5"
            )
            .leak(),
        ),
        case("the list is on a hidden sheet only", hidden(), "표지 1: 안내=-\n!missing_column name"),
        case("prefixes before each element", minimal(PREFIXED.as_bytes()), "명단 1: 이름=name 전화=phone\n2 가/010-1"),
        case(
            "cells that don't say where they are",
            minimal(UNPLACED.as_bytes()),
            "명단 1: 이름=name 전화=phone\n2 가/010-1",
        ),
        case("texts of several parts, with their reading", minimal(RICH.as_bytes()), "명단 1: 이름=name\n2 김민수"),
        case(
            "truths and escapes",
            minimal(ODD.as_bytes()),
            "명단 1: 이름=name 전화=phone\n2 가⏎나/010-1 !line_break name\n3 TRUE/010-2",
        ),
        case(
            "Excel 97 with a password",
            compound("Workbook", &[record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0]), record(0x002F, &[1, 0, 1, 0])].concat()),
            "!not_a_list encrypted",
        ),
        case(
            "Excel 97 with many numbers in a record",
            xls_of(
                "명단",
                &[
                    Part::Row(0, &[Cell::Text("이름"), Cell::Text("전화"), Cell::Text("카드")]),
                    Part::Row(1, &[Cell::Text("가")]),
                    Part::Numbers(1, 1, &[212_345_678, 391]),
                ],
            ),
            format!("명단 1: {three}\n2 가/0212345678(212345678)/391").leak(),
        ),
    ]
}

const PREFIXED: &str = "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData>\
    <x:row r=\"1\"><x:c r=\"A1\" t=\"inlineStr\"><x:is><x:t>이름</x:t></x:is></x:c><x:c r=\"B1\" t=\"inlineStr\"><x:is><x:t>전화</x:t></x:is></x:c></x:row>\
    <x:row r=\"2\"><x:c r=\"A2\" t=\"str\"><x:v>가</x:v></x:c><x:c r=\"B2\" t=\"inlineStr\"><x:is><x:t>010-1</x:t></x:is></x:c></x:row>\
    </x:sheetData></x:worksheet>";
const UNPLACED: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
    <row><c t=\"inlineStr\"><is><t>이름</t></is></c><c t=\"inlineStr\"><is><t>전화</t></is></c></row>\
    <row><c t=\"inlineStr\"><is><t>가</t></is></c><c t=\"inlineStr\"><is><t>010-1</t></is></c></row></sheetData></worksheet>";
const RICH: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
    <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>이름</t></is></c></row><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is>\
    <r><t>김</t></r><r><rPr><b/></rPr><t>민수</t></r><rPh sb=\"0\" eb=\"1\"><t>읽기</t></rPh></is></c></row></sheetData></worksheet>";
const UNCALCULATED: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
    <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>이름</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>전화</t></is></c></row>\
    <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>다</t></is></c><c r=\"B2\"><f>C9&amp;C10</f></c></row></sheetData></worksheet>";
const ODD: &str = "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
    <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>이름</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>전화</t></is></c></row>\
    <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>가_x000A_나</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>010-1</t></is></c></row>\
    <row r=\"3\"><c r=\"A3\" t=\"b\"><v>1</v></c><c r=\"B3\" t=\"inlineStr\"><is><t>010-2</t></is></c></row></sheetData></worksheet>";

fn merged() -> Vec<u8> {
    let mut book = Workbook::new();
    let (sheet, plain) = (book.add_worksheet(), Format::new());
    sheet.merge_range(0, 0, 0, 3, "회원 명부", &plain).unwrap();
    sheet.merge_range(2, 0, 3, 0, "이름", &plain).unwrap();
    sheet.merge_range(2, 1, 2, 2, "연락처", &plain).unwrap();
    sheet.merge_range(2, 3, 3, 3, "카드", &plain).unwrap();
    sheet.write(3, 1, "휴대폰").unwrap().write(3, 2, "집").unwrap();
    sheet
        .write(4, 0, "가")
        .unwrap()
        .write(4, 1, "010-1")
        .unwrap()
        .write(4, 2, "02-1")
        .unwrap()
        .write(4, 3, "NS-1")
        .unwrap();
    book.save_to_buffer().unwrap()
}

fn with_formulas() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, text) in ["이름", "전화", "카드"].into_iter().enumerate() {
        sheet.write(0, u16::try_from(column).unwrap(), text).unwrap();
    }
    sheet.write_formula(1, 0, Formula::new("=C1&D1").set_result("가나")).unwrap();
    sheet.write_formula(1, 1, Formula::new("=1012345678").set_result("1012345678")).unwrap();
    sheet.write(1, 2, "NS-1").unwrap();
    book.save_to_buffer().unwrap()
}

fn with_dates() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "이름").unwrap().write(0, 1, "가입일").unwrap().write(0, 2, "전화").unwrap();
    let date = ExcelDateTime::from_ymd(2026, 11, 1).unwrap();
    sheet.write(1, 0, "가").unwrap().write(1, 2, "010-1").unwrap();
    sheet.write_with_format(1, 1, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
    book.save_to_buffer().unwrap()
}

fn numbers() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "이름").unwrap().write(0, 1, "전화").unwrap().write(0, 2, "카드").unwrap();
    sheet.write(1, 0, "가").unwrap().write(1, 1, "01012345678").unwrap().write(1, 2, "00000391").unwrap();
    sheet.write(2, 0, "나").unwrap().write(2, 1, 1_012_345_679_i32).unwrap().write(2, 2, 391.0).unwrap();
    sheet.write(3, 0, "다").unwrap().write(3, 1, "212345678.0").unwrap().write(3, 2, 1.5).unwrap();
    book.save_to_buffer().unwrap()
}

fn hidden() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("표지").unwrap().write(0, 0, "안내").unwrap();
    let list = book.add_worksheet().set_name("회원").unwrap().set_hidden(true);
    list.write(0, 0, "이름").unwrap().write(1, 0, "가").unwrap();
    book.save_to_buffer().unwrap()
}

fn record(kind: u16, content: &[u8]) -> Vec<u8> {
    let size = u16::try_from(content.len()).unwrap();
    [&kind.to_le_bytes()[..], &size.to_le_bytes(), content].concat()
}

fn refused(bytes: &[u8]) -> (ErrorCode, String) {
    let error = read_customers(bytes).unwrap_err();
    (error.code, error.params["reason"].as_str().unwrap_or_default().to_owned())
}

/// The reader makes a full rectangle of each sheet: this one would take 400 MB.
#[test]
fn two_cells_at_the_ends_of_a_sheet_of_excel_97_are_refused() {
    let far =
        |row, column| xls_of("명단", &[Part::At(0, 0, Cell::Text("이름")), Part::At(row, column, Cell::Number(1.0))]);
    let large = (ErrorCode::FileTooLarge, "cells".to_owned());
    assert_eq!(refused(&far(65_535, 255)), large);
    // No sheet has as many columns, but a file can say so.
    assert_eq!(refused(&far(65_535, 65_535)), large);
    assert_eq!(written(&read_customers(&far(65_535, 40))).len(), 2, "a long narrow list is read");
    let last_of_many = xls_of("명단", &[Part::At(0, 0, Cell::Text("이름")), Part::LastOfNumbers(65_535, 0, 255)]);
    assert_eq!(refused(&last_of_many), large);
}

/// The reader reserves what a sheet states; what can't be reserved ends the program.
#[test]
fn a_size_that_no_sheet_has_is_refused() {
    for (first, rows, columns) in [(0, u32::MAX, 256), (9, 3, 4), (0, 65_537, 1), (0, 1, 257)] {
        let stated = xls_of("명단", &[Part::Dimensions(first, rows, columns), Part::At(0, 0, Cell::Text("이름"))]);
        assert_eq!(refused(&stated).0, ErrorCode::WorkbookUnreadable, "{first} {rows} {columns}");
    }
    for (first, rows, columns) in [(0, 65_536, 256), (0, 0, 0), (0, 2, 1)] {
        let stated = xls_of("명단", &[Part::Dimensions(first, rows, columns), Part::At(0, 0, Cell::Text("이름"))]);
        assert_eq!(written(&read_customers(&stated)), ["명단 1: 이름=name"], "{first} {rows} {columns}");
    }
}

#[test]
fn a_workbook_is_known_by_its_content_whatever_its_name() {
    // The name isn't even asked for.
    let book = xls("명단", &[&[Cell::Text("이름")], &[Cell::Text("가")]]);
    assert_eq!(written(&read_customers(&book)), ["명단 1: 이름=name", "2 가"]);
    assert_eq!(refused(&zipped(&[("word/document.xml", b"<w/>")])), (ErrorCode::NotAList, "other".to_owned()));
}
