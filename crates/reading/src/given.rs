//! What was given for a request for points.

use nosmoke_domain::fact::Payload;
use nosmoke_domain::ids::{CustomerId, RequestId};
use nosmoke_ports::{Change, ReadFacts, StoreError};

/// Returns the points that the known facts give for a request.
///
/// # Errors
/// An error of the store.
pub fn given_for(tx: &mut dyn ReadFacts, customer: CustomerId, id: RequestId) -> Result<i128, StoreError> {
    let facts = tx.facts_about(&[id.0].into())?;
    let of_request = |change: &Change| match &change.recorded.fact.payload {
        Payload::Given(given) if given.request == Some(id) && change.recorded.fact.customer_id == customer => {
            Some(given.lots.points().sum())
        }
        _ => None,
    };
    Ok(facts.iter().filter_map(of_request).sum())
}
