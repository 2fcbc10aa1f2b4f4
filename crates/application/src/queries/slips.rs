//! Queries for paper: what a slip says, and which entries have one.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Fact, Payload};
use nosmoke_domain::ids::{CustomerId, NoteId, PaymentId, PenaltyId, RecorderId};
use nosmoke_domain::pay::Payment;
use nosmoke_domain::penalty::Penalty;
use nosmoke_domain::point::{Account, Notice, lifted_on, notices};
use nosmoke_domain::words::{PaymentStatus, PenaltyCode, Standing};
use nosmoke_ports::contract::{
    AppError, EntryState, ErrorCode, Language, Moment, MomentView, RecentEntry, SlipEntriesInput, SlipEntriesPage,
    SlipInput,
};
use nosmoke_ports::slips::{
    Balance, Card, Heading, PenaltyNotice, Receipt, SlipContent, StandingThen, TestPrint, Whose,
};
use nosmoke_ports::{Change, Profile, Read, SlipQuery, StoreError, read};
use nosmoke_reading::moment::{account_at, facts_at};
use nosmoke_reading::names::{Names, customer_name, masked, rows_by_id, tag_of};
use nosmoke_reading::preferences;
use nosmoke_reading::reference;
use nosmoke_reading::same_person::{linked_at, worst};
use nosmoke_reading::state::recorded;
use uuid::Uuid;

use super::Queries;
use super::desk::shown;
use super::paging::{PAGE_MAX, limit_of, not_a_cursor};

/// The prefix of this list's cursors.
const CURSOR: &str = "slips.";

impl Queries {
    /// Returns what a slip says, and of whom. Names are masked, except on a customer's own card. The slip of a payment or penalty
    /// says that it is a reprint if one was on paper at this terminal before; any slip does if `partly` one is.
    ///
    /// # Errors
    /// `unknown_payment`, `unknown_penalty`, `unknown_customer`, `customer_erased`, `no_card`, or an error of the store.
    pub async fn slip(&self, input: SlipInput, partly: bool) -> Result<(SlipContent, Option<CustomerId>), AppError> {
        let now = self.core.present.moment();
        read(&*self.core.journal, move |tx| {
            let language = preferences(tx)?.preferences.language;
            let facility = reference::facility(tx)?.map(|facility| facility.name).unwrap_or_default();
            let printed_at = input.entry().map(|entry| tx.first_printed_at(entry)).transpose()?.flatten();
            let page = Page { language, facility, now, reprint: partly || printed_at.is_some() };
            match input {
                SlipInput::Receipt { payment_id } => page.receipt(tx, payment_id),
                SlipInput::Penalty { penalty_id } => page.penalty(tx, penalty_id),
                SlipInput::Card { customer_id } => page.card(tx, customer_id),
                SlipInput::Balance { customer_id } => page.balance(tx, customer_id),
                SlipInput::Test => Ok((SlipContent::Test(TestPrint { language, at: now }), None)),
            }
        })
        .await
    }

    /// Returns a page of the entries that have a slip, of all terminals or of one customer: payments and penalties, newest
    /// first by when they happened.
    ///
    /// # Errors
    /// `invalid_input` for a cursor of another list, or an error of the store.
    pub async fn slip_entries(&self, input: SlipEntriesInput) -> Result<SlipEntriesPage, AppError> {
        let before = input.cursor.as_deref().map(parse_cursor).transpose()?;
        let query = SlipQuery { customer: input.customer_id, before, limit: limit_of(input.limit, PAGE_MAX) };
        Ok(read::<_, StoreError>(&*self.core.journal, move |tx| page(tx, query)).await?)
    }
}

/// What all slips of one request share.
struct Page {
    language: Language,
    facility: String,
    now: DateTime<Utc>,
    reprint: bool,
}

type Printed = Result<(SlipContent, Option<CustomerId>), AppError>;

impl Page {
    fn receipt(self, tx: &mut dyn Read, payment_id: PaymentId) -> Printed {
        let facts = tx.facts_about(&[payment_id.0].into())?;
        let payment = Payment::of(recorded(&facts));
        let voided = payment.status() == PaymentStatus::Voided;
        let unknown = || AppError::new(ErrorCode::UnknownPayment);
        let made = payment.made.ok_or_else(unknown)?;
        let by = facts.iter().find(|change| change.recorded.key() == made.key).ok_or_else(unknown)?;
        let customer = by.recorded.fact.customer_id;
        let Person { balance, notices, .. } = person(tx, customer, made.key.occurred_at)?;
        let content = Receipt {
            heading: self.heading(tx, customer, made.key.occurred_at, Some(made.recorder_id))?,
            number: number(payment_id.0),
            points: made.points,
            balance,
            note: note(tx, made.note_id)?,
            voided,
            notices,
        };
        Ok((SlipContent::Receipt(content), Some(customer)))
    }

    fn penalty(self, tx: &mut dyn Read, penalty_id: PenaltyId) -> Printed {
        let facts = tx.facts_about(&[penalty_id.0].into())?;
        let penalty = Penalty::of(recorded(&facts));
        let unknown = || AppError::new(ErrorCode::UnknownPenalty);
        let imposed = penalty.imposed.as_ref().ok_or_else(unknown)?;
        let by = facts.iter().find(|change| change.recorded.key() == imposed.key).ok_or_else(unknown)?;
        let customer = by.recorded.fact.customer_id;
        let area = imposed.area_id.map(|id| reference::area(tx, id)).transpose()?.flatten();
        let content = PenaltyNotice {
            number: number(penalty_id.0),
            code: imposed.code,
            code_name: code_name(tx, imposed.code, self.language)?,
            place: area.map(|area| area.name),
            points: imposed.points,
            then: person(tx, customer, imposed.key.occurred_at)?.standing,
            note: note(tx, imposed.note_id)?,
            voided: penalty.voided.is_some(),
            heading: self.heading(tx, customer, imposed.key.occurred_at, Some(imposed.recorder_id))?,
        };
        Ok((SlipContent::Penalty(content), Some(customer)))
    }

    /// The card is the customer's own, who is shown with the whole name.
    fn card(self, tx: &mut dyn Read, customer: CustomerId) -> Printed {
        let profile = existing(tx, customer)?;
        let number = profile.card.ok_or_else(|| AppError::new(ErrorCode::NoCard))?;
        let whose = profile.name.map_or_else(|| walk_in(customer), Whose::Named);
        let Self { language, facility, .. } = self;
        Ok((SlipContent::Card(Card { language, facility, customer: whose, number }), Some(customer)))
    }

    fn balance(self, tx: &mut dyn Read, customer: CustomerId) -> Printed {
        let Person { balance, standing, notices } = person(tx, customer, self.now)?;
        let heading = self.heading(tx, customer, self.now, None)?;
        Ok((SlipContent::Balance(Balance { heading, balance, then: standing, notices }), Some(customer)))
    }

    fn heading(
        &self,
        tx: &mut dyn Read,
        customer: CustomerId,
        at: DateTime<Utc>,
        by: Option<RecorderId>,
    ) -> Result<Heading, AppError> {
        let profile = existing(tx, customer)?;
        let whose = profile.name.map_or_else(|| walk_in(customer), |name| Whose::Named(masked(&name)));
        let staff = match by {
            Some(by) => Names::read(tx)?.recorder(by),
            None => None,
        };
        let (language, facility, reprint) = (self.language, self.facility.clone(), self.reprint);
        Ok(Heading { language, facility, at, customer: whose, staff, reprint })
    }
}

/// A customer's figures at a moment.
struct Person {
    balance: i128,
    standing: StandingThen,
    notices: Vec<Notice>,
}

/// Reads a customer's figures as they were at a moment (to the millisecond), so that a slip printed again later doesn't show
/// today's. Facts of that time that arrive later count.
fn person(tx: &mut dyn Read, customer: CustomerId, at: DateTime<Utc>) -> Result<Person, StoreError> {
    let rules = reference::rules(tx)?;
    let moment = Moment { at: at.timestamp_millis(), view: MomentView::AsItWas };
    let facts = facts_at(tx, customer, moment)?;
    let account = account_at(tx, &facts)?;
    let linked = linked_at(tx, customer, account, moment)?;
    let accounts: Vec<&Account> = linked.values().collect();
    let rank = worst(&linked, &rules, at).map(|(_, account)| account.rank(&rules, at));
    let (standing, penalty_points) = rank.unwrap_or((Standing::Allowed, 0));
    let own = linked.get(&customer);
    Ok(Person {
        balance: own.map_or(0, |account| account.balance(at)),
        standing: StandingThen { penalty_points, standing, lifted_on: lifted_on(&accounts, &rules, at) },
        notices: own.map_or_else(Vec::new, |account| notices(account, &accounts, &rules, at)),
    })
}

/// Returns a customer's details, unless they were erased.
fn existing(tx: &mut dyn Read, customer: CustomerId) -> Result<Profile, AppError> {
    let profile = tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
    if profile.erased { Err(AppError::new(ErrorCode::CustomerErased)) } else { Ok(profile) }
}

fn walk_in(customer: CustomerId) -> Whose {
    Whose::WalkIn { tag: tag_of(customer.0) }
}

/// The last eight digits of an id: the first ones are its time.
fn number(id: Uuid) -> String {
    let digits = id.simple().to_string().to_uppercase();
    format!("{}-{}", digits.get(24..28).unwrap_or_default(), digits.get(28..).unwrap_or_default())
}

fn note(tx: &mut dyn Read, id: Option<NoteId>) -> Result<Option<String>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    Ok(tx.notes(&[id])?.pop().map(|note| note.text).filter(|text| !text.trim().is_empty()))
}

fn code_name(tx: &mut dyn Read, code: PenaltyCode, language: Language) -> Result<Option<String>, StoreError> {
    let rules = reference::rules(tx)?;
    let labels = rules.codes.into_iter().find(|rule| rule.code == code).and_then(|rule| rule.labels);
    Ok(labels.map(|labels| match language {
        Language::Ko => labels.ko,
        Language::En => labels.en,
    }))
}

/// Whether the fact is the one that counts for its payment or penalty: another fact may claim the same id. Its slip would be that
/// of somebody else.
fn counts(tx: &mut dyn Read, change: &Change) -> Result<bool, StoreError> {
    let fact = &change.recorded.fact;
    let key = match &fact.payload {
        Payload::Paid(paid) => {
            let facts = tx.facts_about(&[paid.payment_id().0].into())?;
            Payment::of(recorded(&facts)).made.map(|made| made.key)
        }
        Payload::PenaltyImposed(imposed) => {
            let facts = tx.facts_about(&[imposed.penalty_id().0].into())?;
            Penalty::of(recorded(&facts)).imposed.map(|imposed| imposed.key)
        }
        _ => None,
    };
    Ok(key == Some(change.recorded.key()))
}

fn page(tx: &mut dyn Read, query: SlipQuery) -> Result<SlipEntriesPage, StoreError> {
    let mut changes = tx.facts_with_slips(&SlipQuery { limit: query.limit + 1, ..query })?;
    let more = changes.len() > query.limit;
    changes.truncate(query.limit);
    let next = changes.last().filter(|_| more).map(|last| write_cursor(&last.recorded.fact, last.change_seq));
    let names = Names::read(tx)?;
    let people = rows_by_id(tx, changes.iter().map(|change| change.recorded.fact.customer_id))?;
    let mut entries = Vec::with_capacity(changes.len());
    for change in &changes {
        if !counts(tx, change)? {
            continue;
        }
        let fact = &change.recorded.fact;
        let profile = people.get(&fact.customer_id).map(|row| &row.profile);
        entries.push(RecentEntry {
            event_id: fact.event_id,
            at: fact.occurred_at.timestamp_millis(),
            customer: customer_name(fact.customer_id, profile),
            by: names.recorder(fact.recorded_by.id()),
            state: EntryState::Saved,
            ..shown(tx, fact)?
        });
    }
    Ok(SlipEntriesPage { entries, next })
}

fn write_cursor(last: &Fact, change_seq: i64) -> String {
    format!("{CURSOR}{}.{change_seq}", last.occurred_at.timestamp_millis())
}

fn parse_cursor(text: &str) -> Result<(i64, i64), AppError> {
    let parse = |text: &str| {
        let (at, change_seq) = text.strip_prefix(CURSOR)?.split_once('.')?;
        Some((at.parse().ok()?, change_seq.parse().ok()?))
    };
    parse(text).ok_or_else(not_a_cursor)
}
