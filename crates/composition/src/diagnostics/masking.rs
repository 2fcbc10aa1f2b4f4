//! Masks what a file for support must not have: what the program knows of persons, its secrets, and whatever looks like a
//! phone number. Logs and reports have none of that by themselves; this is a second line of defence.

use std::collections::BTreeSet;
use std::path::Path;

use crate::kept_password::KeptPassword;
use aho_corasick::{AhoCorasick, MatchKind};
use nosmoke_application::queries::Queries;
use nosmoke_ports::contract::{AppError, MypageEngine};
use nosmoke_ports::{Read, ReferenceKind, StoreError, read};
use nosmoke_reading::reference::{self, StaffBody};
use nosmoke_replication::FacilityKey;
use nosmoke_replication::joining::{connection, pairing};
use nosmoke_store::Secret;

const MASK: &str = "***";
/// Shorter words would mask parts of other words everywhere, and don't tell who somebody is.
const WORD_CHARS_MIN: usize = 2;
const DIGITS_MIN: usize = 4;
const PROFILES_BATCH: usize = 1_000;

#[derive(Debug)]
pub(super) struct Masking {
    /// `None` if there is nothing to mask.
    words: Option<AhoCorasick>,
    home: Option<String>,
}

impl Masking {
    /// Masks the secrets in the files of a data folder that can't be opened.
    pub(super) fn of_files(folder: &Path) -> Self {
        Self::from_words(secret_files(folder))
    }

    /// Masks secrets, customers' names, phones and cards, and the names of staff.
    ///
    /// # Errors
    /// An error of the store.
    pub(super) async fn of(folder: &Path, queries: &Queries) -> Result<Self, AppError> {
        let mut words = secret_files(folder);
        let journal = &*queries.core.journal;
        words.extend(read::<_, StoreError>(journal, settings_and_staff).await?);
        if let Ok(pairing) = pairing::pairing(journal).await {
            words.extend([Some(pairing.code), pairing.code_with_connection].into_iter().flatten());
        }
        let mut after = None;
        loop {
            let profiles = read::<_, StoreError>(journal, move |tx| tx.profiles_after(after, PROFILES_BATCH)).await?;
            let Some(last) = profiles.last() else { break };
            after = Some(last.customer_id);
            for profile in profiles {
                words.extend(profile.phone.as_deref().map(digits_of));
                words.extend([profile.name, profile.phone, profile.card].into_iter().flatten());
            }
        }
        Ok(Self::from_words(words))
    }

    fn from_words(words: BTreeSet<String>) -> Self {
        let is_telling = |word: &String| {
            let least = if word.chars().all(|c| c.is_ascii_digit()) { DIGITS_MIN } else { WORD_CHARS_MIN };
            word.trim().chars().count() >= least
        };
        let words: Vec<String> = words.into_iter().filter(is_telling).collect();
        let words = match words.is_empty() {
            true => None,
            false => AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok(),
        };
        let home = std::env::var("HOME").ok().filter(|home| home.len() > 1);
        Self { words, home }
    }

    pub(super) fn mask(&self, text: &str) -> String {
        let mut text = match &self.home {
            Some(home) => text.replace(home, "~"),
            None => text.to_owned(),
        };
        if let Some(words) = &self.words {
            let mut masked = String::with_capacity(text.len());
            words.replace_all_with(&text, &mut masked, |_, _, masked| {
                masked.push_str(MASK);
                true
            });
            text = masked;
        }
        without_phones(&text)
    }
}

fn secret_files(folder: &Path) -> BTreeSet<String> {
    let passwords = [KeptPassword::of_cluster(folder), KeptPassword::of_mypage(folder)];
    let texts = passwords.iter().filter_map(|password| password.text().ok().flatten());
    let others = [Secret::gateway_token(folder), Secret::backup_passphrase(folder)];
    let others = others.iter().filter_map(|secret| secret.read().ok().flatten());
    texts.chain(others).map(|text| text.trim().to_owned()).collect()
}

fn settings_and_staff(tx: &mut dyn Read) -> Result<BTreeSet<String>, StoreError> {
    let mut words = BTreeSet::new();
    if let Some(key) = FacilityKey::read(tx)? {
        words.insert(key.bytes().iter().map(|byte| format!("{byte:02x}")).collect());
    }
    words.insert(connection::kept(tx)?.user);
    if let MypageEngine::Postgres(server) = nosmoke_application::settings::mypage_engine::kept(tx)? {
        words.insert(server.user);
    }
    for staff in tx.references(ReferenceKind::Staff)? {
        let StaffBody { name, pin_hash, .. } = reference::body(&staff)?;
        words.insert(name);
        words.extend(pin_hash);
    }
    words.extend(reference::recovery(tx)?.map(|recovery| recovery.code_hash));
    Ok(words)
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Masks Korean mobile numbers: 01, and 8 or 9 further digits, with single separators between them.
fn without_phones(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut masked = String::with_capacity(text.len());
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find("01") {
        let start = at + found;
        let is_inside_number = start > 0 && bytes[start - 1].is_ascii_alphanumeric();
        match phone_end(bytes, start).filter(|_| !is_inside_number) {
            Some(end) => {
                masked.push_str(&text[kept..start]);
                masked.push_str(MASK);
                (kept, at) = (end, end);
            }
            None => at = start + 2,
        }
    }
    masked.push_str(&text[kept..]);
    masked
}

/// Returns where a phone number that starts here ends.
fn phone_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut digits, mut end) = (start, 0, start);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                end = at + 1;
            }
            b'-' | b'.' | b' ' if at == end && digits >= 3 => {}
            _ => break,
        }
        at += 1;
    }
    (10..=11).contains(&digits).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masking(words: &[&str]) -> Masking {
        Masking {
            home: Some("/home/kim".into()),
            ..Masking::from_words(words.iter().map(|word| (*word).into()).collect())
        }
    }

    #[test]
    fn names_secrets_and_the_home_folder_are_masked() {
        let masking = masking(&["홍길동", "홍길", "NS-2204-0391", "이", "7", ""]);
        let line = "홍길동 (NS-2204-0391) in /home/kim/data, 이 7";
        assert_eq!(masking.mask(line), "*** (***) in ~/data, 이 7");
    }

    #[test]
    fn what_looks_like_a_phone_number_is_masked() {
        let masking = masking(&[]);
        for phone in ["010-1234-5678", "01012345678", "010 1234 5678", "010.1234.5678", "011-123-4567"] {
            assert_eq!(masking.mask(&format!("tel {phone}, and")), "tel ***, and");
        }
        for other in ["2026-11-30T01:02:03.123456Z", "0101", "8010123456789", "a01012345678", "01-2", "0.01 s"] {
            assert_eq!(masking.mask(other), other);
        }
    }
}
