use proptest::prelude::*;

use super::hangul::{initial, syllable_index};
use super::*;
use crate::SearchQuery;

/// Matches keys as a store does: all terms of one list, each by one non-empty key; the card must be equal, the others
/// contained.
fn finds(text: &str, name: &str, phone: &str, card: &str) -> bool {
    let (query, keys) = (query(text), keys(Some(name), Some(phone), Some(card)));
    let part = |part: &str, whole: &str| !part.is_empty() && whole.contains(part);
    let matches = |term: &SearchKeys| {
        part(&term.name, &keys.name)
            || part(&term.initials, &keys.initials)
            || part(&term.phone_digits, &keys.phone_digits)
            || (!term.card.is_empty() && term.card == keys.card)
    };
    query.any_of.iter().any(|terms| terms.iter().all(matches))
}

#[test]
fn a_name_is_found_as_people_type_it() {
    let found = [
        ("김민수", "김민수"),
        ("민수", "김민수"),
        ("김 민수", "김민수"),
        ("김민수", " 김 민수 "),
        ("ㄱㅁㅅ", "김민수"),
        ("ㅁㅅ", "김민수"),
        ("ㄱ ㅁ", "김민수"),
        ("\u{1100}\u{1106}", "김민수"),
        ("ㄳ", "강서윤"),
        ("ㄱㄳ", "김구슬"),
        ("김ㅁ", "김민수"),
        ("김미", "김민수"),
        ("김ㅁㅅ", "김민수"),
        ("ㄱ민수", "김민수"),
        ("ㄲㄷ", "까동이"),
        ("\u{1100}\u{1175}\u{11B7}", "김민수"),
        ("김민수", "\u{1100}\u{1175}\u{11B7}민수"),
        ("\u{1106}\u{1175}\u{11AB}\u{1109}\u{116E}", "김민수"),
        ("민 김", "김민수"),
        ("kim", "KIM Minsu"),
        ("KIMMIN", "Kim Minsu"),
        ("kimㅁ", "Kim 민수"),
        ("josé", "JOSE\u{301}"),
        ("jose", "José García"),
        ("jose garcia", "José García"),
        ("garcia jose", "José García"),
        ("JOSE\u{301}", "josé"),
        ("josé", "Jose"),
        ("ＪＯＳＥ", "José"),
        ("kim", "Ｋｉｍ Minsu"),
        ("nguyen van duc", "Nguyễn Văn Đức"),
        ("Nguyễn", "nguyen"),
        ("soren", "Søren"),
        ("lukasz", "Łukasz"),
        ("strauss", "Strauß"),
        ("istanbul", "İstanbul"),
        ("isik", "Işık"),
        ("ελένη", "ΕΛΕΝΗ"),
        ("семен", "Семён"),
        ("σοφος", "ΣΟΦΟΣ"),
        ("o'brien", "O’Brien"),
        ("jean-luc", "Jean\u{2011}Luc"),
        ("김민수", "김\u{200b}민\u{feff}수"),
        ("カナ", "ｶﾅ"),
        ("\u{301}", "\u{301}"),
        ("ΣΟΦ", "σοφία"),
        ("🚬", "흡연왕🚬"),
        ("👩‍👩‍👧", "👩‍👩‍👧 가족"),
        ("추가람2", "추가람 2"),
        ("%", "100% 손님"),
        ("'; --", "'; -- drop"),
        ("ㅋㅋ", "ㅋㅋ"),
        ("김ㅁ", "김ㅁ"),
    ];
    for (text, name) in found {
        assert!(
            finds(text, name, "", ""),
            "{text} finds {name}: {:?} in {:?}",
            query(text),
            keys(Some(name), None, None)
        );
    }
    for (text, name) in [
        ("김민수", "김민지"),
        ("김", "기민수"),
        ("ㄱㅅ", "김민수"),
        ("김ㅁ", "강민수"),
        ("ㅏ", "아라"),
        ("김민 지", "김민수"),
        ("jose lopez", "José García"),
        ("kimㅅ", "Kim 민수"),
    ] {
        assert!(!finds(text, name, "", ""), "{text} doesn't find {name}");
    }
}

/// In any order, a customer is found by several terms, each of which matches the name, its initials, the phone or the
/// card.
#[test]
fn several_terms_find_a_customer_whom_each_of_them_matches() {
    let found = |text| finds(text, "김민수", "010-1234-4821", "NS-0391");
    for text in [
        "민수 4821",
        "4821 민수",
        "ㄱㅁㅅ 4821",
        "4821 ㅁㅅ",
        "김ㅁ 1234",
        "민수 NS-0391",
        "ns0391 민수",
        "4821 ns-0391 ㄱㅁㅅ",
        "민수\u{3000}４８２１",
        "  민수   4821 ",
        "민수,4821",
        "민수/4821",
        "민수4821",
        "4821민수",
        "김민수(4821)",
        "김민수(010-1234-4821)",
        "김민수 010 1234 4821",
        "010 1234 4821 민수",
        "+82 10 1234 4821 김민수",
        "김 민 수 4821",
        "\u{1106}\u{1175}\u{11AB}\u{1109}\u{116E} 4821",
        "ㅜㄴ-0391 민수",
    ] {
        assert!(found(text), "{text}: {:?}", query(text));
    }
    for text in [
        "민수 4822",
        "민지 4821",
        "민수 NS-0392",
        "4821 4822",
        "ㄱㅁㅈ 4821",
        "민수 010 9999",
        "민수, 없음",
        "민지4821",
    ] {
        assert!(!found(text), "{text}: {:?}", query(text));
    }
    for text in ["00000391 4821", "4821 00000391", "00000391 010 1234", "민수 00000391 4821"] {
        assert!(finds(text, "김민수", "010-1234-4821", "00000391"), "{text}: {:?}", query(text));
        assert!(!finds(text, "김민수", "010-1234-4821", "00000392"), "{text}");
    }
    let long = "프란시스코 막시밀리아노 데 라 크루스 산토스 이 구티에레스 델가도 박사님";
    assert!(finds(&format!("{long} 4821"), long, "010-1234-4821", ""));
    assert!(finds(&format!("4821 {long}"), long, "010-1234-4821", ""));
    assert!(!finds(&format!("{long} 4822"), long, "010-1234-4821", ""));
    assert!(finds("jose 4821", "José García", "010-1234-4821", ""));
    // Numbers in a row are one number, of which the parts aren't searched for.
    assert!(!finds("010 4821", "김민수", "010-1234-4821", ""));
    assert!(query(&"가 1234 ".repeat(1_000)).any_of.len() == 1);
}

#[test]
fn a_phone_is_found_by_any_of_its_digits() {
    for text in [
        "6618",
        "010-8890-6618",
        "01088906618",
        "8890",
        "010 8890",
        "88906618",
        "+82 10-8890-6618",
        "+82 (0)10 8890 6618",
        "82-10-8890-6618",
        "0082 10 8890 6618",
        "010.8890.6618",
        "(010) 8890-6618",
        "010/8890/6618",
        "０１０－８８９０－６６１８",
        "＋８２ １０ ８８９０ ６６１８",
        "６６１８",
        "\u{202a}010-8890-6618\u{202c}",
        "010\u{2011}8890\u{2011}6618",
        "1088906618",
        " 010 88 90 66 18 ",
    ] {
        for phone in [
            "010-8890-6618",
            "+82 (0)10 8890 6618",
            "+82 10 8890 6618",
            "821088906618",
            "1088906618",
            "010.8890.6618",
            "０１０ ８８９０ ６６１８",
            "\u{202a}010-8890-6618\u{202c}",
            "전화 010-8890-6618",
        ] {
            assert!(finds(text, "", phone, ""), "{text} finds {phone}: {:?}", query(text));
        }
    }
    for text in ["6619", "a6618", "-", "전화 6618", "010-8890-6619", "+", "()"] {
        assert!(!finds(text, "", "010-8890-6618", ""), "{text}");
    }
    // An ending may look like a country code.
    for (text, phone) in [("8210", "010-1234-8210"), ("0082", "010-4321-0082"), ("82", "02-345-6782")] {
        assert!(finds(text, "", phone, ""), "{text}");
        assert!(!finds(text, "", "010-9917-3917", ""), "{text}");
    }
    assert!(finds("02-345-6789", "", "+82 2 345 6789", ""));
    assert!(finds("+1 415 555 2671", "", "+1 (415) 555-2671", ""));
}

#[test]
fn a_card_is_found_by_its_whole_number_alone() {
    for text in
        ["NS-2204-0391", "ns22040391", " NS 2204 0391\r", "ＮＳ－２２０４－０３９１", "ㅜㄴ-2204-0391", "NS‑2204‑0391"]
    {
        assert!(finds(text, "", "", "NS-2204-0391"), "{text}: {:?}", query(text));
    }
    assert!(finds("회원 0391", "", "", "회원-0391"));
    for text in ["NS-2204", "2204-0391", "NS-2204-03911"] {
        assert!(!finds(text, "", "", "NS-2204-0391"), "{text}");
    }
}

#[test]
fn a_character_and_its_decomposition_have_the_same_letters() {
    for c in '\0'..=char::MAX {
        let decomposed: String = std::iter::once(c).nfd().collect();
        if !decomposed.chars().eq([c]) {
            assert_eq!(letters::letters(&decomposed), letters::letters(&c.to_string()), "U+{:04X}", c as u32);
        }
    }
}

#[test]
fn names_of_areas_that_read_alike_have_one_form() {
    let alike = [
        "정문 A동",
        " 정문  A동 ",
        "정문 a동",
        "정문\u{3000}Ａ동",
        "\u{110c}\u{1165}\u{11bc}\u{1106}\u{116e}\u{11ab} A\u{1103}\u{1169}\u{11bc}",
        "정문\tA동\n",
        "\u{feff}정문 A\u{200b}동",
    ];
    for name in alike {
        assert_eq!(area_form(name), "정문 a동", "{name:?}");
    }
    assert_eq!(area_form("ΣΟΦΟΣ"), area_form("σοφος"));
    for (one, other) in [("1", "2"), ("정문 1", "정문1"), ("정문", "정믄"), ("1 11", "11 1"), ("A-1", "A1")] {
        assert_ne!(area_form(one), area_form(other), "{one} {other}");
    }
}

#[test]
fn missing_fields_have_empty_keys_and_an_empty_text_lists_all() {
    assert_eq!(keys(None, None, None), SearchKeys::default());
    for text in ["", " ", "\t\u{3000}"] {
        assert_eq!(query(text), SearchQuery::default());
    }
}

proptest! {
    #[test]
    fn a_name_finds_itself_in_any_normal_form(name in "\\PC{1,20}|[가-힣ㄱ-ㅎa-zA-Z ]{1,8}|\\p{any}{1,12}") {
        prop_assume!(!name.trim().is_empty());
        prop_assert!(finds(&name, &name, "", ""));
        let decomposed: String = name.nfd().collect();
        prop_assert!(finds(&decomposed, &name, "", ""));
    }

    #[test]
    fn each_letter_typed_of_a_name_still_finds_it(name in "[가-힣]{2,4}", taken in 1_usize..4) {
        let begun: String = name.chars().take(taken).collect();
        prop_assert!(finds(&begun, &name, "", ""));
        if let Some(next) = name.chars().nth(taken).and_then(syllable_index) {
            let with_next = format!("{begun}{}", initial(next));
            prop_assert!(finds(&with_next, &name, "", ""));
        }
        let initials: String = name.chars().filter_map(syllable_index).map(initial).collect();
        prop_assert!(finds(&initials, &name, "", ""));
    }

    #[test]
    fn the_form_of_an_area_is_its_own_form(name in "\\PC{0,20}|[가-힣ㄱ-ㅎa-zA-Z ]{0,8}|\\p{any}{0,12}") {
        let form = area_form(&name);
        prop_assert_eq!(&area_form(&form), &form);
        let decomposed: String = name.nfd().collect();
        prop_assert_eq!(area_form(&decomposed), form);
    }

    #[test]
    fn a_card_finds_itself(card in "\\PC{1,20}") {
        prop_assume!(!card_form(&card).is_empty());
        prop_assert!(finds(&card, "", "", &card));
    }
}
