//! Commands about customers: profiles (stored as documents), links and erasures (recorded as facts).

use chrono::{DateTime, Utc};
use nosmoke_domain::customer;
use nosmoke_domain::fact::Recorder;
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::point::Account;
use nosmoke_ports::contract::{
    AppError, ContextName, EraseCustomer, ErrorCode, LinkCustomers, Outcome, ProfileInput, RegisterCustomer,
    ReviseCustomer,
};
use nosmoke_ports::limits;
use nosmoke_ports::search_keys;
use nosmoke_ports::{Ids, Profile, Write};
use serde_json::json;

use super::decide::Decide;
use super::work::Work;
use crate::permission::Act;

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
    let customer_id = work.customer_id();
    let profile = Profile {
        customer_id,
        revision: 1,
        event_id: EventId(work.id()),
        base_revision: 0,
        name: Some(input.name.clone()),
        phone: given(input.phone.as_ref()),
        card: given(input.card.as_ref()),
        registered_at: work.now,
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
        name: None,
        phone: None,
        card: None,
        registered_at: work.now,
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
        let revision = current.revision + 1;
        let profile = Profile {
            revision,
            event_id: EventId(work.id()),
            base_revision,
            name: Some(input.name),
            phone: given(input.phone.as_ref()),
            card: given(input.card.as_ref()),
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
        let links = customer::link((customer_id, &a), (other_id, &b))
            .map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownCustomer))?;
        for (under, linked) in links {
            work.append(under, linked)?;
        }
        Ok(Outcome::Done)
    }
}

/// Erases the personal data at this terminal; the recorded fact makes every other terminal erase it too.
impl Decide for EraseCustomer {
    const CONTEXT: Option<ContextName> = None;

    fn act(&self) -> Act {
        Act::EraseCustomer
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        erase(work, self.customer_id)
    }
}

fn erase(work: &mut Work<'_>, customer_id: CustomerId) -> Result<Outcome, AppError> {
    let current = work.expect_customer(customer_id)?;
    let account: Account = work.state(customer_id)?;
    let erased = customer::erase(&account).map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownCustomer))?;
    work.append(customer_id, erased)?;
    let profile = Profile {
        revision: current.revision + 1,
        event_id: EventId(work.id()),
        base_revision: current.revision,
        name: None,
        phone: None,
        card: None,
        erased: true,
        ..current
    };
    put(work, &profile)?;
    work.tx.remove_notes(customer_id)?;
    Ok(Outcome::Done)
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
    recorder: Recorder,
    ids: &dyn Ids,
    profile: &ProfileInput,
) -> Result<Outcome, AppError> {
    register(&mut Work::begin(tx, now, recorder, ids)?, profile)
}

/// Revises a customer inside the transaction of an import.
///
/// # Errors
/// The same as of the command `reviseCustomer`; nothing of this customer is recorded then.
pub(crate) fn revise_within(
    tx: &mut dyn Write,
    now: DateTime<Utc>,
    recorder: Recorder,
    ids: &dyn Ids,
    update: ReviseCustomer,
) -> Result<Outcome, AppError> {
    update.decide(&mut Work::begin(tx, now, recorder, ids)?)
}

/// Erases a customer inside the transaction that takes an import back.
///
/// # Errors
/// The same as of the command `eraseCustomer`; nothing of this customer is recorded then.
pub(crate) fn erase_within(
    tx: &mut dyn Write,
    now: DateTime<Utc>,
    recorder: Recorder,
    ids: &dyn Ids,
    customer_id: CustomerId,
) -> Result<Outcome, AppError> {
    erase(&mut Work::begin(tx, now, recorder, ids)?, customer_id)
}
