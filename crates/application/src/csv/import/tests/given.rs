use std::path::Path;

use nosmoke_ports::contract::ProfileInput;

use super::*;

fn read(text: &str) -> CustomerFile {
    read_customers(text.as_bytes()).unwrap()
}

fn person(name: &str, phone: &str, card: &str) -> ProfileInput {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    ProfileInput { name: name.into(), phone: given(phone), card: given(card), consent_on: None }
}

fn people(file: &CustomerFile) -> Vec<ProfileInput> {
    file.rows.iter().map(|row| row.profile.clone()).collect()
}

fn problem(row: &CustomerRow) -> Option<(ErrorCode, serde_json::Value)> {
    row.problem.clone().map(|error| (error.code, error.params))
}

#[test]
fn columns_are_found_by_name_in_any_order_and_case_with_any_delimiter() {
    let expected = [person("김민수", "010-1", "NS-1")];
    for text in [
        "name,phone,card\n김민수,010-1,NS-1\n",
        "CARD,Name,PHONE\nNS-1,김민수,010-1",
        "번호;카드번호;성명;전화번호\r\n1;NS-1;김민수;010-1\r\n",
        "이름\t휴대폰\t카드\r김민수\t010-1\tNS-1\r",
        "\u{feff} 이름 ,\"전화\",카드 번호\n김민수,010-1,NS-1",
        "\n\n이름,전화,카드\n\n김민수,010-1,NS-1\n,,\n\n",
        "'이름,전화,카드,이름\n김민수,'010-1,NS-1,다른 이름,더\n",
        "\u{110B}\u{1175}\u{1105}\u{1173}\u{11B7},전화,카드\n김민수,010-1,NS-1\n",
    ] {
        let file = read(text);
        assert_eq!(people(&file), expected, "{text:?}");
        assert_eq!(file.rows[0].problem, None);
    }
}

#[test]
fn only_the_name_is_needed_and_rows_may_be_short() {
    let file = read("이름\n김민수\n박서준\n");
    assert_eq!(people(&file), [person("김민수", "", ""), person("박서준", "", "")]);
    let file = read("전화,이름,카드\n010-1,김민수\n010-2\n");
    assert_eq!(people(&file), [person("김민수", "010-1", ""), person("", "010-2", "")]);
    assert_eq!(problem(&file.rows[1]), Some((ErrorCode::Empty, json!({ "field": "name" }))));
    for text in ["", "\n", "phone,card\n1,2\n", "김민수,010-1\n"] {
        let error = read(text).problem.unwrap();
        assert_eq!((error.code, error.params), (ErrorCode::MissingColumn, json!({ "column": "name" })), "{text:?}");
    }
    assert_eq!(read("이름\n").rows, []);
}

#[test]
fn what_is_no_text_in_the_encoding_that_its_mark_says_is_refused() {
    for bytes in [b"\xEF\xBB\xBF\xB1\xE8".as_slice(), b"name\n\xFF\xFF\n"] {
        assert_eq!(read_customers(bytes).unwrap_err().code, ErrorCode::UnknownEncoding);
    }
}

#[test]
fn every_problem_has_the_line_at_which_its_row_starts() {
    let long = "가".repeat(201);
    let text = format!(
        "이름,전화,카드,메모\r\n\
         김민수,010-1,NS-1\r\n\
         두 줄,,,\"메모\r\n메모\"\r\n\
         \r\n\
         ,010-2,\r\n\
         {long},,\r\n\
         나\u{0},,\r\n\
         다,,ns 1\r\n\
         라,,NS-2\r\n"
    );
    let file = read(&text);
    let found: Vec<_> = file.rows.iter().map(|row| (row.line, problem(row))).collect();
    let expected = [
        (2, None),
        (3, None),
        (6, Some((ErrorCode::Empty, json!({ "field": "name" })))),
        (7, Some((ErrorCode::TooLong, json!({ "field": "name", "max": 200 })))),
        (8, Some((ErrorCode::InvalidText, json!({ "field": "name" })))),
        (9, Some((ErrorCode::CardTaken, json!({ "name": "김민수", "line": 2 })))),
        (10, None),
    ];
    assert_eq!(found, expected);
    for other in ["\n", "\r"] {
        let file = read(&text.replace("\r\n", other));
        assert_eq!(file.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 6, 7, 8, 9, 10]);
    }
}

#[test]
fn an_invalid_row_reserves_no_card() {
    let file = read("name,card\n,NS-1\n김민수,NS-1\n");
    assert_eq!(problem(&file.rows[1]), None);
}

#[test]
fn text_of_our_own_export_is_kept_exactly() {
    let text = "name,phone,registered,customer_id\n\"  김 \"\"민\"\" 수\t🚬\n\", 010 \n'=1+1,'+82\n합계,\n";
    let file = read(text);
    let expected = [person("  김 \"민\" 수\t🚬\n", " 010 ", ""), person("=1+1", "+82", ""), person("합계", "", "")];
    assert_eq!(people(&file), expected);
    assert!(file.rows.iter().all(|row| row.problem.is_none()));
}

#[test]
fn a_file_beyond_the_limits_is_refused() {
    let with_lines = |count: usize| read_customers(format!("name\n{}", "김\n".repeat(count)).as_bytes());
    assert_eq!(with_lines(MAX_LINES).unwrap().rows.len(), MAX_LINES);
    let error = with_lines(MAX_LINES + 1).unwrap_err();
    assert_eq!((error.code, error.params), (ErrorCode::FileTooLarge, json!({ "max": MAX_LINES, "reason": "lines" })));
    let error = read_customers(&vec![b'a'; MAX_BYTES + 1]).unwrap_err();
    assert_eq!((error.code, error.params), (ErrorCode::FileTooLarge, json!({ "max": MAX_BYTES, "reason": "bytes" })));

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("고객.csv");
    std::fs::write(&path, vec![b'a'; MAX_BYTES]).unwrap();
    assert_eq!(read_limited(&path).unwrap().len(), MAX_BYTES);
    std::fs::write(&path, vec![b'a'; MAX_BYTES + 1]).unwrap();
    assert_eq!(read_limited(&path).unwrap_err().code, ErrorCode::FileTooLarge);
    assert_eq!(read_limited(Path::new("/none.csv")).unwrap_err().code, ErrorCode::FileUnreadable);
    assert_eq!(read_limited(folder.path()).unwrap_err().code, ErrorCode::FileUnreadable);
}
