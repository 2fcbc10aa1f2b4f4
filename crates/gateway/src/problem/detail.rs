//! What a person can do about a refusal, in a sentence beside its code. The window words the codes in its own languages.

use nosmoke_ports::contract::ErrorCode;
use serde_json::Value;

use super::refused::Refused;

/// Of a code of the application; `None` where the code says it all, or its parameters have a `detail` already.
pub(crate) fn of_code(code: ErrorCode, params: &Value) -> Option<&'static str> {
    use ErrorCode as E;
    Some(match code {
        E::PointUnavailable if params["reason"] == "stopped" => {
            "Points are stopped. Nothing was recorded. Start them (POST /contexts/point/start), then send the request again."
        }
        E::PointUnavailable => {
            "Points don't answer now. Nothing was recorded. They recover by themselves: send the request again after Retry-After seconds."
        }
        E::ContextStopped => {
            "This context is stopped. Nothing was recorded. Start it (POST /contexts/{context}/start), then send the request again."
        }
        E::DiskFull => {
            "The disk of the data folder is full. Nothing was recorded. Free some space, then send the request again."
        }
        E::FolderInUse => "Another program has the data folder open. Nothing was recorded. End it first.",
        E::NotSetUp => "The data folder isn't set up. Nothing was recorded. Set the terminal up first.",
        E::NeedsUpdate => {
            "Some records are of a newer version of the program. Nothing was recorded. Update this terminal."
        }
        E::NotAuthorised => "Whoever works at this terminal may not do this. Nothing was recorded. `needed` may.",
        E::KeyReused => {
            "This Idempotency-Key came with another request before. Nothing was recorded. Give every request a key of its own."
        }
        E::InsufficientPoints => "The customer has fewer points. Nothing was recorded. Up to `balance` can be paid.",
        E::HeldElsewhere => {
            "Other terminals hold the points and haven't given them. No payment was recorded. Up to `payableHere` can be paid here; pay the rest at one of `holders`, or try again once it is connected."
        }
        E::RecordedElsewhere => {
            "It was recorded at another terminal. Nothing was recorded. Take it back at `terminalName`."
        }
        E::VoidWindowPassed => {
            "Staff may take it back for `minutes` minutes only. Nothing was recorded. A supervisor still may."
        }
        E::Prohibited => {
            "Smoking is prohibited for this customer. Nothing was recorded. GET /prohibits/{customerId} says why; deducting from penalties lifts it."
        }
        E::AlreadyInside => "The customer is inside already. Nothing was recorded. Check that visit out first.",
        E::AlreadyCheckedOut => "The visit is over. Nothing was recorded. GET /checkIns/{id} shows it.",
        E::AreaFull => "The area holds no more people. Nothing was recorded. Choose another, or wait for a check-out.",
        E::UnknownArea => {
            "There is no such area here, and none is added for it. Nothing was recorded. Name one that there is, or have it added at the desk."
        }
        E::CardTaken => "Another customer has this card. Nothing was recorded. Give another card, or none.",
        E::PointsNeeded => "This ground has no points of its own. Nothing was recorded. Give `point`.",
        E::PointsNotAllowed => "The rules say this ground's points. Nothing was recorded. Leave `point` out.",
        E::MoreThanOutstanding => "Less is left of the penalty. Nothing was recorded. Deduct up to `outstanding`.",
        E::CustomerErased => {
            "This person was erased on request. Nothing was recorded. Check-outs and corrections are still taken."
        }
        _ => return None,
    })
}

/// Of what never reached the application.
pub(crate) const fn of_refused(refused: Refused) -> Option<&'static str> {
    Some(match refused {
        Refused::TokenNeeded => {
            "Send the content of gateway.token in the data folder: `Authorization: Bearer …`. Nothing was recorded."
        }
        Refused::TooManyRequests => {
            "More requests came within a second than are taken. Nothing was recorded. Send it again after Retry-After seconds."
        }
        Refused::Overloaded => {
            "More requests are under way than are taken at once. Nothing was recorded. Send it again after Retry-After seconds."
        }
        Refused::TooSlow => "The body didn't come within 10 s. Nothing was recorded. Send the request again.",
        Refused::BodyTooLarge => "The body is larger than 64 KiB. Nothing was recorded. Send less.",
        Refused::UnsupportedMediaType => {
            "Only JSON is read. Nothing was recorded. Send it with `Content-Type: application/json`."
        }
        Refused::MalformedJson => "The body is no JSON. Nothing was recorded. Correct it and send it again.",
        Refused::UnknownContext => "There is no such context. Nothing was done. GET /contexts names them all.",
        Refused::UnknownRoute | Refused::MethodNotAllowed => return None,
    })
}
