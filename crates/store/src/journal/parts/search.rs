//! The search for customers, and the index of words that it reads.
//!
//! A word is a search key from one of its letters on, so a key that contains a text has a word that begins with it. The
//! index only names candidates; whether a customer matches is decided by the keys in the profile.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{CustomerRow, SearchKeys, SearchQuery, StoreError};
use uuid::Uuid;

use super::customer_rows::{customer_row, customers};
use crate::sqlite::{Connection, ToSql, params};
use crate::words::limit;

/// Changes whenever the index of the same keys has other words: the index of a stored journal is then made again.
pub(in crate::journal) const WORDS_FORM: u32 = 1;

/// Letters of a word; a longer text is looked up by its first letters.
const WORD_LETTERS: usize = 12;
/// With more candidates than this, those with a name are walked in the order of the hits: enough of them match soon.
const CANDIDATES_MAX: usize = 1_000;
/// Distinguishes a card, which is found only as a whole.
const CARD_MARK: &str = "card";

/// Returns the words of a customer; empty if there is nothing to be found by.
fn words(keys: &SearchKeys) -> Vec<String> {
    let SearchKeys { name, initials, phone_digits, card } = keys;
    let texts = [name, initials, phone_digits];
    let mut words: Vec<String> = texts.into_iter().flat_map(|text| endings(text)).filter_map(word).collect();
    if !card.is_empty() {
        words.push(card_word(card));
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// Returns the text from each of its letters on.
fn endings(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().filter_map(|(at, _)| text.get(at..))
}

/// Returns a text as a word; `None` if it begins within a syllable, where no text that is searched begins.
fn word(text: &str) -> Option<String> {
    let is_within_a_syllable = text.starts_with(|letter| ('\u{1160}'..='\u{11ff}').contains(&letter));
    (!is_within_a_syllable).then(|| text.chars().take(WORD_LETTERS).map(token_letter).collect())
}

fn card_word(card: &str) -> String {
    card.chars().fold(CARD_MARK.to_owned(), |word, letter| word + token_letter(letter).encode_utf8(&mut [0; 4]))
}

/// The index splits words at ASCII punctuation, so it gets a letter in its place. More than needed may be found.
fn token_letter(letter: char) -> char {
    if letter.is_ascii() && !letter.is_ascii_alphanumeric() { 'x' } else { letter }
}

/// Returns the customer's stored keys, if there is a profile that isn't erased.
pub(super) fn keys_of(db: &mut Connection, customer: CustomerId) -> Result<Option<SearchKeys>, StoreError> {
    db.row(
        "SELECT name_key, initials_key, phone_key, card_key FROM profile WHERE customer_id = ?1 AND erased = 0",
        params![customer.0],
        |row| {
            let text = |index| row.text(index).map(str::to_owned);
            Ok(SearchKeys { name: text(0)?, initials: text(1)?, phone_digits: text(2)?, card: text(3)? })
        },
    )
}

/// Puts a customer's words in place of the words of `before`, which must be those that are indexed.
pub(super) fn replace(
    db: &mut Connection,
    customer: CustomerId,
    before: &SearchKeys,
    keys: &SearchKeys,
) -> Result<(), StoreError> {
    let (old, new) = (words(before), words(keys));
    if old == new {
        return Ok(());
    }
    let number = "SELECT number FROM searched WHERE customer_id = ?1";
    if let Some(number) = db.row(number, params![customer.0], |row| Ok(row.int(0)))? {
        db.execute(
            "INSERT INTO search_word (search_word, rowid, words) VALUES ('delete', ?1, ?2)",
            params![number, old.join(" ")],
        )?;
        db.execute("DELETE FROM searched WHERE number = ?1", params![number])?;
    }
    if new.is_empty() { Ok(()) } else { add(db, customer.0, &new) }
}

fn add(db: &mut Connection, customer: Uuid, words: &[String]) -> Result<(), StoreError> {
    db.execute("INSERT INTO searched (customer_id) VALUES (?1)", params![customer])?;
    db.execute(
        "INSERT INTO search_word (rowid, words) SELECT number, ?2 FROM searched WHERE customer_id = ?1",
        params![customer, words.join(" ")],
    )?;
    Ok(())
}

/// Empties the index, also a new one, and has it overwrite the words that are deleted from now on. The file keeps that
/// setting; the migrations don't have it, because an older SQLite that reads them doesn't know it.
pub(in crate::journal) fn clear(db: &mut Connection) -> Result<(), StoreError> {
    db.execute("INSERT INTO search_word (search_word) VALUES ('delete-all')", params![])?;
    db.execute("INSERT INTO search_word (search_word, rank) VALUES ('secure-delete', 1)", params![])?;
    db.execute("DELETE FROM searched", params![])?;
    Ok(())
}

/// Indexes a customer of whom no word is indexed.
pub(in crate::journal) fn index(db: &mut Connection, customer: Uuid, keys: &SearchKeys) -> Result<(), StoreError> {
    let words = words(keys);
    if words.is_empty() { Ok(()) } else { add(db, customer, &words) }
}

/// Returns the index's query for the candidates of a search; `None` if the index can't name them.
fn candidates_of(query: &SearchQuery) -> Option<String> {
    let begins_with = |text: &str| (!text.is_empty()).then(|| word(text).map(|word| format!("\"{word}\" *")));
    let term = |SearchKeys { name, initials, phone_digits, card }: &SearchKeys| {
        let card = (!card.is_empty()).then(|| Some(format!("\"{}\"", card_word(card))));
        let ways = [begins_with(name), begins_with(initials), begins_with(phone_digits), card];
        let mut ways = ways.into_iter().flatten().collect::<Option<Vec<_>>>()?;
        ways.dedup();
        (!ways.is_empty()).then(|| format!("({})", ways.join(" OR ")))
    };
    let all = |terms: &Vec<SearchKeys>| Some(terms.iter().map(term).collect::<Option<Vec<_>>>()?.join(" AND "));
    let lists: Vec<String> = query.any_of.iter().map(all).collect::<Option<_>>()?;
    let lists = lists.into_iter().map(|list| format!("({list})")).collect::<Vec<_>>().join(" OR ");
    // The ending of a phone is one of its words.
    let ending = &query.phone_ending;
    match (lists.is_empty(), ending.is_empty()) {
        (true, true) => None,
        (false, true) => Some(lists),
        (true, false) => Some(format!("\"{ending}\"")),
        (false, false) => Some(format!("({lists}) AND \"{ending}\"")),
    }
}

/// Returns the numbers of all candidates as a JSON list; `None` if they are many, or can't be named by the index.
fn candidates(db: &mut Connection, query: &SearchQuery) -> Result<Option<String>, StoreError> {
    let Some(query) = candidates_of(query) else { return Ok(None) };
    let numbers = db.rows(
        "SELECT rowid FROM search_word WHERE search_word MATCH ?1 LIMIT ?2",
        params![query, limit(CANDIDATES_MAX + 1)],
        |row| Ok(row.int(0).to_string()),
    )?;
    Ok((numbers.len() <= CANDIDATES_MAX).then(|| format!("[{}]", numbers.join(","))))
}

/// Finds customers, those last seen first.
pub(super) fn search(db: &mut Connection, query: &SearchQuery) -> Result<Vec<CustomerRow>, StoreError> {
    let (seen_at_ms, after) =
        query.after.map_or((None, None), |after| (Some(after.seen_at_ms), Some(after.customer_id.0)));
    let is_everyone = query.any_of.is_empty() && query.phone_ending.is_empty();
    let candidates = if is_everyone { None } else { candidates(db, query)? };
    let from = match (&candidates, is_everyone) {
        (Some(_), _) => {
            "json_each(?5) j JOIN searched s ON s.number = j.value JOIN profile p ON p.customer_id = s.customer_id \
             WHERE p.erased = 0"
        }
        (None, true) => "profile p INDEXED BY profile_by_seen WHERE ?5 IS NULL AND p.erased = 0",
        (None, false) => {
            "profile p INDEXED BY searched_by_seen WHERE ?5 IS NULL AND p.erased = 0 \
             AND p.name_key || p.phone_key || p.card_key <> ''"
        }
    };
    let rows = limit(query.limit);
    let mut params: Vec<&dyn ToSql> = params![seen_at_ms, after, rows, query.phone_ending, candidates].to_vec();
    for SearchKeys { name, initials, phone_digits, card } in query.any_of.iter().flatten() {
        params.extend([name as &dyn ToSql, initials, phone_digits, card]);
    }
    let matching = match query.any_of.as_slice() {
        [] => String::new(),
        any_of => format!("AND ({})", matching(any_of, 6)),
    };
    let hit = format!(
        "SELECT customer_id, row_number() OVER (ORDER BY seen_at_ms DESC, customer_id) FROM ( \
         SELECT p.customer_id, p.seen_at_ms FROM {from} \
         AND p.seen_at_ms <= coalesce(?1, 9223372036854775807) \
         AND (?1 IS NULL OR p.seen_at_ms < ?1 OR p.customer_id > ?2) \
         AND (?4 = '' OR substr(p.phone_key, -length(?4)) = ?4) {matching} \
         ORDER BY p.seen_at_ms DESC, p.customer_id LIMIT ?3)"
    );
    db.rows(&customers(&hit), &params, customer_row)
}

/// Returns the condition of a search, with its parameters from the number `first` on. SQLite's `instr` has no
/// wildcards: `%` and `_` match themselves.
fn matching(any_of: &[Vec<SearchKeys>], first: usize) -> String {
    let mut next = first;
    let mut term = |_: &SearchKeys| {
        let [name, initials, phone, card] = [next, next + 1, next + 2, next + 3];
        next += 4;
        format!(
            "((?{name} <> '' AND instr(name_key, ?{name})) OR (?{initials} <> '' AND instr(initials_key, ?{initials})) \
             OR (?{phone} <> '' AND instr(phone_key, ?{phone})) OR (?{card} <> '' AND card_key = ?{card}))"
        )
    };
    let mut all = |terms: &Vec<SearchKeys>| terms.iter().map(&mut term).collect::<Vec<_>>().join(" AND ");
    any_of.iter().map(&mut all).collect::<Vec<_>>().join(" OR ")
}
