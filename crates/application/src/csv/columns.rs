//! Names of columns and values in both languages.

use nosmoke_ports::contract::Language;

/// A name in Korean and in English. The English ones are for programs too and never change.
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
