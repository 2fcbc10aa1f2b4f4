//! Habits of programs that nobody here has seen: what another vendor would write.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    let three = "이름=name 전화=phone 카드=card";
    let expect = |how: &str, rows: &str| -> &'static str { format!("{how} 1: {three}\n{rows}").leak() };
    let with_header = |rows: &str| format!("이름,전화,카드\n{rows}");
    vec![
        case("only a byte order mark", "\u{feff}", "UTF-8 , 0:\n!missing_column name"),
        case("only line breaks and blanks", "\r\n  \r\n,,,\r\n", "UTF-8 , 0:\n!missing_column name"),
        case("a header and nobody", with_header(""), expect("UTF-8 ,", "").trim_end()),
        case("a header without a line break", "이름,전화,카드", expect("UTF-8 ,", "").trim_end()),
        case(
            "headers that are there twice",
            "이름,전화,이름,전화\n가,010-1234-5678,별명,02-1\n",
            "UTF-8 , 1: 이름=name 전화=phone 이름=- 전화=-\n2 가/010-1234-5678",
        ),
        case(
            "a spanning header, one row in two",
            "이름,연락처,,회원카드\n,휴대폰,집,\n가,010-1234-5678,02-1,NS-1\n",
            "UTF-8 , 1: 이름=name 휴대폰=phone 집=- 회원카드=card\n3 가/010-1234-5678/NS-1",
        ),
        case(
            "a spanning header whose better column is the second, on each page",
            "성명,연락처,\n,집,휴대폰\n가,02-111-2222,010-1234-5678\n성명,연락처,\n,집,휴대폰\n나,,010-1234-5679\n",
            "UTF-8 , 1: 성명=name 집=- 휴대폰=phone\n3 가/010-1234-5678\n4 성명 !not_a_customer header
             5 /휴대폰 !not_a_customer header\n6 나/010-1234-5679",
        ),
        case(
            "numbers that a program took for decimals",
            with_header("가,1012345678.0,391.0\n나,212345678.0,\n"),
            expect("UTF-8 ,", "2 가/01012345678(1012345678)/391\n3 나/0212345678(212345678)"),
        ),
        case(
            "a phone as a power of ten, also with a comma",
            with_header("가,1.0123E+10,\n나,\"1,01235E+10\",\n다,,8.8e+12\n"),
            expect(
                "UTF-8 ,",
                "2 가/1.0123E+10 !digits_lost phone\n3 나/1,01235E+10 !digits_lost phone\n4 다//8.8e+12 !digits_lost card",
            ),
        ),
        case(
            "digits that a back office hides",
            with_header("홍*동,010-****-5678,\n나,010-1234-5678,8801****0028\n"),
            expect(
                "UTF-8 ,",
                "2 홍*동/010-****-5678 !digits_lost phone\n3 나/010-1234-5678/8801****0028 !digits_lost card",
            ),
        ),
        case(
            "words for nothing",
            with_header("가,없음,-\n나,NULL,nan\n다,N/A,0\n라,미등록,x\n"),
            expect("UTF-8 ,", "2 가\n3 나\n4 다\n5 라"),
        ),
        case(
            "several phones in a cell",
            with_header(
                "가,010-1234-5678 / 02-123-4567,\n나,\"010-1234-5679, 010-1111-2222\",\n다,\"010-1234-5670\n02-1234-5670\",\n라,010-12/34,\n",
            ),
            expect("UTF-8 ,", "2 가/010-1234-5678\n3 나/010-1234-5679\n4 다/010-1234-5670\n6 라/010-12/34"),
        ),
        case(
            "a comma without quotes that moves the cells",
            "이름,주소,전화,카드\n가,서울 중구,010-1234-5678,NS-1\n나,서울, 중구,010-1234-5679,NS-2\n",
            "UTF-8 , 1: 이름=name 주소=- 전화=phone 카드=card =-\n2 가/010-1234-5678/NS-1\n3 나/중구/010-1234-5679 !digits_lost phone",
        ),
        case(
            "phones in the forms of other countries and people",
            with_header(
                "가,+82 (0)10-1234-5678,\n나,010.1234.5679,\n다,010 1234 5670,\n라,(02)123-4567,\n마,+1 415 555 2671,\n",
            ),
            expect(
                "UTF-8 ,",
                "2 가/+82 (0)10-1234-5678\n3 나/010.1234.5679\n4 다/010 1234 5670\n5 라/(02)123-4567\n6 마/+1 415 555 2671",
            ),
        ),
        case(
            "ten thousand columns of nothing",
            format!("이름,전화,카드{commas}\n가,010-1,NS-1{commas}\n", commas = ",".repeat(10_000)),
            expect("UTF-8 ,", "2 가/010-1/NS-1"),
        ),
        case(
            "ten thousand columns",
            (0..10_000).map(|at| format!("열{at},")).collect::<String>(),
            "!file_too_large columns",
        ),
        case(
            "quotes doubled, and commas inside",
            with_header("\"가 \"\"나\"\", 다\",010-1,\"NS,\"\"1\"\"\"\n"),
            expect("UTF-8 ,", "2 가 \"나\", 다/010-1/NS,\"1\""),
        ),
        case(
            "UTF-16, big end first, with tabs",
            [vec![0xFE, 0xFF], big("이름\t전화\t카드\r\n가\t010-1\tNS-1\r\n")].concat(),
            expect("UTF-16BE tab", "2 가/010-1/NS-1"),
        ),
        case(
            "UTF-16 that ends inside of a letter",
            [utf_16_le("\u{feff}이름,전화,카드\n가,010-1,\n"), vec![0x41]].concat(),
            expect("UTF-16LE ,", "2 가/010-1\n3 \u{fffd} !bad_bytes"),
        ),
        case(
            "CR only, in CP949, with semicolons",
            cp949("이름;전화;카드\r가나다;010-1;NS-1\r라마바;010-2;\r"),
            expect("CP949 ;", "2 가나다/010-1/NS-1\n3 라마바/010-2"),
        ),
        case("JSON", "[{\"이름\": \"가\", \"전화\": \"010-1\"}]", "!not_a_list other"),
        case("a document of WordPad's", "{\\rtf1\\ansi 이름,전화}", "!not_a_list other"),
        case(
            "two vCards named .csv",
            "\u{feff}BEGIN:VCARD\nFN:가\nEND:VCARD\nBEGIN:VCARD\nFN:나\nEND:VCARD\n",
            "!not_a_list vcard",
        ),
        case(
            "a page saved as UTF-16",
            utf_16_le("\u{feff}<html><body><table><tr><td>이름</td></tr></table></body></html>"),
            "!not_a_list html",
        ),
        case(
            "somebody called as columns are",
            "이름,전화\n이름,010-1234-5678\n고객,\n",
            "UTF-8 , 1: 이름=name 전화=phone\n2 이름/010-1234-5678\n3 고객",
        ),
        case(
            "a header far below, and a legend",
            format!("{}이름,전화,카드\n가,010-1,NS-1\n", "범례: A 정회원\n".repeat(25)),
            "UTF-8 , 26: 이름=name 전화=phone 카드=card\n27 가/010-1/NS-1",
        ),
        case(
            "marks that can't be seen in headers and cells",
            "\u{200b}이름\u{200b},전\u{ad}화,카드\u{feff}\n\u{200b}가\u{feff},\u{202a}010-1\u{202c},NS-1\u{200e}\n",
            "UTF-8 , 1: 이름=name 전\u{ad}화=phone 카드=card\n2 가/010-1/NS-1",
        ),
    ]
}

fn big(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// A memo of ten megabytes is nobody's business; a name that long is a bad line.
#[test]
fn a_cell_of_ten_megabytes_spoils_its_line_only() {
    let long = "가".repeat(10 * 1024 * 1024 / 3);
    let found = read_customers(format!("이름,전화,메모\n가,010-1,{long}\n나,010-2,\n").as_bytes()).unwrap();
    assert_eq!(written(&Ok(found))[1..], ["2 가/010-1", "3 나/010-2"]);
    let found = read_customers(format!("이름,전화\n{long},010-1\n나,010-2\n").as_bytes()).unwrap();
    let problems: Vec<_> = found.rows.iter().map(|row| row.problem.as_ref().map(|problem| problem.code)).collect();
    assert_eq!(problems, [Some(ErrorCode::TooLong), None]);
}
