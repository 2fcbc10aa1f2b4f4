//! Whom a draft would prohibit, release and warn.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{AppError, CustomerName, PreviewedGroup, PreviewedStandings};
use nosmoke_ports::{Read, StoreError, read};
use nosmoke_reading::names::{customer_name, rows_by_id};
use nosmoke_reading::same_person::linked;
use nosmoke_reading::state::load;

use super::compared::{Compared, batch};
use crate::jobs::Progress;
use crate::queries::Queries;

/// The most customers of a group that are named.
const NAMED_MAX: usize = 200;
/// Customers whose names are read at a time.
const BATCH_OF_NAMES: usize = 500;

pub(super) struct Standings {
    pub(super) customers: u64,
    pub(super) now: PreviewedStandings,
    pub(super) next: PreviewedStandings,
}

/// The standing of one person before and under the draft.
struct Compare {
    customer: CustomerId,
    now: (Standing, Standing),
    next: (Standing, Standing),
}

#[derive(Default)]
struct Groups {
    prohibited: Vec<CustomerId>,
    released: Vec<CustomerId>,
    warned: Vec<CustomerId>,
}

impl Groups {
    fn add(&mut self, customer: CustomerId, standings: (Standing, Standing)) {
        match standings {
            (before, Standing::Prohibited) if before != Standing::Prohibited => self.prohibited.push(customer),
            (Standing::Prohibited, after) if after != Standing::Prohibited => self.released.push(customer),
            (Standing::Allowed, Standing::Warned) => self.warned.push(customer),
            _ => {}
        }
    }

    async fn named(self, queries: &Queries) -> Result<PreviewedStandings, AppError> {
        Ok(PreviewedStandings {
            prohibited: group(queries, self.prohibited).await?,
            released: group(queries, self.released).await?,
            warned: group(queries, self.warned).await?,
        })
    }
}

/// Compares the standings of all customers with penalty points outstanding.
pub(super) async fn preview(
    queries: &Queries,
    compared: &Arc<Compared>,
    at: DateTime<Utc>,
    progress: &Progress,
) -> Result<Standings, AppError> {
    let (mut now, mut next) = (Groups::default(), Groups::default());
    let (mut after, mut looked_at, mut customers) = (None, 0, 0);
    loop {
        let (limit, compared) = (batch(queries).await, compared.clone());
        let unit = move |tx: &mut dyn Read| {
            let page = tx.with_open_penalties(after, limit)?;
            let mut found = Vec::new();
            for customer in &page {
                found.extend(compare(tx, *customer, &compared, at)?);
            }
            Ok::<_, StoreError>((page.last().copied(), page.len(), found))
        };
        let (last, count, found) = read(&*queries.core.journal, unit).await?;
        customers += found.len() as u64;
        for Compare { customer, now: at_once, next: later } in found {
            now.add(customer, at_once);
            next.add(customer, later);
        }
        looked_at += count as u64;
        progress.advance(looked_at, None)?;
        if count < limit {
            break;
        }
        after = last;
    }
    Ok(Standings { customers, now: now.named(queries).await?, next: next.named(queries).await? })
}

/// Compares the standings of a person; `None` if nothing is outstanding, or if another linked id stands for the person.
fn compare(
    tx: &mut dyn Read,
    customer: CustomerId,
    compared: &Compared,
    at: DateTime<Utc>,
) -> Result<Option<Compare>, StoreError> {
    let account = load::<Account>(tx, customer)?.state;
    if account.outstanding(at) == 0 {
        return Ok(None);
    }
    let accounts = linked(tx, customer, account)?;
    let owes = |(_, account): &(&CustomerId, &Account)| account.outstanding(at) > 0;
    if accounts.iter().find(owes).is_some_and(|(first, _)| *first != customer) {
        return Ok(None);
    }
    let Compared { in_force, draft } = compared;
    let present = |account: &Account| account.standing(in_force, at);
    let revised = |account: &Account| account.standing_under(&draft.levels, at);
    // The next penalty is the one id's; the others keep the levels that they have.
    let next =
        |rules| worst(&accounts, |id, it| if id == customer { it.standing_at_next(rules, at) } else { present(it) });
    Ok(Some(Compare {
        customer,
        now: (worst(&accounts, |_, it| present(it)), worst(&accounts, |_, it| revised(it))),
        next: (next(in_force), next(draft)),
    }))
}

fn worst(accounts: &BTreeMap<CustomerId, Account>, of: impl Fn(CustomerId, &Account) -> Standing) -> Standing {
    accounts.iter().map(|(id, account)| of(*id, account)).max().unwrap_or(Standing::Allowed)
}

async fn group(queries: &Queries, customers: Vec<CustomerId>) -> Result<PreviewedGroup, AppError> {
    let count = customers.len() as u64;
    let mut named: Vec<CustomerName> = Vec::with_capacity(customers.len());
    for ids in customers.chunks(BATCH_OF_NAMES) {
        let ids = ids.to_vec();
        let unit = move |tx: &mut dyn Read| {
            let rows = rows_by_id(tx, ids.iter().copied())?;
            let name = |id: CustomerId| customer_name(id, rows.get(&id).map(|row| &row.profile));
            Ok::<_, StoreError>(ids.into_iter().map(name).collect::<Vec<_>>())
        };
        named.extend(read(&*queries.core.journal, unit).await?);
    }
    // Those without a name come last.
    named.sort_by(|one, other| {
        let rank = |it: &CustomerName| (it.name.is_none(), it.name.clone(), it.customer_id);
        rank(one).cmp(&rank(other))
    });
    named.truncate(NAMED_MAX);
    Ok(PreviewedGroup { count, customers: named })
}
