//! Text files as spreadsheet programs write them: Excel in Korean, Hancom's, Google's and LibreOffice.

use super::*;

const THREE: &str = "이름=name 전화=phone 카드=card";

pub(super) fn cases() -> Vec<Case> {
    let expect = |how: &str, rows: &str| -> &'static str { format!("{how} 1: {THREE}\n{rows}").leak() };
    let utf_16_be = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
    vec![
        case("Excel: CSV", cp949("이름,전화,카드\r\n똠방각하,010-1,NS-1\r\n"), expect("CP949 ,", "2 똠방각하/010-1/NS-1")),
        case("Excel: CSV UTF-8", "\u{feff}이름,전화,카드\r\n쀍뷁,010-1,NS-1\r\n", expect("UTF-8 ,", "2 쀍뷁/010-1/NS-1")),
        case("Excel: text with tabs", cp949("이름\t전화\t카드\r\n가\t010-1\tNS-1\r\n"), expect("CP949 tab", "2 가/010-1/NS-1")),
        case("Excel: semicolons of another country", "\u{feff}이름;전화;카드\r\n가;010-1;A,1\r\n", expect("UTF-8 ;", "2 가/010-1/A,1")),
        case(
            "Excel: sep line saved again",
            cp949("\"sep=;\";;\r\n이름;전화;카드\r\n가;010-1;NS-1\r\n"),
            "CP949 ; 2: 이름=name 전화=phone 카드=card\n3 가/010-1/NS-1",
        ),
        case("Excel: sep line filled up", "sep=;;;\r\n이름;전화;카드\r\n가;010-1;1\r\n", "UTF-8 ; 2: 이름=name 전화=phone 카드=card\n3 가/010-1/1"),
        case("Excel: crosses of a narrow column", cp949("이름,전화,카드\r\n가,########,NS-1\r\n나,010-2,###\r\n"),
            expect("CP949 ,", "2 가/########/NS-1 !digits_lost phone\n3 나/010-2/### !digits_lost card")),
        case("Excel: errors of formulas", cp949("이름,전화,카드\r\n#NAME?,010-1,NS-1\r\n나,#N/A,\r\n다,,#REF!\r\n"),
            expect("CP949 ,", "2 #NAME?/010-1/NS-1 !digits_lost name\n3 나/#N/A !digits_lost phone\n4 다//#REF! !digits_lost card")),
        case("Excel: columns and rows of nothing", cp949("이름,전화,카드,,,,\r\n가,010-1,NS-1,,,,\r\n,,,,,,\r\n"), expect("CP949 ,", "2 가/010-1/NS-1")),
        case("Excel: a header of two rows", cp949("고객 정보,,연락,\r\n번호,이름,전화,카드\r\n1,가,010-1,NS-1\r\n"),
            "CP949 , 2: 번호=- 이름=name 전화=phone 카드=card\n3 가/010-1/NS-1"),
        case("Excel: printed pages", cp949("이름,전화,카드\r\n가,010-1,NS-1\r\n소계,1명,\r\n이름,전화,카드\r\n나,010-2,NS-2\r\n총 2명,,\r\n"),
            expect("CP949 ,", "2 가/010-1/NS-1\n3 소계/1명 !not_a_customer total\n4 이름/전화/카드 !not_a_customer header\n5 나/010-2/NS-2
            6 총 2명 !not_a_customer total")),
        case("Excel: a line break in a memo", "이름,메모,카드\r\n가,\"첫 줄\n둘째 줄\",NS-1\r\n나,,NS-2\r\n",
            "UTF-8 , 1: 이름=name 메모=- 카드=card\n2 가//NS-1\n4 나//NS-2"),
        case("Excel: a line break in a name", "이름,전화,카드\r\n\"가\n나\",010-1,NS-1\r\n다,010-2,\r\n",
            expect("UTF-8 ,", "2 가⏎나/010-1/NS-1 !line_break name\n4 다/010-2")),
        case("Excel: a memo that swallowed a row", "이름,메모,카드\r\n가,\"메모\r\n나,,NS-2\r\n다\",NS-3\r\n",
            "UTF-8 , 1: 이름=name 메모=- 카드=card\n2 가//NS-3 !line_break 메모"),
        case("Excel: no zeros before cards", cp949("이름,전화,카드\r\n가,10-1234-5678,00000391\r\n나,0311234567,392\r\n"),
            expect("CP949 ,", "2 가/010-1234-5678(10-1234-5678)/00000391\n3 나/0311234567/392")),
        case("Hancom: UTF-16 with commas", utf_16_le("\u{feff}이름,전화,카드\r\n대관,010-1,NS-1\r\n"), expect("UTF-16LE ,", "2 대관/010-1/NS-1")),
        case("Hancom: UTF-16, big end first", utf_16_be("\u{feff}이름,전화,카드\r\n가,010-1,NS-1\r\n"), expect("UTF-16BE ,", "2 가/010-1/NS-1")),
        case("UTF-16, big end first, no mark", utf_16_be("이름,전화,카드\r\n가대,010-1,NS-1\r\n"), expect("UTF-16BE ,", "2 가대/010-1/NS-1")),
        case("UTF-16 with names only", utf_16_le("이름\r\n가대관글\r\n대가관글\r\n"), "UTF-16LE , 1: 이름=name\n2 가대관글\n3 대가관글"),
        case("Hancom: a title and 이하 여백", cp949("회원 명부\r\n\r\n이름,전화,카드\r\n가,010-1,NS-1\r\n- 이하 여백 -,,\r\n"),
            "CP949 , 3: 이름=name 전화=phone 카드=card\n4 가/010-1/NS-1\n5 - 이하 여백 - !not_a_customer note"),
        case("Google: sheet as TSV", "이름\t전화\t카드\n가\t010-1\tNS-1", expect("UTF-8 tab", "2 가/010-1/NS-1")),
        case("Google: answers of a form", "타임스탬프,성함을 적어 주세요,성함,휴대폰 번호 (숫자만)\n2026. 11. 1 오전 9:00:00,x,가,01012345678\n",
            "UTF-8 , 1: 타임스탬프=- 성함을_적어_주세요=- 성함=name 휴대폰_번호_(숫자만)=phone\n2 가/01012345678"),
        case("LibreOffice: every cell quoted", "\"이름\",\"전화\",\"카드\"\n\"가\",\"010-1\",\"NS-\"\"1\"\n", expect("UTF-8 ,", "2 가/010-1/NS-\"1")),
        case("Mac: line breaks of old", "이름,전화,카드\r가,010-1,NS-1\r나,010-2,\r", expect("UTF-8 ,", "2 가/010-1/NS-1\n3 나/010-2")),
        case("one bad byte in UTF-8", [b"\xEF\xBB\xBF".as_slice(), "이름,전화,카드\n가나다,010-1,\n라".as_bytes(), b"\xFF", "바,010-2,\n사,010-3,\n".as_bytes()].concat(),
            expect("UTF-8 ,", "2 가나다/010-1\n3 라\u{fffd}바/010-2 !bad_bytes\n4 사/010-3")),
        case("one bad byte in UTF-8 without a mark", ["이름,전화,카드\n가나다,010-1,\n라".as_bytes(), b"\xFF", "바,010-2,\n사,010-3,\n".as_bytes()].concat(),
            expect("UTF-8 ,", "2 가나다/010-1\n3 라\u{fffd}바/010-2 !bad_bytes\n4 사/010-3")),
        case("a bad byte in a column that isn't read", [cp949("이름,전화,메모\r\n가나다,010-1,"), vec![0xFF], cp949("\r\n라마바,010-2,\r\n")].concat(),
            "CP949 , 1: 이름=name 전화=phone 메모=-\n2 가나다/010-1\n3 라마바/010-2"),
        case("Latin letters with marks", "name,phone\nJosé García,010-1\n", "UTF-8 , 1: name=name phone=phone\n2 José García/010-1"),
        case("CP949 that is UTF-8 too", [b"name,phone\n".as_slice(), &cp949("천철,010-1\n")].concat(), "CP949 , 1: name=name phone=phone\n2 천철/010-1"),
        case("quotes after a space", "이름, \"전화\", \"카드\"\n\"가\", \"010-1\", \"NS-1\"\n", expect("UTF-8 ,", "2 가/010-1/NS-1")),
        case("a quote inside of a cell", "이름,전화,카드\n가 \"별\" 나,010-1,5\"\n", expect("UTF-8 ,", "2 가 \"별\" 나/010-1/5\"")),
        case("a quote that closes too late", "이름,전화,카드\n\"가,010-1,\n\"나\",010-2,\n", "!quote_left_open 2"),
        case("a picture", b"\x89PNG\r\n\x1a\n0000".as_slice(), "!not_a_list other"),
        case("noise", [b"name\n".as_slice(), &[0xFF, 0x80, 0xFE, 0x81].repeat(40)].concat(), "!unknown_encoding"),
        case("nothing", "", "UTF-8 , 0:\n!missing_column name"),
        case("no header", "가나다,010-1234-5678,NS-1\r\n라마바,010-1234-5679,NS-2\r\n", "UTF-8 , 1: 가나다=- 010-1234-5678=- NS-1=-\n!missing_column name"),
    ]
}
