//! Cases from the field: reports of people who do this job with other programs.

use std::fmt::Write;

use super::*;

const HEADER: &str = "이름,전화번호,카드번호\r\n";

pub(super) fn cases() -> Vec<Case> {
    let with_header = |rows: &str| format!("{HEADER}{rows}");
    let unicode_text = "이름\t전화번호\t카드번호\r\n가나다\t010-0000-8001\tNS-8001\r\n";
    let utf_16 = "UTF-16LE tab 1: 이름=name 전화번호=phone 카드번호=card\n2 가나다/010-0000-8001/NS-8001";
    vec![
        case(
            "sep line",
            "\u{feff}sep=,\r\n이름,전화번호,카드번호\r\n가나다,010-0000-1001,NS-1001\r\n",
            "UTF-8 , 2: 이름=name 전화번호=phone 카드번호=card\n3 가나다/010-0000-1001/NS-1001",
        ),
        case(
            "sep line with a semicolon",
            "sep=;\r\n이름;전화번호;카드번호\r\n가나다;010-0000-1011;NS-1011\r\n",
            "UTF-8 ; 2: 이름=name 전화번호=phone 카드번호=card\n3 가나다/010-0000-1011/NS-1011",
        ),
        case(
            "title rows above, total below",
            cp949(
                "○○ 흡연실 이용 고객 명단,,,\r\n출력일: 2026-11-01,,,\r\n\r\n번호,이름,전화번호,카드번호\r\n\
                 1,가나다,010-0000-2001,NS-2001\r\n2,라마바,010-0000-2002,NS-2002\r\n,합계,3명,\r\n",
            ),
            "CP949 , 4: 번호=- 이름=name 전화번호=phone 카드번호=card
             5 가나다/010-0000-2001/NS-2001\n6 라마바/010-0000-2002/NS-2002\n7 합계/3명 !not_a_customer total",
        ),
        case(
            "a quote left open",
            with_header("가나,010-0000-3001,N1\r\n\"다라,010-0000-3002,N2\r\n마,,N3\r\n바,,N4\r\n"),
            "!quote_left_open 3",
        ),
        case("a quote left open for long", with_header(&format!("\"다라,,N1\r\n{}", people(60, ""))), "!quote_left_open 2"),
        case(
            "headers of back offices",
            "이름,핸드폰번호,회원번호,바코드\r\n가나다,010-0000-5001,NS-5001,8800000050011\r\n",
            "UTF-8 , 1: 이름=name 핸드폰번호=phone 회원번호=card 바코드=-\n2 가나다/010-0000-5001/NS-5001",
        ),
        case(
            "notes in headers",
            "이름(필수),휴대폰번호(-제외),카드번호\r\n가나다,01000005101,NS-5101\r\n",
            "UTF-8 , 1: 이름(필수)=name 휴대폰번호(-제외)=phone 카드번호=card\n2 가나다/01000005101/NS-5101",
        ),
        case(
            "synonyms",
            "성함,연락처,회원카드\r\n가나다,010-0000-5201,NS-5201\r\n",
            "UTF-8 , 1: 성함=name 연락처=phone 회원카드=card\n2 가나다/010-0000-5201/NS-5201",
        ),
        case(
            "english headers",
            "Full Name,Mobile,Card No.\r\n가나다,010-0000-5301,NS-5301\r\n",
            "UTF-8 , 1: Full_Name=name Mobile=phone Card_No.=card\n2 가나다/010-0000-5301/NS-5301",
        ),
        case(
            "leading zeros lost",
            cp949(&with_header("가나다,1000006001,391\r\n라마바,1000006002,392\r\n사아자,212345678,393\r\n")),
            "CP949 , 1: 이름=name 전화번호=phone 카드번호=card\n2 가나다/01000006001(1000006001)/391
             3 라마바/01000006002(1000006002)/392\n4 사아자/0212345678(212345678)/393",
        ),
        case(
            "scientific cards",
            with_header("가나다,010-0000-7001,8.80123E+12\r\n라마바,010-0000-7002,8.80123E+12\r\n사,,9.4E+15\r\n"),
            "UTF-8 , 1: 이름=name 전화번호=phone 카드번호=card\n2 가나다/010-0000-7001/8.80123E+12 !digits_lost card
             3 라마바/010-0000-7002/8.80123E+12 !digits_lost card\n4 사//9.4E+15 !digits_lost card",
        ),
        case("unicode text", utf_16_le(&format!("\u{feff}{unicode_text}")), utf_16),
        case("unicode text without a mark", utf_16_le(unicode_text), utf_16),
        case("a cut letter at the end", [cp949("이름,전화번호\r\n가나,010-1\r\n카하"), vec![0xB0]].concat(),
            "CP949 , 1: 이름=name 전화번호=phone\n2 가나/010-1\n3 카하\u{fffd} !bad_bytes"),
        case(
            "surname and given name",
            "성,이름,전화번호\r\n가,나다,010-0000-1101\r\n라,마바,010-0000-1102\r\n",
            "UTF-8 , 1: 성=surname 이름=given 전화번호=phone\n2 가나다/010-0000-1101\n3 라마바/010-0000-1102",
        ),
        case(
            "blank rows at the end",
            cp949(&with_header(&format!("가나다,010-0000-1401,NS-1401\r\n{} , , \r\n\u{3000},,\r\n\r\n", ",,\r\n".repeat(30)))),
            "CP949 , 1: 이름=name 전화번호=phone 카드번호=card\n2 가나다/010-0000-1401/NS-1401",
        ),
        case(
            "spaces around",
            " 이름 , 전화 번호 ,카드번호 \r\n 가나다 , 010-0000-1501 , NS-1501 \r\n\u{a0}라마바\u{a0},010-2,NS-2\u{a0}\r\n",
            "UTF-8 , 1: 이름=name 전화_번호=phone 카드번호=card\n2 가나다/010-0000-1501/NS-1501\n3 라마바/010-2/NS-2",
        ),
        case(
            "decomposed hangul",
            "\u{110B}\u{1175}\u{1105}\u{1173}\u{11B7},전화번호\r\n\u{1100}\u{1175}\u{11B7}\u{1100}\u{1161},010-0000-1601\r\n",
            "UTF-8 , 1: 이름=name 전화번호=phone\n2 김가/010-0000-1601",
        ),
        case("a page named xls",
            cp949("<html><head><meta charset=euc-kr></head><body><table border=1><tr><th>이름</th></tr></table></body></html>\r\n"),
            "!not_a_list html"),
        case(
            "text as formulas",
            with_header("가나다,\"=\"\"01000001901\"\"\",\"=\"\"00000391\"\"\"\r\n라마바,=\"01000001902\",=\"00000392\"\r\n"),
            "UTF-8 , 1: 이름=name 전화번호=phone 카드번호=card\n2 가나다/01000001901/00000391\n3 라마바/01000001902/00000392",
        ),
        case(
            "apostrophes",
            with_header("'=가나다,'+82-10-0000-2001,'-NS-20\r\n''따옴표,010-0000-2002,\r\n"),
            "UTF-8 , 1: 이름=name 전화번호=phone 카드번호=card\n2 =가나다/+82-10-0000-2001/-NS-20\n3 '따옴표/010-0000-2002",
        ),
        case(
            "mixed line breaks",
            "이름,전화번호,카드번호\r가나다,010-1,NS-2101\n라마바,010-2,NS-2102\r\n사아자,,\n차카타,010-4,NS-2101\r\n",
            "UTF-8 , 1: 이름=name 전화번호=phone 카드번호=card\n2 가나다/010-1/NS-2101\n3 라마바/010-2/NS-2102\n4 사아자
             5 차카타/010-4/NS-2101 !card_taken 2",
        ),
        case(
            "siblings with one phone",
            with_header("김가온,010-0000-2201,NS-2201\r\n김나온,010-0000-2201,NS-2202\r\n"),
            "UTF-8 , 1: 이름=name 전화번호=phone 카드번호=card\n2 김가온/010-0000-2201/NS-2201\n3 김나온/010-0000-2201/NS-2202",
        ),
        case(
            "two byte order marks",
            "\u{feff}\u{feff}이름,전화번호\r\n가나다,010-0000-2301\r\n",
            "UTF-8 , 1: 이름=name 전화번호=phone\n2 가나다/010-0000-2301",
        ),
        case(
            "a total and a note below",
            cp949(&with_header("가나다,010-0000-2401,NS-2401\r\n합계,2명,\r\n※ 2026년 11월 현재,,\r\n")),
            "CP949 , 1: 이름=name 전화번호=phone 카드번호=card\n2 가나다/010-0000-2401/NS-2401
             3 합계/2명 !not_a_customer total\n4 ※ 2026년 11월 현재 !not_a_customer note",
        ),
        case(
            "line breaks in headers",
            "\"이름\",\"휴대폰\n번호\",\"카드\r\n번호\"\r\n가나다,010-0000-2501,NS-2501\r\n",
            "UTF-8 , 1: 이름=name 휴대폰_번호=phone 카드_번호=card\n4 가나다/010-0000-2501/NS-2501",
        ),
    ]
}

fn people(count: usize, start: &str) -> String {
    (0..count).fold(start.to_owned(), |mut text, at| {
        write!(text, "마바사{at:03},010-0000-{:04},NS-{at}\r\n", 3000 + at).unwrap();
        text
    })
}

#[test]
fn one_bad_byte_spoils_its_line_only() {
    let mut bytes = cp949(&people(500, HEADER));
    let at = bytes.windows(4).position(|bytes| bytes == b"-323").unwrap() - 15;
    let at = at + bytes[at..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
    bytes[at] = 0xFF;
    let file = read_customers(&bytes).unwrap();
    let bad: Vec<_> = file.rows.iter().filter_map(|row| Some((row.line, row.problem.clone()?.code))).collect();
    let line = u32::try_from(bytes[..at].iter().filter(|byte| **byte == b'\n').count()).unwrap() + 1;
    assert_eq!((file.rows.len(), bad), (500, vec![(line, ErrorCode::BadBytes)]));
    assert!(line > 200, "{line}");
}

#[test]
fn hundreds_of_bad_lines_are_all_known() {
    let bad: String = (0..500).map(|at| format!(",010-0000-3{at:03},NS-{at}\r\n")).collect();
    let file = read_customers(people(20, &format!("{HEADER}{bad}")).as_bytes()).unwrap();
    assert_eq!(file.rows.iter().filter(|row| row.problem.is_some()).count(), 500);
    assert_eq!(file.rows.iter().filter(|row| row.problem.is_none()).count(), 20);
}
