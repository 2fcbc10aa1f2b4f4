//! Queries of payments with their deductions: one, or the list of a customer.

use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, DeductionId, PaymentId};
use nosmoke_domain::pay::Payment;
use nosmoke_ports::contract::{AppError, ErrorCode, Page, PageInput, PaymentView};
use nosmoke_ports::{Movement, ReadFacts, read};
use nosmoke_reading::state::recorded;

use super::Queries;
use super::paging::{next_page, parse_change};

/// The prefix of this list's cursors. Other lists have other prefixes, so that a cursor passed to the wrong list is
/// refused.
const CURSOR: &str = "payments.";

impl Queries {
    /// Returns one payment.
    ///
    /// # Errors
    /// `unknown_payment`, or an error of the store.
    pub async fn payment(&self, payment_id: PaymentId) -> Result<PaymentView, AppError> {
        read(&*self.core.journal, move |tx| {
            payment_of(tx, payment_id)?.ok_or_else(|| AppError::new(ErrorCode::UnknownPayment))
        })
        .await
    }

    /// Returns the payment that contains a deduction.
    ///
    /// # Errors
    /// `unknown_deduction`, or an error of the store.
    pub async fn deduction(&self, deduction_id: DeductionId) -> Result<PaymentView, AppError> {
        read(&*self.core.journal, move |tx| {
            let facts = tx.facts_about(&[deduction_id.0].into())?;
            let payment_id = facts.iter().find_map(|change| match &change.recorded.fact.payload {
                Payload::Paid(p) if p.deduction_id() == deduction_id => Some(p.payment_id()),
                _ => None,
            });
            let payment = payment_id.map(|id| payment_of(tx, id)).transpose()?.flatten();
            payment.ok_or_else(|| AppError::new(ErrorCode::UnknownDeduction))
        })
        .await
    }

    /// Returns a customer's payments with their deductions, newest first.
    ///
    /// # Errors
    /// `unknown_customer`; `invalid_input` for a cursor of another list, or an error of the store.
    pub async fn payments(&self, customer: CustomerId, input: PageInput) -> Result<Page<PaymentView>, AppError> {
        let (before, limit) = parse_change(CURSOR, &input)?;
        read(&*self.core.journal, move |tx| {
            tx.profile(customer)?.ok_or_else(|| AppError::new(ErrorCode::UnknownCustomer))?;
            let mut payments = tx.movements(customer, Movement::Payments, before, limit + 1)?;
            let next = next_page(CURSOR, &mut payments, limit);
            let mut items = Vec::with_capacity(payments.len());
            for change in payments {
                if let Payload::Paid(p) = &change.recorded.fact.payload {
                    items.extend(payment_of(tx, p.payment_id())?);
                }
            }
            Ok(Page { items, next })
        })
        .await
    }
}

fn payment_of(tx: &mut dyn ReadFacts, payment_id: PaymentId) -> Result<Option<PaymentView>, AppError> {
    let facts = tx.facts_about(&[payment_id.0].into())?;
    let payment = Payment::of(recorded(&facts));
    let status = payment.status();
    let Some((first, made)) = facts.first().zip(payment.made) else { return Ok(None) };
    Ok(Some(PaymentView {
        payment_id,
        deduction_id: made.deduction_id,
        customer_id: first.recorded.fact.customer_id,
        points: made.points.get(),
        status,
        at: made.key.occurred_at.timestamp_millis(),
    }))
}
