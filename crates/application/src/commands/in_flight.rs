//! Requests that are being executed, by idempotency key: the same request sent again meanwhile joins the first one and
//! gets its answer.

use std::collections::HashMap;
use std::sync::Arc;

use nosmoke_ports::contract::{AppError, ErrorCode, Outcome};
use parking_lot::Mutex;
use serde_json::json;
use tokio::sync::watch;

type Answer = Result<Outcome, AppError>;

#[derive(Debug)]
struct Flight {
    /// The digest of the command.
    body: [u8; 32],
    answer: watch::Receiver<Option<Answer>>,
}

#[derive(Debug, Default)]
pub struct InFlight(Mutex<HashMap<String, Flight>>);

/// The first of several equal requests, which executes the command for all of them.
#[derive(Debug)]
pub(super) struct First {
    in_flight: Arc<InFlight>,
    key: String,
    answer: watch::Sender<Option<Answer>>,
}

/// Waits for the answer of the first request.
#[derive(Debug)]
pub(super) struct Waiting(watch::Receiver<Option<Answer>>);

impl InFlight {
    /// Joins the request that is being executed with this key; the first caller also gets a `First`.
    ///
    /// # Errors
    /// `key_reused` if another command is being executed with this key.
    pub(super) fn join(self: &Arc<Self>, key: &str, body: [u8; 32]) -> Result<(Waiting, Option<First>), AppError> {
        let mut flights = self.0.lock();
        if let Some(flight) = flights.get(key) {
            let same = flight.body == body;
            return same.then(|| (Waiting(flight.answer.clone()), None)).ok_or(AppError::new(ErrorCode::KeyReused));
        }
        let (answer, waiting) = watch::channel(None);
        flights.insert(key.to_owned(), Flight { body, answer: waiting.clone() });
        let first = First { in_flight: self.clone(), key: key.to_owned(), answer };
        Ok((Waiting(waiting), Some(first)))
    }
}

impl First {
    /// Gives the answer to all who wait for it.
    pub(super) fn answers(self, answer: Answer) {
        self.answer.send_replace(Some(answer));
    }
}

impl Drop for First {
    fn drop(&mut self) {
        self.in_flight.0.lock().remove(&self.key);
    }
}

impl Waiting {
    pub(super) async fn answer(mut self) -> Answer {
        let answer = self.0.wait_for(Option::is_some).await.ok().and_then(|answer| answer.clone());
        // Without an answer the program is stopping: nobody knows whether the command was recorded.
        answer
            .unwrap_or_else(|| Err(AppError::with(ErrorCode::Internal, json!({ "detail": "the program is stopping" }))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_same_request_is_executed_once_while_it_is_in_flight() {
        let in_flight = Arc::new(InFlight::default());
        let (waiting, first) = in_flight.join("key", [1; 32]).unwrap();
        let (joined, second) = in_flight.join("key", [1; 32]).unwrap();
        assert!(first.is_some() && second.is_none());
        assert_eq!(in_flight.join("key", [2; 32]).unwrap_err().code, ErrorCode::KeyReused);
        assert!(in_flight.join("other key", [1; 32]).unwrap().1.is_some());
        first.unwrap().answers(Ok(Outcome::Done));
        assert_eq!((waiting.answer().await, joined.answer().await), (Ok(Outcome::Done), Ok(Outcome::Done)));
        let (_, again) = in_flight.join("key", [2; 32]).unwrap();
        assert!(again.is_some(), "once answered, the journal remembers the answer");
        // Whoever waits gets an error, not silence, if the one that executes ends without an answer.
        let (waiting, first) = in_flight.join("third", [1; 32]).unwrap();
        drop(first);
        assert_eq!(waiting.answer().await.unwrap_err().code, ErrorCode::Internal);
    }
}
