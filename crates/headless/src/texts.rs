//! The texts of errors, in the language of the user's locale. Those of codes are the ones that the screens show.

use std::fmt::Write as _;
use std::sync::LazyLock;

use nosmoke_ports::contract::{ErrorCode, Language};
use serde_json::Value;

static KOREAN: LazyLock<Value> = LazyLock::new(|| parsed(include_str!("../../../ui/src/i18n/ko/errors.json")));
static ENGLISH: LazyLock<Value> = LazyLock::new(|| parsed(include_str!("../../../ui/src/i18n/en/errors.json")));

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// A text in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Both {
    pub ko: &'static str,
    pub en: &'static str,
}

pub const fn both(ko: &'static str, en: &'static str) -> Both {
    Both { ko, en }
}

impl Both {
    pub const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Ko => self.ko,
            Language::En => self.en,
        }
    }
}

/// Returns Korean if the locale's messages are Korean, else English.
pub fn language() -> Language {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG")).unwrap_or_default();
    if locale.to_ascii_lowercase().starts_with("ko") { Language::Ko } else { Language::En }
}

/// Returns the text of an error, with what it concerns.
pub fn of_code(code: ErrorCode, params: &Value, language: Language) -> String {
    let word = code.word();
    let title = match of_command_line(code) {
        Some(text) => text.in_language(language).to_owned(),
        None => title(&word, params, language),
    };
    let mut text = title;
    let told = |name: &str| params[name].as_str().filter(|told| !told.is_empty()).map(str::to_owned);
    for part in [told("path"), told("detail")].into_iter().flatten() {
        if !text.contains(&part) {
            // Writing into a string never fails.
            let _ = write!(text, " {part}");
        }
    }
    format!("{text} ({word})")
}

/// The texts that differ from those of the screens, which speak of windows.
const fn of_command_line(code: ErrorCode) -> Option<Both> {
    Some(match code {
        ErrorCode::FolderInUse => {
            both("다른 프로그램이 데이터 폴더를 쓰고 있습니다.", "another program has the data folder open")
        }
        ErrorCode::NotSetUp => {
            both("Nosmoke Desk의 데이터 폴더가 아닙니다.", "this isn't a data folder of Nosmoke Desk")
        }
        ErrorCode::BadPairingCode => both(
            "--facility-key: 파일에 연결 코드가 없거나 잘못 적혀 있습니다.",
            "--facility-key: the file has no pairing code, or a mistyped one",
        ),
        ErrorCode::KeyWithoutFacility => both(
            "--facility-key: 64자리만으로는 어느 시설인지 알 수 없습니다. 파일에는 첫 단말이 만들거나 설정 › 단말 연결에 나오는 연결 \
             코드가 있어야 합니다.",
            "--facility-key: 64 digits alone name no facility; the file needs a pairing code, as the first terminal writes it \
             or shows it in Settings, Pairing",
        ),
        ErrorCode::OtherFacility => both(
            "--facility-key: 다른 시설의 연결 코드이고, 이 데이터 폴더에는 이미 시설이 있습니다. 그 시설에 참여하려면 새 --data-dir로 \
             시작하고 고객은 CSV로 가져오세요.",
            "--facility-key: the pairing code is another facility's, and this data folder belongs to its own. To take part \
             there, start with a new --data-dir and import the customers as CSV",
        ),
        ErrorCode::OtherKey => both(
            "--facility-key: 연결 코드의 키는 이 폴더의 키와 번호가 같지만 다른 키입니다. 다른 단말의 기록을 받는 단말의 코드를 파일에 \
             적어 주세요 (설정 › 단말 연결).",
            "--facility-key: the pairing code has another key with the number of this folder's. Write the code of a terminal \
             that hears the others to the file (Settings, Pairing)",
        ),
        ErrorCode::NoFacilityKey => both(
            "이 데이터 폴더에는 시설 열쇠가 없습니다. 백업에는 열쇠가 들어 있지 않습니다. --facility-key에 다른 단말의 연결 코드가 든 파일을 \
             적거나, 창이 있는 프로그램의 설정 › 단말 연결에서 새 열쇠를 만드세요.",
            "this data folder has no facility key, which no backup holds. Give the file with another terminal's pairing code by \
             --facility-key, or make a new key in the window (Settings, Pairing)",
        ),
        ErrorCode::BackupLocked => both(
            "암호로 잠긴 백업입니다. --passphrase-file에 암호가 든 파일을 적어 주세요.",
            "the backup is locked with a passphrase: give the file that has it by --passphrase-file",
        ),
        ErrorCode::WrongPassphrase => both("백업의 암호가 맞지 않습니다.", "this isn't the passphrase of the backup"),
        ErrorCode::DiskFull => both(
            "디스크가 가득 찼습니다. 공간을 비운 뒤 다시 해 주세요.",
            "the disk is full: free some space, then try again",
        ),
        ErrorCode::FolderUnwritable => both(
            "이 사용자는 데이터 폴더를 쓸 수 없습니다. 쓰기 권한을 주거나 --data-dir에 다른 폴더를 적어 주세요.",
            "this user can't write in the data folder: give permission, or name another folder by --data-dir",
        ),
        ErrorCode::InvalidInput => both("쓸 수 없는 값입니다.", "a value can't be used"),
        ErrorCode::Expired => both(
            "가져오기의 앞부분이 없습니다. 처음부터 다시 가져와 주세요.",
            "an earlier part of the import is missing: import the list again",
        ),
        _ => return None,
    })
}

fn title(word: &str, params: &Value, language: Language) -> String {
    let texts = match language {
        Language::Ko => &*KOREAN,
        Language::En => &*ENGLISH,
    };
    let of = &texts[word];
    let reason = params["reason"].as_str().map(|reason| format!("title_{reason}"));
    let title = reason.and_then(|key| of[&key].as_str()).or_else(|| of["title"].as_str()).unwrap_or(word);
    filled(title, |name| match &params[name] {
        Value::String(field) if name == "field" => texts["fields"][field].as_str().unwrap_or(field).to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    })
}

/// Replaces `{{name}}` and `{{name, 이}}`, where a Korean particle follows the value.
fn filled(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut parts = text.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (slot, rest) = part.split_once("}}").unwrap_or((part, ""));
        let (name, particle) = slot.split_once(',').unwrap_or((slot, ""));
        let value = value(name.trim());
        let particle = with_particle(&value, particle.trim());
        filled.push_str(&value);
        filled.push_str(particle);
        filled.push_str(rest);
    }
    filled
}

/// Returns the form of a particle that fits a word; both forms after a word that doesn't end in Hangul.
fn with_particle(word: &str, particle: &str) -> &'static str {
    let last = word.chars().next_back().map(u32::from).filter(|code| (0xAC00..=0xD7A3).contains(code));
    let ends_in_consonant = last.map(|code| (code - 0xAC00) % 28 != 0);
    match (particle, ends_in_consonant) {
        ("이", Some(true)) => "이",
        ("이", Some(false)) => "가",
        ("이", None) => "이(가)",
        ("은", Some(true)) => "은",
        ("은", Some(false)) => "는",
        ("은", None) => "은(는)",
        ("을", Some(true)) => "을",
        ("을", Some(false)) => "를",
        ("을", None) => "을(를)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

    use serde_json::json;

    use super::*;

    #[test]
    fn an_error_is_told_in_both_languages_with_what_it_concerns() {
        let ko = |code, params| of_code(code, &params, Language::Ko);
        assert_eq!(ko(ErrorCode::Empty, json!({ "field": "name" })), "이름이 비어 있습니다. (empty)");
        assert_eq!(ko(ErrorCode::Empty, json!({ "field": "phone" })), "전화번호가 비어 있습니다. (empty)");
        assert_eq!(ko(ErrorCode::Empty, json!({ "field": "x" })), "x이(가) 비어 있습니다. (empty)");
        assert_eq!(
            of_code(ErrorCode::FileUnreadable, &json!({ "path": "/a", "detail": "busy" }), Language::En),
            "The file could not be read. /a busy (file_unreadable)"
        );
        assert_eq!(
            ko(ErrorCode::QuoteLeftOpen, json!({ "line": 3 })),
            "3줄에서 열린 따옴표가 제대로 닫히지 않았습니다. (quote_left_open)"
        );
        assert_eq!(
            ko(ErrorCode::FolderInUse, json!({})),
            "다른 프로그램이 데이터 폴더를 쓰고 있습니다. (folder_in_use)"
        );
    }

    #[test]
    fn no_text_of_the_screens_keeps_a_slot() {
        for texts in [&*KOREAN, &*ENGLISH] {
            let texts = texts.as_object().unwrap();
            assert!(texts.len() > 80, "the texts are read");
            for (code, of) in texts.iter().filter(|(code, _)| *code != "fields") {
                let title = of["title"].as_str().unwrap_or_else(|| panic!("{code} has no title"));
                assert!(!filled(title, |_| "x".into()).contains(['{', '}']), "{title}");
            }
        }
    }
}
