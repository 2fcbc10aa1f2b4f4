//! Compares a list with the customers that are here.

use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::words::PenaltyCode;
use nosmoke_ports::contract::{AppError, DuplicateBy, DuplicateOf, ErrorCode, ImportChoices, LineAction, ProfileInput};
use nosmoke_ports::search_keys;
use nosmoke_ports::{Journal, Profile, Read, SearchKeys, StoreError, read};
use nosmoke_reading::{preferences, reference};
use serde_json::json;

use super::opening::missing;
use crate::csv::{CustomerFile, CustomerRow, Opening};

/// The number of customers that are read at a time.
const PAGE: usize = 1_000;

/// Decides about each row whose customer is here already: what is done with it, and `card_taken` as its problem if its card
/// is somebody else's.
///
/// # Errors
/// An error of the store.
pub async fn check_against(journal: &dyn Journal, mut file: CustomerFile) -> Result<CustomerFile, AppError> {
    let checked = read::<_, StoreError>(journal, move |tx| {
        keep_cards(&mut file.rows, preferences(tx)?.preferences.scanner.prefix.as_str());
        let here = Here::read(tx, &file.rows)?;
        let chosen: BTreeMap<u32, LineAction> =
            file.choices.lines.iter().flatten().map(|choice| (choice.line, choice.action)).collect();
        for row in file.rows.iter_mut().filter(|row| row.problem.is_none() && row.duplicate_of.is_none()) {
            let wanted = chosen.get(&row.line).copied();
            if wanted != Some(LineAction::Skip) {
                here.decide(row, &file.choices, wanted);
            }
        }
        file.card_digits_lost = file.card_digits_lost.or(here.card_digits);
        keep_missing(tx, &mut file.rows)?;
        file.penalty_code = penalty_code(tx, file.choices.penalty_code)?;
        Ok(file)
    })
    .await?;
    Ok(checked)
}

/// Leaves out of the rows that update somebody what that customer brought along before. Of two such rows for one customer
/// the first one counts.
fn keep_missing(tx: &mut dyn Read, rows: &mut [CustomerRow]) -> Result<(), StoreError> {
    let mut seen = BTreeSet::new();
    for row in rows.iter_mut().filter(|row| row.problem.is_none() && row.action == LineAction::Update) {
        let known = row.duplicate_of.as_ref().and_then(|of| of.customer_id);
        let Some(customer) = known.filter(|_| !row.opening.is_empty()) else { continue };
        let is_first = seen.insert(customer);
        let missing = if is_first { missing(tx, customer, row.opening)? } else { Opening::default() };
        row.has_opening = missing != row.opening;
        row.opening = missing;
    }
    Ok(())
}

/// The code of the opening penalties: the chosen one, or the first one of the rules.
fn penalty_code(tx: &mut dyn Read, chosen: Option<PenaltyCode>) -> Result<Option<PenaltyCode>, StoreError> {
    let rules = reference::rules(tx)?;
    let chosen = chosen.filter(|code| rules.points_of(*code).is_some());
    Ok(chosen.or_else(|| rules.codes_in_use().next().map(|rule| rule.code)))
}

/// Brings the cards to the form in which they are kept here.
fn keep_cards(rows: &mut [CustomerRow], prefix: &str) {
    for row in rows.iter_mut().filter(|row| row.problem.is_none()) {
        let card = row.profile.card.take().map(|card| search_keys::card_number(&card, prefix));
        row.profile.card = card.filter(|card| !card.is_empty());
    }
}

/// The customers here who share a card, a phone or a name with the list.
#[derive(Debug, Default)]
struct Here {
    by_card: BTreeMap<String, Known>,
    by_phone: BTreeMap<String, Vec<Known>>,
    /// Those without a phone.
    by_name: BTreeMap<String, Known>,
    /// The length of a card here that differs from one of the list only by zeros before it.
    card_digits: Option<u32>,
}

#[derive(Debug, Clone)]
struct Known {
    profile: Profile,
    name: String,
}

impl Here {
    fn read(tx: &mut dyn Read, rows: &[CustomerRow]) -> Result<Self, StoreError> {
        let keys: Vec<SearchKeys> =
            rows.iter().filter(|row| row.problem.is_none()).map(|row| keys_of(&row.profile)).collect();
        let all =
            |of: fn(&SearchKeys) -> &String| keys.iter().map(of).filter(|key| !key.is_empty()).collect::<BTreeSet<_>>();
        let (cards, phones, names) = (all(|it| &it.card), all(|it| &it.phone_digits), all(|it| &it.name));
        let mut here = Self::default();
        let mut after = None;
        loop {
            let page = tx.profiles_after(after, PAGE)?;
            let Some(last) = page.last() else { return Ok(here) };
            after = Some(last.customer_id);
            for profile in page {
                let SearchKeys { name, phone_digits, card, .. } =
                    search_keys::keys(profile.name.as_deref(), profile.phone.as_deref(), profile.card.as_deref());
                let known = || Known { profile: profile.clone(), name: name.clone() };
                if cards.contains(&card) {
                    here.by_card.insert(card.clone(), known());
                } else if is_digits(&card) && cards.contains(&card.trim_start_matches('0').to_owned()) {
                    here.card_digits = here.card_digits.max(u32::try_from(card.len()).ok());
                }
                if phones.contains(&phone_digits) {
                    here.by_phone.entry(phone_digits).or_default().push(known());
                } else if phone_digits.is_empty() && names.contains(&name) {
                    here.by_name.insert(name.clone(), known());
                }
            }
        }
    }

    fn decide(&self, row: &mut CustomerRow, choices: &ImportChoices, wanted: Option<LineAction>) {
        let keys = keys_of(&row.profile);
        let holder = self.by_card.get(&keys.card);
        let same = self.same_person(&keys, holder, choices.duplicates_by.unwrap_or_default());
        let action = match same {
            Some(_) => wanted.or(choices.duplicates).unwrap_or_default(),
            None => LineAction::Add,
        };
        row.action = action;
        row.duplicate_of = same.map(|known| DuplicateOf {
            customer_id: Some(known.profile.customer_id),
            line: None,
            name: known.profile.name.clone().unwrap_or_default(),
        });
        let is_own = |holder: &Known| {
            action == LineAction::Skip
                || action == LineAction::Update
                    && same.is_some_and(|same| same.profile.customer_id == holder.profile.customer_id)
        };
        if let Some(holder) = holder.filter(|holder| !is_own(holder)) {
            let params = json!({ "customerId": holder.profile.customer_id, "name": holder.profile.name });
            row.problem = Some(AppError::with(ErrorCode::CardTaken, params));
            row.action = LineAction::Skip;
        }
    }

    fn same_person<'a>(&'a self, keys: &SearchKeys, holder: Option<&'a Known>, by: DuplicateBy) -> Option<&'a Known> {
        let of_card = holder.filter(|holder| holder.name == keys.name);
        let is_same = |known: &&Known| by == DuplicateBy::Phone || known.name == keys.name;
        let of_phone = || self.by_phone.get(&keys.phone_digits).and_then(|all| all.iter().find(is_same));
        // With neither phone nor card, the name is all that there is to compare.
        let has_only_name = keys.phone_digits.is_empty() && keys.card.is_empty();
        let of_name = || self.by_name.get(&keys.name).filter(|_| has_only_name);
        of_card.or_else(of_phone).or_else(of_name)
    }
}

fn keys_of(profile: &ProfileInput) -> SearchKeys {
    search_keys::keys(Some(&profile.name), profile.phone.as_deref(), profile.card.as_deref())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
