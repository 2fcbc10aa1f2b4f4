//! Requests for points, and their withdrawals.

use chrono::{DateTime, SecondsFormat, Utc};
use nosmoke_domain::ids::{CustomerId, IncarnationId, RequestId};
use nosmoke_domain::point::PointsRequest;
use nosmoke_domain::points::Points;
use nosmoke_ports::traces::TRACEPARENT;
use nosmoke_ports::{Incoming, Outgoing, Topic, header};
use nosmoke_runtime::points_requests::RequestMessage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::timely::is_timely;
use super::{TYPES, event_headers};

/// The value of a message on the requests topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PointsRequestValue {
    pub id: RequestId,
    pub customer_id: CustomerId,
    /// The incarnation that asks, to which the points are given.
    pub incarnation: IncarnationId,
    /// The points that it needs more than it holds.
    pub points: Points,
    /// When the message was sent, by the cluster's clock as the sender knows it.
    pub at: DateTime<Utc>,
}

/// The last part of a message's `ce_type`.
const ASKS: &str = "request";
const WITHDRAWS: &str = "request_withdrawn";

/// Returns the message for the log. `at` is the cluster's time.
pub(crate) fn request_message(
    message: &RequestMessage,
    traceparent: Option<String>,
    source: &str,
    at: DateTime<Utc>,
) -> Outgoing {
    let (word, customer_id, request) = match message {
        RequestMessage::Asks { customer, request, .. } => (ASKS, *customer, request),
        RequestMessage::Withdraws { customer, request } => (WITHDRAWS, *customer, request),
    };
    let PointsRequest { id, to: incarnation, points } = *request;
    let value = PointsRequestValue { id, customer_id, incarnation, points, at };
    let time = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let mut headers = event_headers(&id.to_string(), &event_type(word), source, &time);
    headers.extend(traceparent.map(|traceparent| (TRACEPARENT.into(), traceparent.into_bytes())));
    let value = serde_json::to_vec(&value).unwrap_or_default();
    Outgoing { topic: Topic::Requests, key: customer_id.to_string(), value: Some(value), headers }
}

fn event_type(word: &str) -> String {
    format!("{TYPES}.{word}.v1")
}

/// A message of the requests topic that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadRequest {
    Asks { customer: CustomerId, request: PointsRequest, traceparent: Option<String> },
    Withdraws { id: RequestId, by: IncarnationId },
}

/// Reads a message; `None` if it isn't a request, stands under another customer's key, or was stored long after it was
/// sent.
pub(crate) fn read_request(message: &Incoming) -> Option<ReadRequest> {
    let value: PointsRequestValue = serde_json::from_slice(message.value.as_deref()?).ok()?;
    let PointsRequestValue { id, customer_id, incarnation, points, at } = value;
    if message.key.as_deref() != Some(customer_id.to_string().as_bytes()) || !is_timely(at, message.appended_at) {
        return None;
    }
    let text = |name| header(&message.headers, name).and_then(|value| std::str::from_utf8(value).ok());
    let is = |word| text("ce_type").is_some_and(|it| it == event_type(word));
    if is(ASKS) {
        let request = PointsRequest { id, to: incarnation, points };
        Some(ReadRequest::Asks { customer: customer_id, request, traceparent: text(TRACEPARENT).map(str::to_owned) })
    } else {
        is(WITHDRAWS).then_some(ReadRequest::Withdraws { id, by: incarnation })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use nosmoke_ports::Partition;
    use uuid::Uuid;

    use super::*;

    const CUSTOMER: CustomerId = CustomerId(Uuid::from_u128(7));

    fn request() -> PointsRequest {
        PointsRequest { id: RequestId(Uuid::from_u128(1)), to: IncarnationId(Uuid::from_u128(2)), points: Points::ONE }
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn stored(message: &RequestMessage, sent: i64, appended: i64) -> Incoming {
        let traceparent = Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned());
        let Outgoing { topic, key, value, headers } = request_message(message, traceparent, "/terminals/1", at(sent));
        let partition = Partition { topic, number: 0 };
        Incoming { partition, offset: 0, key: Some(key.into_bytes()), value, headers, appended_at: at(appended) }
    }

    #[test]
    fn a_request_and_its_withdrawal_are_read_as_they_were_sent() {
        let asks =
            stored(&RequestMessage::Asks { customer: CUSTOMER, request: request(), traceparent: None }, 100, 101);
        let Some(ReadRequest::Asks { customer, request: read, traceparent }) = read_request(&asks) else {
            panic!("not understood")
        };
        assert_eq!((customer, read, traceparent.is_some()), (CUSTOMER, request(), true));
        let withdraws = stored(&RequestMessage::Withdraws { customer: CUSTOMER, request: request() }, 100, 101);
        let (id, by) = (request().id, request().to);
        assert_eq!(read_request(&withdraws), Some(ReadRequest::Withdraws { id, by }));
    }

    #[test]
    fn a_late_or_damaged_request_is_passed_over() {
        let asks = RequestMessage::Asks { customer: CUSTOMER, request: request(), traceparent: None };
        for (sent, appended, is_read) in [(100, 130, true), (100, 131, false), (100, 95, true), (100, 94, false)] {
            assert_eq!(read_request(&stored(&asks, sent, appended)).is_some(), is_read, "{sent} {appended}");
        }
        let good = stored(&asks, 100, 100);
        let other_key = Incoming { key: Some(Uuid::nil().to_string().into_bytes()), ..good.clone() };
        let without_at =
            Incoming { value: Some(br#"{"id":"00000000-0000-0000-0000-000000000001"}"#.to_vec()), ..good.clone() };
        let tombstone = Incoming { value: None, ..good.clone() };
        let other_type = Incoming { headers: Vec::new(), ..good };
        for message in [other_key, without_at, tombstone, other_type] {
            assert_eq!(read_request(&message), None, "{message:?}");
        }
    }
}
