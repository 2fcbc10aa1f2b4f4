//! Queries of one visit, one earning, or the list of a customer's earnings.

use nosmoke_domain::check_in::{EndKind, Visit};
use nosmoke_domain::fact::{Payload, Recorded};
use nosmoke_domain::ids::{CustomerId, EarningId, VisitId};
use nosmoke_ports::contract::{AppError, EarningView, ErrorCode, Page, PageInput, VisitView};
use nosmoke_ports::{Change, Movement, ReadFacts, read};
use nosmoke_reading::reference;
use nosmoke_reading::state::recorded;

use super::Queries;
use super::paging::{next_page, parse_change};

/// The prefix of this list's cursors. Other lists have other prefixes, so that a cursor passed to the wrong list is
/// refused.
const CURSOR: &str = "earnings.";

impl Queries {
    /// Returns one visit. It is folded from its facts, not read from a projection, so it is up to date even while
    /// contexts are stopped.
    ///
    /// # Errors
    /// `unknown_visit`, or an error of the store.
    pub async fn visit(&self, visit_id: VisitId) -> Result<VisitView, AppError> {
        read(&*self.core.journal, move |tx| {
            let facts = tx.facts_about(&[visit_id.0].into())?;
            let visit = Visit::of(recorded(&facts));
            let customer = facts.first().filter(|_| visit.entry.is_some() || visit.exit().is_some());
            let customer_id = customer.ok_or_else(|| AppError::new(ErrorCode::UnknownVisit))?.recorded.fact.customer_id;
            let area_id = visit.entry.as_ref().map(|entry| entry.area_id);
            let area = area_id.map(|id| reference::area(tx, id)).transpose()?.flatten();
            let earning = promised(&visit);
            Ok(VisitView {
                visit_id,
                customer_id,
                area_id,
                area_name: area.map(|area| area.name),
                status: visit.status(),
                checked_in_at: visit.entry.as_ref().map(|entry| entry.key.occurred_at.timestamp_millis()),
                ended_at: visit.exit().map(|exit| exit.key.occurred_at.timestamp_millis()),
                earning_id: earning.map(|(earning_id, _)| earning_id),
                points: earning.map(|(_, points)| points),
            })
        })
        .await
    }

    /// Returns one earning. It may be one that a check-out has promised but that isn't recorded yet.
    ///
    /// # Errors
    /// `unknown_earning`, or an error of the store.
    pub async fn earning(&self, earning_id: EarningId) -> Result<EarningView, AppError> {
        read(&*self.core.journal, move |tx| {
            let facts = tx.facts_about(&[earning_id.0].into())?;
            let of = |recorded: &Recorded| match &recorded.fact.payload {
                Payload::CheckedOut(p) => Some(p.visit_id),
                Payload::Earned(p) => Some(p.visit_id),
                _ => None,
            };
            let visit_id = facts.iter().find_map(|change| of(&change.recorded));
            let visit_id = visit_id.ok_or_else(|| AppError::new(ErrorCode::UnknownEarning))?;
            let view = earning_of(tx, visit_id, earning_id)?;
            view.ok_or_else(|| AppError::new(ErrorCode::UnknownEarning))
        })
        .await
    }

    /// Returns the earnings of a customer's check-outs, newest first, including those that are promised but not
    /// recorded yet.
    ///
    /// # Errors
    /// `unknown_customer`; `invalid_input` for a cursor of another list, or an error of the store.
    pub async fn earnings(&self, customer: CustomerId, input: PageInput) -> Result<Page<EarningView>, AppError> {
        let (before, limit) = parse_change(CURSOR, &input)?;
        read(&*self.core.journal, move |tx| {
            tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
            let mut check_outs = tx.movements(customer, Movement::CheckOuts, before, limit + 1)?;
            let next = next_page(CURSOR, &mut check_outs, limit);
            let mut items = Vec::with_capacity(check_outs.len());
            for Change { recorded, .. } in check_outs {
                if let Payload::CheckedOut(p) = &recorded.fact.payload
                    && let Some(earning) = p.earning
                {
                    items.extend(earning_of(tx, p.visit_id, earning.earning_id)?);
                }
            }
            Ok(Page { items, next })
        })
        .await
    }
}

/// Returns the id and points of the earning that a visit's check-out promised; `None` if it promised none.
fn promised(visit: &Visit) -> Option<(EarningId, u64)> {
    match visit.check_out.as_ref()?.kind {
        EndKind::CheckedOut(earning) => earning.map(|earning| (earning.earning_id, earning.points.get())),
        EndKind::Closed => None,
    }
}

fn earning_of(
    tx: &mut dyn ReadFacts,
    visit_id: VisitId,
    earning_id: EarningId,
) -> Result<Option<EarningView>, AppError> {
    let facts = tx.facts_about(&[visit_id.0].into())?;
    let visit = Visit::of(recorded(&facts));
    let is_of = |change: &&Change| match &change.recorded.fact.payload {
        Payload::Earned(p) => p.earning_id == earning_id,
        _ => false,
    };
    let earned = facts.iter().find(is_of).map(|change| &change.recorded.fact);
    let points = facts.iter().find_map(|change| match &change.recorded.fact.payload {
        Payload::CheckedOut(p) => p.earning.filter(|it| it.earning_id == earning_id).map(|it| it.points.get()),
        Payload::Earned(p) if p.earning_id == earning_id => Some(p.points.get()),
        _ => None,
    });
    let Some((first, points)) = facts.first().zip(points) else { return Ok(None) };
    Ok(Some(EarningView {
        earning_id,
        visit_id,
        customer_id: first.recorded.fact.customer_id,
        points,
        earned_at: earned.map(|fact| fact.occurred_at.timestamp_millis()),
        status: visit.status(),
    }))
}
