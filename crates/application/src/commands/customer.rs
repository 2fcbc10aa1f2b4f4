//! Commands about customers: profiles (stored as documents), links and erasures (recorded as facts).

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::customer;
use nosmoke_domain::days::seoul_date;
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::point::Account;
use nosmoke_ports::contract::{
    AccessAct, AppError, ContextName, EraseCustomer, ErrorCode, LinkCustomers, Outcome, PartCustomers, ProfileInput,
    RegisterCustomer, ReviseCustomer,
};
use nosmoke_ports::limits;
use nosmoke_ports::search_keys;
use nosmoke_ports::{Access, AccessBy, Ids, Priority, Profile, StoreError, Write, next_bases, next_revision, write};
use nosmoke_reading::preferences;
use nosmoke_reading::same_person::linked;
use nosmoke_runtime::present::Present;
use serde_json::json;

use super::CommandBus;
use super::decide::Decide;
use super::work::Work;
use crate::permission::{Act, Authority};

impl Decide for RegisterCustomer {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::RegisterCustomer
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        register(work, &self.profile)
    }
}

fn register(work: &mut Work<'_>, input: &ProfileInput) -> Result<Outcome, AppError> {
    limits::check_profile(input)?;
    let card = kept_card(work.tx, input.card.as_ref())?;
    let consent_on = consent(input.consent_on.as_deref(), None, work.now)?;
    let customer_id = work.customer_id();
    let profile = Profile {
        customer_id,
        revision: 1,
        event_id: EventId(work.id()),
        base_revision: 0,
        bases: Vec::new(),
        name: Some(input.name.clone()),
        phone: given(input.phone.as_ref()),
        card,
        registered_at: work.now,
        consent_on,
        erased: false,
    };
    put(work, &profile)?;
    Ok(Outcome::CustomerSaved { customer_id, revision: 1 })
}

/// Registers a walk-in customer without a name, who can be named later.
pub(super) fn walk_in(work: &mut Work<'_>) -> Result<CustomerId, AppError> {
    let customer_id = work.customer_id();
    let profile = Profile {
        customer_id,
        revision: 1,
        event_id: EventId(work.id()),
        base_revision: 0,
        bases: Vec::new(),
        name: None,
        phone: None,
        card: None,
        registered_at: work.now,
        consent_on: None,
        erased: false,
    };
    put(work, &profile)?;
    Ok(customer_id)
}

impl Decide for ReviseCustomer {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::ReviseCustomer
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { customer_id, base_revision, profile: input } = self;
        limits::check_profile(&input)?;
        let current = work.expect_customer(customer_id)?;
        if current.erased {
            return Err(AppError::new(ErrorCode::CustomerErased));
        }
        if current.revision != base_revision {
            return Err(AppError::with(ErrorCode::RevisedMeanwhile, json!({ "revision": current.revision })));
        }
        let revision = next_revision(current.revision)?;
        // An unchanged card may have been registered before the scanner's prefix was set.
        let is_unchanged = input.card == current.card;
        let card = if is_unchanged { current.card.clone() } else { kept_card(work.tx, input.card.as_ref())? };
        let profile = Profile {
            revision,
            event_id: EventId(work.id()),
            base_revision,
            bases: next_bases(current.event_id, &current.bases),
            name: Some(input.name),
            phone: given(input.phone.as_ref()),
            card,
            consent_on: consent(input.consent_on.as_deref(), current.consent_on, work.now)?,
            ..current
        };
        put(work, &profile)?;
        Ok(Outcome::CustomerSaved { customer_id, revision })
    }
}

impl Decide for LinkCustomers {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::LinkCustomers
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { customer_id, other_id } = self;
        work.expect_customer(customer_id)?;
        work.expect_customer(other_id)?;
        let (a, b): (Account, Account) = (work.state(customer_id)?, work.state(other_id)?);
        let links = customer::link((customer_id, &a), (other_id, &b), work.id())
            .map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownCustomer))?;
        for (under, linked) in links {
            work.append(under, linked)?;
        }
        Ok(Outcome::Done)
    }
}

impl Decide for PartCustomers {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::LinkCustomers
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { customer_id, other_id } = self;
        let (a, b): (Account, Account) = (work.state(customer_id)?, work.state(other_id)?);
        let parted = customer::part((customer_id, &a), (other_id, &b))
            .map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownCustomer))?;
        for parted in parted {
            work.append(customer_id, parted.clone())?;
            work.append(other_id, parted)?;
        }
        Ok(Outcome::Done)
    }
}

/// Erases the personal data at this terminal, of all ids of the person; the recorded facts make every other terminal erase
/// it too.
impl Decide for EraseCustomer {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::EraseCustomer
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        erase(work, self.customer_id)
    }
}

/// Erases a customer and all ids linked with it.
fn erase(work: &mut Work<'_>, customer_id: CustomerId) -> Result<Outcome, AppError> {
    let account: Account = work.state(customer_id)?;
    erase_one(work, customer_id, &account)?;
    for (other, account) in linked(work.tx, customer_id, account)? {
        // Of an id that only a link names, nothing is known here.
        let is_known = other != customer_id && work.tx.profile(other)?.is_some();
        if is_known && !account.erased {
            erase_one(work, other, &account)?;
        }
    }
    Ok(Outcome::Done)
}

fn erase_one(work: &mut Work<'_>, customer_id: CustomerId, account: &Account) -> Result<(), AppError> {
    let current = work.expect_customer(customer_id)?;
    let erased = customer::erase(account).map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownCustomer))?;
    work.append(customer_id, erased)?;
    let profile = Profile {
        revision: next_revision(current.revision)?,
        event_id: EventId(work.id()),
        base_revision: current.revision,
        bases: next_bases(current.event_id, &current.bases),
        name: None,
        phone: None,
        card: None,
        consent_on: None,
        erased: true,
        ..current
    };
    put(work, &profile)?;
    Ok(work.tx.remove_notes_and_quarantined(customer_id)?)
}

impl CommandBus {
    /// Erases customers again whom a backup from before their erasure has brought back.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn erase_again(&self, customers: Vec<CustomerId>) -> Result<(), AppError> {
        for customer in customers {
            let (clock, ids) = (self.core.clock.clone(), self.core.ids.clone());
            let unit = move |tx: &mut dyn Write| {
                // Erased already together with another id of the same person.
                if tx.profile(customer)?.is_none_or(|profile| profile.erased) {
                    return Ok(false);
                }
                erase_within(tx, clock.now(), Authority::PROGRAM, &*ids, customer).map(|_| true)
            };
            let (is_erased, written) = write::<_, AppError>(&*self.core.journal, Priority::Command, unit).await?;
            self.core.feed.wrote(written.map_or(0, |written| written.last_change));
            if is_erased {
                self.core.access.note(Access::done(AccessBy::Program, AccessAct::Erased).of(Some(customer)));
            }
        }
        Ok(())
    }
}

fn put(work: &mut Work<'_>, profile: &Profile) -> Result<(), AppError> {
    if let Some(card) = &profile.card
        && let Some(holder) =
            work.tx.profile_by_card(&search_keys::card_form(card))?.filter(|it| it.customer_id != profile.customer_id)
    {
        return Err(AppError::with(
            ErrorCode::CardTaken,
            json!({ "customerId": holder.customer_id, "name": holder.name }),
        ));
    }
    let keys = search_keys::keys(profile.name.as_deref(), profile.phone.as_deref(), profile.card.as_deref());
    work.has_put = true;
    Ok(work.tx.put_profile(profile, &keys)?)
}

/// Returns a card's number in the form in which it is kept.
///
/// # Errors
/// An error of the store.
pub(crate) fn kept_card(tx: &mut dyn Write, card: Option<&String>) -> Result<Option<String>, StoreError> {
    let Some(card) = given(card) else { return Ok(None) };
    let scanner = preferences(tx)?.preferences.scanner;
    Ok(given(Some(&search_keys::card_number(&card, scanner.prefix.as_str()))))
}

/// Returns the day of a consent: nothing given keeps it, an empty text takes it back.
///
/// # Errors
/// `invalid_input` if it isn't a day; `out_of_range` if it is before 1970 or hasn't come yet.
fn consent(given: Option<&str>, kept: Option<NaiveDate>, now: DateTime<Utc>) -> Result<Option<NaiveDate>, AppError> {
    let Some(text) = given else { return Ok(kept) };
    if text.is_empty() {
        return Ok(None);
    }
    let day: NaiveDate = text.parse().map_err(|_| {
        AppError::with(ErrorCode::InvalidInput, json!({ "detail": "consentOn isn't a date (YYYY-MM-DD)" }))
    })?;
    let (first, last) = (NaiveDate::default(), seoul_date(now));
    if Some(day) != kept && !(first..=last).contains(&day) {
        let params = json!({ "field": "consentOn", "min": first.to_string(), "max": last.to_string() });
        return Err(AppError::with(ErrorCode::OutOfRange, params));
    }
    Ok(Some(day))
}

/// Converts an empty text to `None`.
fn given(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.is_empty()).cloned()
}

/// Registers a customer inside the transaction of an import.
///
/// # Errors
/// The same as of the command `registerCustomer`; nothing of this customer is recorded then.
pub(crate) fn register_within(
    tx: &mut dyn Write,
    now: DateTime<Utc>,
    authority: Authority,
    ids: &dyn Ids,
    profile: &ProfileInput,
) -> Result<Outcome, AppError> {
    register(&mut Work::begin(tx, Present::uncorrected(now), authority, ids)?, profile)
}

/// Revises a customer inside the transaction of an import.
///
/// # Errors
/// The same as of the command `reviseCustomer`; nothing of this customer is recorded then.
pub(crate) fn revise_within(
    tx: &mut dyn Write,
    now: DateTime<Utc>,
    authority: Authority,
    ids: &dyn Ids,
    update: ReviseCustomer,
) -> Result<Outcome, AppError> {
    update.decide(&mut Work::begin(tx, Present::uncorrected(now), authority, ids)?)
}

/// Erases a customer inside the transaction that takes an import back.
///
/// # Errors
/// The same as of the command `eraseCustomer`; nothing of this customer is recorded then.
pub(crate) fn erase_within(
    tx: &mut dyn Write,
    now: DateTime<Utc>,
    authority: Authority,
    ids: &dyn Ids,
    customer_id: CustomerId,
) -> Result<Outcome, AppError> {
    erase(&mut Work::begin(tx, Present::uncorrected(now), authority, ids)?, customer_id)
}
