//! The `detail` of a problem: a text for people that says what to do. The window has its own texts per code and
//! language.

use nosmoke_ports::contract::ErrorCode;
use serde_json::Value;

use super::refused::Refused;

/// Returns the detail for an error of the application; `None` if its code says everything, or its parameters already
/// have a `detail`.
pub(crate) fn of_code(code: ErrorCode, params: &Value) -> Option<&'static str> {
    use ErrorCode as E;
    Some(match code {
        E::PointUnavailable if params["reason"] == "stopped" => {
            "The context point is stopped. Nothing was recorded. Start it (POST /contexts/point/start), then send the request again."
        }
        E::PointUnavailable => {
            "The context point doesn't answer now. Nothing was recorded. It recovers by itself: send the request again after Retry-After seconds."
        }
        E::ContextStopped => {
            "This context is stopped. Nothing was recorded. Start it (POST /contexts/{context}/start), then send the request again."
        }
        E::DiskFull => {
            "The disk of the data folder is full. Nothing was recorded. Free some space, then send the request again."
        }
        E::FolderInUse => "Another program has the data folder open. Nothing was recorded. End it first.",
        E::ImportUsed => {
            "Somebody whom the import added has come. Nobody else is erased. GET /imports/{id} says how many were erased before."
        }
        E::NotSetUp => "The data folder isn't set up. Nothing was recorded. Set the terminal up first.",
        E::NeedsUpdate => {
            "Some facts were recorded by a newer version of the program. Nothing was recorded. Update this terminal."
        }
        E::NotSignedIn => {
            "The person who works at this terminal isn't signed in any more. Nothing was recorded. Sign in at the terminal."
        }
        E::NotAuthorised => {
            "The person who works at this terminal may not do this. Nothing was recorded. The role `needed` may."
        }
        E::KeyReused => {
            "This Idempotency-Key was already used with another request or token. Nothing was recorded. Give every request a key of its own."
        }
        E::InsufficientPoints => "The customer has only `balance` points. Nothing was recorded. Pay no more than that.",
        E::HeldElsewhere => {
            "Other terminals hold points of the customer and haven't handed them over. No payment was recorded. Pay up to `payableHere` at this terminal and the rest at one of `holders`, or try again once that one is connected."
        }
        E::RecordedElsewhere => {
            "It was recorded at another terminal. Nothing was recorded here. Void it at `terminalName`."
        }
        E::OutsideEntryDays => {
            "Only what happened between `from` and `until` can be entered now. Nothing was recorded. Correct the time."
        }
        E::VoidWindowPassed => {
            "This role may void only within `minutes` minutes. Nothing was recorded. Somebody of the role `needed` may still void it."
        }
        E::Prohibited => {
            "Smoking is prohibited for this customer. Nothing was recorded. GET /prohibits/{customerId} says why; deducting penalty points (POST /penalties/{id}/deductions) lifts the prohibition."
        }
        E::AlreadyInside => {
            "The customer is already inside `areaName`. Nothing was recorded. Check that visit out first."
        }
        E::VisitForgotten => {
            "The visit began at `since`, more than `hours` hours ago, so it was probably forgotten. Nothing was recorded. If the customer leaves only now, send the request again with `confirmForgotten: true`; else leave the visit to the customer's next check-in, which ends it without points."
        }
        E::NotCheckedOut => {
            "The visit wasn't checked out, so there is no check-out to take back. GET /checkIns/{id} shows it."
        }
        E::AlreadyCheckedOut => "The visit was already checked out. Nothing was recorded. GET /checkIns/{id} shows it.",
        E::AreaFull => {
            "The area is full: its capacity is `capacity` people. Nothing was recorded. Choose another area, or wait for a check-out."
        }
        E::AreaRetired => {
            "The area `areaName` is out of use. Nothing was recorded. Use another area, or have a manager add one of this name on the terminal's screen."
        }
        E::UnknownArea => {
            "This terminal knows no such area, and the rules don't allow a request to add it. Nothing was recorded. Use an existing area, or have it added on the terminal's screen."
        }
        E::CardTaken => {
            "Another customer has this card number. Nothing was recorded. Give another card number, or none."
        }
        E::PointsNeeded => {
            "A deduction for this ground must say how many points to deduct. Nothing was recorded. Give `point`."
        }
        E::PointsNotAllowed => {
            "The rules set how many points a deduction for this ground deducts. Nothing was recorded. Omit `point`."
        }
        E::PriceIsOff => "The rules set no price for paying off penalty points. Nothing was recorded. Omit `pay`.",
        E::MoreThanOutstanding => {
            "Only `outstanding` points of the penalty are outstanding. Nothing was recorded. Deduct no more than that."
        }
        E::CustomerErased => {
            "The customer's personal data was erased on request. Nothing was recorded. Only check-outs and corrections are still recorded."
        }
        _ => return None,
    })
}

/// Returns the detail for a request that was refused before it reached the application.
pub(crate) const fn of_refused(refused: Refused) -> Option<&'static str> {
    Some(match refused {
        Refused::TokenNeeded => {
            "Send the content of gateway.token in the data folder: `Authorization: Bearer …`. Nothing was recorded."
        }
        Refused::TooManyRequests => {
            "More requests arrived within a second than are allowed. Nothing was recorded. Send it again after Retry-After seconds."
        }
        Refused::Overloaded => {
            "There are more concurrent requests than are allowed. Nothing was recorded. Send it again after Retry-After seconds."
        }
        Refused::TooSlow => "The body didn't arrive within 10 s. Nothing was recorded. Send the request again.",
        Refused::BodyTooLarge => "The body is larger than 64 KiB. Nothing was recorded. Send less.",
        Refused::UnsupportedMediaType => {
            "Only JSON is accepted. Nothing was recorded. Send it with `Content-Type: application/json`."
        }
        Refused::MalformedJson => "The body isn't valid JSON. Nothing was recorded. Correct it and send it again.",
        Refused::UnknownContext => "There is no such context. Nothing was done. GET /contexts lists them all.",
        Refused::UnknownRoute | Refused::MethodNotAllowed => return None,
    })
}
