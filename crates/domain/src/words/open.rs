//! Open words: short names whose set may grow without a new type or version of a fact.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Most characters of a word.
const MOST: usize = 24;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a word of 1 to 24 letters, digits and underscores")]
pub struct NotAWord;

/// A word: 1 to 24 of the characters `A` to `Z`, `a` to `z`, `0` to `9` and `_`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Word {
    /// The characters, then zeros. So words compare as their texts do.
    bytes: [u8; MOST],
}

impl Word {
    /// Checks a word.
    ///
    /// # Errors
    /// Returns `NotAWord`.
    pub const fn new(text: &str) -> Result<Self, NotAWord> {
        let text = text.as_bytes();
        if text.is_empty() || text.len() > MOST {
            return Err(NotAWord);
        }
        let (mut bytes, mut at) = ([0; MOST], 0);
        while at < text.len() {
            if !text[at].is_ascii_alphanumeric() && text[at] != b'_' {
                return Err(NotAWord);
            }
            bytes[at] = text[at];
            at += 1;
        }
        Ok(Self { bytes })
    }

    /// Makes a word that this program knows; a text that is no word doesn't compile.
    #[expect(clippy::panic, reason = "constants are evaluated while compiling")]
    pub(super) const fn constant(text: &str) -> Self {
        match Self::new(text) {
            Ok(word) => word,
            Err(_) => panic!("not a word"),
        }
    }

    pub fn as_str(&self) -> &str {
        let length = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(MOST);
        std::str::from_utf8(&self.bytes[..length]).unwrap_or_default()
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Word {
    type Err = NotAWord;

    fn from_str(text: &str) -> Result<Self, NotAWord> {
        Self::new(text)
    }
}

impl Serialize for Word {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A kind of open word: a code, a ground or a reason.
pub trait OpenWord: Copy + Eq + fmt::Display + 'static {
    /// The words that this program knows.
    const KNOWN: &'static [Self];

    fn is_known(self) -> bool {
        Self::KNOWN.contains(&self)
    }
}

/// Reads only words that this program knows: for commands, which must not record a misspelt reason.
///
/// # Errors
/// An error of the deserializer, also for an unknown word.
pub fn known<'de, W: OpenWord + Deserialize<'de>, D: serde::Deserializer<'de>>(deserializer: D) -> Result<W, D::Error> {
    let word = W::deserialize(deserializer)?;
    if word.is_known() {
        return Ok(word);
    }
    let words: Vec<_> = W::KNOWN.iter().map(ToString::to_string).collect();
    Err(serde::de::Error::custom(format_args!("unknown word `{word}`, expected one of {}", words.join(", "))))
}

/// Reads a word that this program knows, or none.
///
/// # Errors
/// The same as [`known`].
pub fn maybe_known<'de, W: OpenWord + Deserialize<'de>, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<W>, D::Error> {
    #[derive(Deserialize)]
    #[serde(bound = "W: OpenWord + Deserialize<'de>")]
    struct Known<W>(#[serde(deserialize_with = "known")] W);
    Ok(Option::<Known<W>>::deserialize(deserializer)?.map(|known| known.0))
}

macro_rules! open_word {
    ($(#[$meta:meta])* $name:ident, $ts:literal { $($(#[$doc:meta])* $constant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts", type = $ts))]
        #[serde(transparent)]
        pub struct $name(Word);

        impl $name {
            $($(#[$doc])* pub const $constant: Self = Self(Word::constant($text));)+

            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl OpenWord for $name {
            const KNOWN: &'static [Self] = &[$(Self::$constant),+];
        }

        impl From<Word> for $name {
            fn from(word: Word) -> Self {
                Self(word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAWord;

            fn from_str(text: &str) -> Result<Self, NotAWord> {
                text.parse().map(Self)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": "^[A-Za-z0-9_]{1,24}$",
                    "examples": [$($text),+],
                })
            }
        }
    };
}
pub(super) use open_word;

#[cfg(test)]
mod tests {
    use crate::words::{Ground, OpenWord, PenaltyCode};

    use super::*;

    #[test]
    fn a_word_has_1_to_24_letters_digits_and_underscores() {
        for text in ["A", "education", "facility_order", "_", "9", "abcdefghijklmnopqrstuvwx"] {
            assert_eq!(text.parse::<Word>().unwrap().to_string(), text);
        }
        for text in ["", "abcdefghijklmnopqrstuvwxy", "a b", "a-b", "교육", "a\0", "é"] {
            assert_eq!(text.parse::<Word>(), Err(NotAWord), "{text}");
        }
    }

    #[test]
    fn words_compare_as_their_texts() {
        let word = |text: &str| text.parse::<Word>().unwrap();
        assert!(word("A") < word("AA") && word("AA") < word("AB") && word("B") < word("a"));
    }

    #[test]
    fn an_unknown_word_is_read_but_isn_t_known() {
        let code: PenaltyCode = serde_json::from_str(r#""LITTERING""#).unwrap();
        assert_eq!((code.to_string().as_str(), code.is_known()), ("LITTERING", false));
        assert!(PenaltyCode::BASIC.is_known() && Ground::WAIVER.is_known());
        assert_eq!(serde_json::to_string(&code).unwrap(), r#""LITTERING""#);
        for text in [r#""""#, r#""a b""#, "1", "null", r#"["BASIC"]"#] {
            assert!(serde_json::from_str::<PenaltyCode>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_command_names_only_known_words() {
        let read = |text: &str| known::<Ground, _>(&mut serde_json::Deserializer::from_str(text));
        assert_eq!(read(r#""appeal""#).unwrap(), Ground::APPEAL);
        let refused = read(r#""apeal""#).unwrap_err().to_string();
        assert!(refused.contains("`apeal`") && refused.contains("education, service, appeal, waiver"), "{refused}");
    }
}
