//! The act of each route, by which a named token's scopes are checked before the route runs. A route of a command has the
//! command's act with the most scopes; the command bus checks the exact one.

use axum::http::Method;
use nosmoke_application::permission::Act;

const GET: &str = "GET";
const POST: &str = "POST";
const PUT: &str = "PUT";
const DELETE: &str = "DELETE";

/// Method, path as the router has it, and act.
const ACTS: &[(&str, &str, Act)] = &[
    (POST, "/checkIns", Act::CheckIn),
    (GET, "/checkIns/{id}", Act::SeeVisit),
    (PUT, "/checkIns/{id}", Act::CheckOut),
    (POST, "/checkIns/{id}/void", Act::VoidVisit),
    (GET, "/earns", Act::SeeMypage),
    (GET, "/earns/{id}", Act::SeeMypage),
    (POST, "/pays", Act::Pay),
    (GET, "/pays/{id}", Act::SeeMypage),
    (POST, "/pays/{id}/void", Act::VoidPayment),
    (GET, "/deducts", Act::SeeMypage),
    (GET, "/deducts/{id}", Act::SeeMypage),
    (POST, "/penalties", Act::ImposePenalty),
    (GET, "/penalties/{id}", Act::SeeMypage),
    (POST, "/penalties/{id}/void", Act::VoidPenalty),
    (POST, "/penalties/{id}/deductions", Act::DeductPenalty),
    (POST, "/penalties/{id}/deductions/{deductionId}/void", Act::VoidPenaltyDeduction),
    (GET, "/prohibits", Act::SeeCustomers),
    (GET, "/prohibits/{customerId}", Act::SeeCustomers),
    (GET, "/mypages/{customerId}", Act::SeeMypage),
    (GET, "/mypages/{customerId}/why", Act::SeeMypage),
    (GET, "/mypages/{customerId}/{history}", Act::SeeMypage),
    (GET, "/customers", Act::FindCustomer),
    (POST, "/customers", Act::RegisterCustomer),
    (DELETE, "/customers/{id}", Act::EraseCustomer),
    (GET, "/areas", Act::SeeDesk),
    (GET, "/areas/{id}/inside", Act::SeeDesk),
    (GET, "/imports", Act::ImportCustomers),
    (GET, "/imports/{id}", Act::ImportCustomers),
    (DELETE, "/imports/{id}", Act::EraseCustomer),
    (PUT, "/imports/{id}/batches/{step}", Act::ImportCustomers),
    (GET, "/tokens", Act::SeeTokens),
    (POST, "/tokens", Act::MakeToken),
    (POST, "/tokens/{id}/rotate", Act::RotateToken),
    (POST, "/tokens/{id}/revoke", Act::RevokeToken),
    (GET, "/contexts", Act::SeeServices),
    (POST, "/contexts/{name}/stop", Act::StopContext),
    (POST, "/contexts/{name}/start", Act::StartContext),
    (GET, "/health", Act::SeeHealth),
    (GET, "/metrics", Act::SeeMetrics),
    (POST, "/mypages/rebuild", Act::RebuildMypage),
];

/// Returns the act of a route; `None` for a route that only the owner's token may use.
pub fn act_of(method: &Method, path: &str) -> Option<Act> {
    let method = if method == Method::HEAD { GET } else { method.as_str() };
    ACTS.iter().find(|(of, route, _)| (*of, *route) == (method, path)).map(|(.., act)| *act)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_route_of_the_document_has_an_act_and_no_other_has() {
        let document: serde_json::Value = serde_json::from_str(&crate::open_api::document()).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                described.insert((method.to_uppercase(), path.clone()));
            }
        }
        let listed: BTreeSet<_> =
            ACTS.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
        assert_eq!(listed, described);
        assert_eq!(listed.len(), ACTS.len());
    }
}
