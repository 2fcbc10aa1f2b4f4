//! Who is inside. check_in's projection has a row for each visit that hasn't ended. The projector writes it, and each
//! command of this terminal for the visits that it changed: so what this terminal recorded counts at once, and what other
//! terminals recorded once the projector has read it.

use nosmoke_domain::check_in::Visits;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::InsideRow;

/// Returns a row for each visit of a customer that hasn't ended.
pub fn inside_rows(customer_id: CustomerId, visits: &Visits) -> Vec<InsideRow> {
    let inside = visits.open.iter().filter(|(_, visit)| visit.is_inside());
    inside
        .filter_map(|(visit_id, visit)| {
            let entry = visit.entry.as_ref()?;
            let (visit_id, since) = (*visit_id, entry.key.occurred_at);
            Some(InsideRow { visit_id, customer_id, area_id: entry.area_id, since })
        })
        .collect()
}
