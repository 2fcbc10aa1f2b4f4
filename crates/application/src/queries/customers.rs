//! Queries about customers: searching, and the overview of one customer (the card).

use std::time::Duration;

use chrono::Datelike;
use nosmoke_domain::days::{seoul_date, seoul_midnight};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::penalty::education_of;
use nosmoke_domain::point::{Account, Notice, notices};
use nosmoke_domain::points::Points;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::rules::Rules;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{
    AppError, CustomerCard, CustomerHit, CustomerNotice, CustomerPage, CustomerSearch, ErrorCode, Inside, LastVisit,
    OpenPenalty, PointsView,
};
use nosmoke_ports::search_keys;
use nosmoke_ports::{CustomerRow, PenaltyRow, Read, SearchCursor, SearchQuery, StoreError, Worker, read};
use nosmoke_reading::names::{Names, customer_name};
use nosmoke_reading::preferences;
use nosmoke_reading::reference;
use nosmoke_reading::same_person::linked;
use nosmoke_reading::state::load;
use nosmoke_runtime::heard::HeardIncarnations;
use nosmoke_runtime::present::Present;

use super::Queries;
use super::paging::{limit_of, not_a_cursor};
use super::verdict::verdict;
use crate::gifts::handed_on;

/// Upper bound for the results of one search.
const HITS_MAX: u32 = 200;
/// Upper bound for the customers whose cards differ from a searched one by leading zeros.
const SIMILAR_MAX: usize = 5;
/// How long the card of a customer waits for the number of visits from Mypage's read model.
const VISITS_COUNT_TIMEOUT: Duration = Duration::from_millis(300);
/// The prefix of this list's cursors. Other lists have other prefixes, so that a cursor passed to the wrong list is
/// refused.
const CURSOR: &str = "customers.";

impl Queries {
    /// Finds customers by name, initial consonants (초성), phone digits or card, or by several of these.
    ///
    /// # Errors
    /// `invalid_input` for a cursor of another list, or an error of the store.
    pub async fn search(&self, input: CustomerSearch) -> Result<CustomerPage, AppError> {
        self.core.feed.caught_up(&[Worker::CheckIn, Worker::Point]).await;
        let now = self.core.present.read();
        let after = input.cursor.as_deref().map(parse_cursor).transpose()?;
        let limit = limit_of(input.limit, HITS_MAX);
        read(&*self.core.journal, move |tx| {
            let rules = reference::rules(tx)?;
            let hits = |rows: Vec<CustomerRow>| rows.into_iter().map(|row| hit(row, &rules, now)).collect();
            let scanner = preferences(tx)?.preferences.scanner;
            let cards = search_keys::stored_forms(&input.text, scanner.prefix.as_str());
            if let Some(holder) = holder(tx, &cards)? {
                let rows = with_phones(tx, holder, &input.text, limit)?;
                return Ok(CustomerPage { hits: hits(rows), by_card: true, similar: Vec::new(), next: None });
            }
            let similar = match after {
                None => {
                    let card = cards.first().map(String::as_str).unwrap_or_default();
                    tx.customers_by_cards(&search_keys::zero_variants(card), SIMILAR_MAX)?
                }
                Some(_) => Vec::new(),
            };
            let mut query = search_keys::query(&input.text);
            (query.after, query.limit) = (after, limit + 1);
            let mut rows = tx.search(&query)?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(write_cursor);
            Ok(CustomerPage { hits: hits(rows), by_card: false, similar: hits(similar), next })
        })
        .await
    }

    /// Checks that this terminal has a profile of the customer.
    ///
    /// # Errors
    /// `unknown_customer`, or an error of the store.
    pub async fn customer_known(&self, customer: CustomerId) -> Result<(), AppError> {
        let known = read::<_, StoreError>(&*self.core.journal, move |tx| tx.profile(customer)).await?;
        known.map(|_| ()).ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))
    }

    /// Returns the overview of one customer that the desk and Mypage show.
    ///
    /// # Errors
    /// `unknown_customer`, or an error of the store.
    pub async fn customer_card(&self, customer: CustomerId) -> Result<CustomerCard, AppError> {
        self.core.feed.caught_up(&[Worker::CheckIn, Worker::Point, Worker::Penalty]).await;
        let now = self.core.present.read();
        let month = seoul_date(now.moment).with_day(1).map_or(now.moment, seoul_midnight);
        let heard = self.core.heard.clone();
        let mut card = read(&*self.core.journal, move |tx| card(tx, customer, &heard, now)).await?;
        // The desk must work without Mypage's read model, so it doesn't wait for a database server that is unreachable.
        if !self.core.feed.is_failing(Worker::Mypage) {
            let visits = async {
                self.core.feed.caught_up(&[Worker::Mypage]).await;
                self.mypage.visits_since(customer, month).await
            };
            let visits = tokio::time::timeout(VISITS_COUNT_TIMEOUT, visits).await;
            card.visits_this_month = visits.ok().and_then(Result::ok);
        }
        Ok(card)
    }
}

/// Returns the customer with the first of these cards that somebody has.
pub(super) fn holder(tx: &mut dyn Read, cards: &[String]) -> Result<Option<CustomerRow>, StoreError> {
    for card in cards {
        if let Some(profile) = tx.profile_by_card(card)? {
            return Ok(tx.customers(&[profile.customer_id])?.pop());
        }
    }
    Ok(None)
}

/// Returns a card's holder, followed by the customers whose phone number ends with the same digits: the text may be such
/// an ending.
fn with_phones(
    tx: &mut dyn Read,
    holder: CustomerRow,
    text: &str,
    limit: usize,
) -> Result<Vec<CustomerRow>, StoreError> {
    let id = holder.profile.customer_id;
    let mut rows = vec![holder];
    if let Some(phone_ending) = search_keys::phone_ending(text) {
        let query = SearchQuery { phone_ending, limit, ..SearchQuery::default() };
        rows.extend(tx.search(&query)?.into_iter().filter(|row| row.profile.customer_id != id));
        rows.truncate(limit);
    }
    Ok(rows)
}

pub(super) fn hit(row: CustomerRow, rules: &Rules, now: Present) -> CustomerHit {
    let CustomerRow { profile, standing, inside, last_visit } = row;
    let copy = standing.map(|copy| copy.at(now.moment));
    CustomerHit {
        customer: customer_name(profile.customer_id, Some(&profile)),
        phone: profile.phone,
        card: profile.card,
        standing: copy.as_ref().map_or(Standing::Allowed, |copy| copy.standing),
        outstanding: copy.map_or(0, |copy| to_i64(copy.outstanding.0)),
        inside: inside.map(|(visit_id, area_id, since)| Inside {
            visit_id,
            area_id,
            since: since.timestamp_millis(),
            forgotten: rules.forgotten(since, now.clock),
        }),
        last_visit_at: last_visit.map(|(at, _)| at.timestamp_millis()),
        registered_at: profile.registered_at.timestamp_millis(),
    }
}

fn card(
    tx: &mut dyn Read,
    customer: CustomerId,
    heard: &HeardIncarnations,
    present: Present,
) -> Result<CustomerCard, AppError> {
    let now = present.moment;
    let unknown = || AppError::new(ErrorCode::UnknownCustomer);
    let row = tx.customers(&[customer])?.into_iter().next().ok_or_else(unknown)?;
    let rules = reference::rules(tx)?;
    let here = tx.origin()?.map(|origin| origin.incarnation);
    let account = match here {
        Some(here) => handed_on(tx, here, customer, now)?,
        None => load::<Account>(tx, customer)?.state,
    };
    let held = here.map_or(0, |here| account.summary(here, now).payable_here());
    let elsewhere = account.holdings.holders(seoul_date(now)).filter(|(holder, _)| Some(*holder) != here);
    let points = PointsView {
        balance: to_i64(account.balance(now)),
        payable_here: to_i64(held),
        holders: Names::read(tx)?.hearing(heard.newest(tx.heard()?)).holders(elsewhere),
    };
    let needs_update = account.not_understood > 0;
    // The list may be behind the account, but only the account tells what has lapsed.
    let lapsed = |row: &PenaltyRow| {
        let penalty = account.penalties.get(&row.penalty_id);
        penalty.is_some_and(|it| it.undeducted() > 0 && it.outstanding(&account.penalty_days, now) == 0)
    };
    let open = tx.open_penalties(customer)?.into_iter().filter(|row| !lapsed(row));
    let penalties = open.map(open_penalty).collect();
    let linked = linked(tx, customer, account)?;
    let verdict = verdict(tx, customer, &linked, &rules, now)?;
    let accounts: Vec<&Account> = linked.values().collect();
    let notices = linked.get(&customer).map_or_else(Vec::new, |account| notices(account, &accounts, &rules, now));
    let (profile, last_visit) = (row.profile.clone(), row.last_visit);
    Ok(CustomerCard {
        inside: hit(row, &rules, present).inside,
        customer: customer_name(customer, Some(&profile)),
        phone: profile.phone,
        card: profile.card,
        registered_at: profile.registered_at.timestamp_millis(),
        consent_on: profile.consent_on.map(|day| day.to_string()),
        revision: profile.revision,
        erased: profile.erased,
        verdict,
        points,
        visits_this_month: None,
        last_visit: last_visit.map(|(at, area_id)| LastVisit { at: at.timestamp_millis(), area_id }),
        penalties,
        notices: notices.into_iter().map(notice).collect(),
        needs_update,
    })
}

fn notice(notice: Notice) -> CustomerNotice {
    match notice {
        Notice::BanEnds { on } => CustomerNotice::BanEnds { on: on.to_string() },
        Notice::PointsExpire { last_day, days_left, before_days, points } => CustomerNotice::PointsExpire {
            last_day: last_day.to_string(),
            days_left,
            before_days,
            points: to_i64(points),
        },
    }
}

fn open_penalty(row: PenaltyRow) -> OpenPenalty {
    let education = Points::new(row.points).ok().and_then(|imposed| education_of(imposed, row.outstanding.into()));
    OpenPenalty {
        penalty_id: row.penalty_id,
        at: row.imposed_at.timestamp_millis(),
        code: Some(row.code),
        points: row.points,
        outstanding: row.outstanding,
        education_points: education.filter(|_| !row.educated).map(Points::get),
        area_id: row.area_id,
    }
}

fn write_cursor(row: &CustomerRow) -> String {
    let SearchCursor { seen_at_ms, customer_id } = row.cursor();
    format!("{CURSOR}{seen_at_ms}.{customer_id}")
}

fn parse_cursor(text: &str) -> Result<SearchCursor, AppError> {
    let parsed = text
        .strip_prefix(CURSOR)
        .and_then(|place| place.split_once('.'))
        .and_then(|(at, id)| Some(SearchCursor { seen_at_ms: at.parse().ok()?, customer_id: id.parse().ok()? }));
    parsed.ok_or_else(not_a_cursor)
}
