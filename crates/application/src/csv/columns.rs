//! Names of columns and of coded values, in both languages.

use nosmoke_ports::contract::Language;

/// The name of a column or value in Korean and in English. Other programs read the English names, so those never
/// change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub ko: &'static str,
    pub en: &'static str,
}

impl Column {
    pub(super) const fn new(ko: &'static str, en: &'static str) -> Self {
        Self { ko, en }
    }

    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Ko => self.ko,
            Language::En => self.en,
        }
    }
}
