//! What an erasure would erase and what stays, whom the facility hasn't seen for years, and how long it keeps data.

use chrono::{DateTime, Months, Utc};
use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{
    AppError, ErasedId, ErasureInput, ErasurePreview, ErrorCode, Keeping, Stays, StaysLine, StaysWhy, UnseenInput,
    UnseenPage,
};
use nosmoke_ports::{Read, SearchCursor, StoreError, Worker, read};
use nosmoke_reading::names::{customer_name, rows_by_id};
use nosmoke_reading::reference;
use nosmoke_reading::same_person::{linked, worst};
use nosmoke_reading::state::load;

use super::Queries;
use super::customers::hit;
use super::paging::{PAGE_MAX, limit_of, not_a_cursor};

/// The prefix of the cursors of the list of customers not seen.
const CURSOR: &str = "unseen.";

impl Queries {
    /// Returns what the erasure of a customer would erase, with all linked ids, and what stays.
    ///
    /// # Errors
    /// `unknown_customer`, `customer_erased`, or an error of the store.
    pub async fn erasure_preview(&self, input: ErasureInput) -> Result<ErasurePreview, AppError> {
        self.core.feed.caught_up(&[Worker::CheckIn, Worker::Point]).await;
        let customer = input.customer_id;
        let now = self.core.present.moment();
        let mut preview = read(&*self.core.journal, move |tx| preview(tx, customer, now)).await?;
        let ids = preview.ids.iter().map(|id| id.customer.customer_id).collect();
        // Without its file, the access log has nothing to say.
        let count = self.core.access.log().count_about(ids).await.unwrap_or_default();
        if count > 0 {
            preview.stays.push(StaysLine { what: Stays::AccessRows, count, why: StaysWhy::Accountability });
        }
        Ok(preview)
    }

    /// Returns the registered customers whom the facility hasn't seen for the years of its setting, the longest unseen
    /// first.
    ///
    /// # Errors
    /// `invalid_input` for a cursor of another list, or an error of the store.
    pub async fn unseen_customers(&self, input: UnseenInput) -> Result<UnseenPage, AppError> {
        self.core.feed.caught_up(&[Worker::CheckIn, Worker::Point]).await;
        let after = input.cursor.as_deref().map(parse_cursor).transpose()?;
        let (limit, now) = (limit_of(input.limit, PAGE_MAX), self.core.present.read());
        read(&*self.core.journal, move |tx| {
            let unseen_years = reference::keeping(tx)?.unseen_years;
            let Some(cutoff) = unseen_years.and_then(|years| years_before(now.moment, years)) else {
                return Ok(UnseenPage { customers: Vec::new(), next: None, unseen_years });
            };
            let mut rows = tx.unseen_since(cutoff, after, limit + 1)?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().filter(|_| more).map(|row| {
                let SearchCursor { seen_at_ms, customer_id } = row.cursor();
                format!("{CURSOR}{seen_at_ms}.{customer_id}")
            });
            let rules = reference::rules(tx)?;
            let customers = rows.into_iter().map(|row| hit(row, &rules, now)).collect();
            Ok(UnseenPage { customers, next, unseen_years })
        })
        .await
    }

    /// Returns how long the facility keeps personal data, and its notice.
    ///
    /// # Errors
    /// An error of the store.
    pub async fn keeping(&self) -> Result<Keeping, AppError> {
        let body = read::<_, StoreError>(&*self.core.journal, |tx| reference::keeping(tx)).await?;
        Ok(Keeping { unseen_years: body.unseen_years, notice: body.notice })
    }
}

fn years_before(now: DateTime<Utc>, years: u32) -> Option<DateTime<Utc>> {
    now.checked_sub_months(Months::new(years.checked_mul(12)?))
}

fn preview(tx: &mut dyn Read, customer: CustomerId, now: DateTime<Utc>) -> Result<ErasurePreview, AppError> {
    let profile = tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
    if profile.erased {
        return Err(AppError::new(ErrorCode::CustomerErased));
    }
    let account = load::<Account>(tx, customer)?.state;
    let accounts = linked(tx, customer, account)?;
    let rules = reference::rules(tx)?;
    let prohibited =
        worst(&accounts, &rules, now).is_some_and(|(_, account)| account.standing(&rules, now) == Standing::Prohibited);
    let balance = accounts.values().map(|account| account.balance(now)).sum();
    let rows = rows_by_id(tx, accounts.keys().copied())?;
    let others = accounts.keys().copied().filter(|id| *id != customer);
    let mut ids = Vec::new();
    let mut notes = 0;
    let mut counts = Counts::default();
    for id in std::iter::once(customer).chain(others) {
        // Of an id that only a link names, nothing is known here.
        let Some(row) = rows.get(&id) else { continue };
        ids.push(ErasedId {
            customer: customer_name(id, Some(&row.profile)),
            phone: row.profile.phone.clone(),
            card: row.profile.card.clone(),
            registered_at: Some(row.profile.registered_at.timestamp_millis()),
            last_visit_at: row.last_visit.map(|(at, _)| at.timestamp_millis()),
            inside: row.inside.is_some(),
            erased: row.profile.erased,
        });
        notes += tx.count_notes(id)?;
        for change in tx.facts_after(id, 0)? {
            counts.add(&change.recorded.fact.payload);
        }
    }
    Ok(ErasurePreview { ids, notes, prohibited, balance: to_i64(balance), stays: counts.lines() })
}

/// How many facts of a person stay, by what they are about.
#[derive(Debug, Default)]
struct Counts {
    visits: u32,
    payments: u32,
    adjustments: u32,
    penalties: u32,
}

impl Counts {
    fn add(&mut self, payload: &Payload) {
        match payload {
            Payload::CheckedIn(_) => self.visits += 1,
            Payload::Paid(_) => self.payments += 1,
            Payload::PointsAdjusted(_) => self.adjustments += 1,
            Payload::PenaltyImposed(_) => self.penalties += 1,
            _ => {}
        }
    }

    fn lines(self) -> Vec<StaysLine> {
        let lines = [
            (Stays::Visits, self.visits, StaysWhy::Counts),
            (Stays::Payments, self.payments, StaysWhy::Sums),
            (Stays::Adjustments, self.adjustments, StaysWhy::Sums),
            (Stays::Penalties, self.penalties, StaysWhy::Accountability),
        ];
        let lines = lines.into_iter().map(|(what, count, why)| StaysLine { what, count, why });
        lines.filter(|line| line.count > 0).collect()
    }
}

fn parse_cursor(text: &str) -> Result<SearchCursor, AppError> {
    let parsed = text
        .strip_prefix(CURSOR)
        .and_then(|place| place.split_once('.'))
        .and_then(|(at, id)| Some(SearchCursor { seen_at_ms: at.parse().ok()?, customer_id: id.parse().ok()? }));
    parsed.ok_or_else(not_a_cursor)
}
