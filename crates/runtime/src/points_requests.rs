//! Requests for points between terminals, held in memory only (ADR 0017). A request that was read from the log lives
//! for a few seconds; nothing about it is stored, so none can block anything later.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use nosmoke_domain::ids::{CustomerId, IncarnationId, RequestId};
use nosmoke_domain::point::PointsRequest;
use parking_lot::Mutex;
use tokio::sync::watch;

/// How long a request is looked at after it was read: longer than the command waits that sent it.
pub const REQUEST_LIFETIME: Duration = Duration::from_secs(4);
/// For how many customers the requests of one incarnation are answered within [`ANSWER_WINDOW`], so that a terminal that
/// lies can't collect the points of all customers.
pub const MAX_CUSTOMERS_ANSWERED: usize = 60;
pub const ANSWER_WINDOW: Duration = Duration::from_secs(60);
/// Most requests that wait for an answer or for being sent; further ones are dropped.
const MAX_REQUESTS: usize = 1_000;

/// A message about a request of this terminal, to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestMessage {
    Asks {
        customer: CustomerId,
        request: PointsRequest,
        traceparent: Option<String>,
    },
    /// The command that asked has ended.
    Withdraws {
        customer: CustomerId,
        request: PointsRequest,
    },
}

/// A request of another terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRequest {
    pub customer: CustomerId,
    pub request: PointsRequest,
    /// The trace of the command that asks.
    pub traceparent: Option<String>,
    /// Process time after which nobody waits for an answer any more.
    expires: Duration,
    /// Counts the requests in the order in which they were read: within a partition, that of the log.
    order: u64,
}

/// A request of this terminal whose command is waiting.
#[derive(Debug, Clone, Copy)]
struct OwnRequest {
    id: RequestId,
    /// The place in the order of reading; `None` until it was read back.
    order: Option<u64>,
}

#[derive(Debug, Default)]
struct State {
    open: Vec<OpenRequest>,
    own: BTreeMap<CustomerId, OwnRequest>,
    read: u64,
    outgoing: VecDeque<RequestMessage>,
    /// When a customer's points were last given to an incarnation, by process time.
    answered: BTreeMap<IncarnationId, BTreeMap<CustomerId, Duration>>,
}

/// The requests that this terminal has read, and those that it sends. Times are process times
/// ([`nosmoke_ports::Clock::uptime`]).
#[derive(Debug)]
pub struct PointsRequests {
    state: Mutex<State>,
    /// Counts requests that were read, and commands that ended: each may let something be given.
    arrived: watch::Sender<u64>,
    /// Counts messages to be sent.
    sent: watch::Sender<u64>,
}

impl Default for PointsRequests {
    fn default() -> Self {
        Self { state: Mutex::default(), arrived: watch::Sender::new(0), sent: watch::Sender::new(0) }
    }
}

impl PointsRequests {
    /// Sends a request of this terminal. Until [`Self::withdraw`], this terminal gives the customer's points only to
    /// requests that stand before it in the log: otherwise two terminals that ask for the same points would pass them to
    /// and fro.
    pub fn ask(&self, customer: CustomerId, request: PointsRequest, traceparent: Option<String>) {
        {
            let mut state = self.state.lock();
            state.own.insert(customer, OwnRequest { id: request.id, order: None });
            state.send(RequestMessage::Asks { customer, request, traceparent });
        }
        self.sent.send_modify(|count| *count += 1);
    }

    /// Ends the wait for a request of this terminal, and sends its withdrawal.
    pub fn withdraw(&self, customer: CustomerId, request: PointsRequest) {
        {
            let mut state = self.state.lock();
            if state.own.get(&customer).is_some_and(|own| own.id == request.id) {
                state.own.remove(&customer);
            }
            state.send(RequestMessage::Withdraws { customer, request });
        }
        self.sent.send_modify(|count| *count += 1);
        self.arrived.send_modify(|count| *count += 1);
    }

    /// Called with a request that was read from the log, at process time `now`.
    pub fn read(&self, customer: CustomerId, request: PointsRequest, traceparent: Option<String>, now: Duration) {
        {
            let mut state = self.state.lock();
            state.read += 1;
            let order = state.read;
            if let Some(own) = state.own.get_mut(&customer).filter(|own| own.id == request.id) {
                own.order = Some(order);
                return;
            }
            state.open.retain(|open| open.expires >= now && open.request.id != request.id);
            if state.open.len() < MAX_REQUESTS {
                let expires = now + REQUEST_LIFETIME;
                state.open.push(OpenRequest { customer, request, traceparent, expires, order });
            }
        }
        self.arrived.send_modify(|count| *count += 1);
    }

    /// Called when a withdrawal was read. Only who asked can withdraw.
    pub fn withdrawn(&self, id: RequestId, by: IncarnationId) {
        self.state.lock().open.retain(|open| open.request.id != id || open.request.to != by);
    }

    /// The requests that may be answered now, in the order of the log.
    pub fn open(&self, now: Duration) -> Vec<OpenRequest> {
        let mut state = self.state.lock();
        state.open.retain(|open| open.expires >= now);
        state.answered.retain(|_, customers| {
            customers.retain(|_, at| now.saturating_sub(*at) < ANSWER_WINDOW);
            !customers.is_empty()
        });
        state.open.iter().filter(|open| state.is_due(open)).cloned().collect()
    }

    /// Called when points were given for a request.
    pub fn answered(&self, open: &OpenRequest, now: Duration) {
        self.state.lock().answered.entry(open.request.to).or_default().insert(open.customer, now);
    }

    /// Whether a command of this terminal waits for a customer's points.
    pub fn waits_for(&self, customer: CustomerId) -> bool {
        self.state.lock().own.contains_key(&customer)
    }

    /// Returns as soon as a command of this terminal waits for points.
    pub async fn awaited(&self) {
        let mut sent = self.sent.subscribe();
        while self.state.lock().own.is_empty() {
            // The sender is this struct's own, so it can't be gone.
            let _ = sent.changed().await;
        }
    }

    /// Takes the messages to be sent.
    pub fn take_outgoing(&self) -> Vec<RequestMessage> {
        self.state.lock().outgoing.drain(..).collect()
    }

    /// Subscribes to requests that were read and to commands that ended.
    pub fn follow_arrivals(&self) -> watch::Receiver<u64> {
        self.arrived.subscribe()
    }

    /// Subscribes to messages to be sent.
    pub fn follow_outgoing(&self) -> watch::Receiver<u64> {
        self.sent.subscribe()
    }
}

impl State {
    fn send(&mut self, message: RequestMessage) {
        if self.outgoing.len() < MAX_REQUESTS {
            self.outgoing.push_back(message);
        }
    }

    fn is_due(&self, open: &OpenRequest) -> bool {
        let own = self.own.get(&open.customer).and_then(|own| own.order);
        if own.is_some_and(|own| own < open.order) {
            return false;
        }
        self.answered
            .get(&open.request.to)
            .is_none_or(|customers| customers.len() < MAX_CUSTOMERS_ANSWERED || customers.contains_key(&open.customer))
    }
}

#[cfg(test)]
mod tests {
    use nosmoke_domain::points::Points;
    use uuid::Uuid;

    use super::*;

    const NOW: Duration = Duration::from_secs(100);

    fn customer(n: u128) -> CustomerId {
        CustomerId(Uuid::from_u128(n))
    }

    fn request(id: u128, to: u128) -> PointsRequest {
        PointsRequest {
            id: RequestId(Uuid::from_u128(id)),
            to: IncarnationId(Uuid::from_u128(to)),
            points: Points::ONE,
        }
    }

    fn open(requests: &PointsRequests, now: Duration) -> Vec<u128> {
        requests.open(now).iter().map(|open| open.request.id.0.as_u128()).collect()
    }

    #[test]
    fn a_request_is_open_for_four_seconds_or_until_it_is_withdrawn() {
        let requests = PointsRequests::default();
        requests.read(customer(1), request(1, 0xa), None, NOW);
        requests.read(customer(2), request(2, 0xb), None, NOW + Duration::from_secs(1));
        assert_eq!(open(&requests, NOW + REQUEST_LIFETIME), [1, 2]);
        assert_eq!(open(&requests, NOW + REQUEST_LIFETIME + Duration::from_millis(1)), [2]);
        requests.withdrawn(request(2, 0xb).id, request(2, 0xc).to);
        assert_eq!(open(&requests, NOW + REQUEST_LIFETIME), [2], "only who asked withdraws");
        requests.withdrawn(request(2, 0xb).id, request(2, 0xb).to);
        assert_eq!(open(&requests, NOW + REQUEST_LIFETIME), []);
    }

    #[test]
    fn who_waits_gives_only_to_requests_that_stand_before_its_own() {
        let requests = PointsRequests::default();
        requests.ask(customer(1), request(5, 0), None);
        requests.read(customer(1), request(1, 0xa), None, NOW);
        requests.read(customer(1), request(5, 0), None, NOW);
        requests.read(customer(1), request(2, 0xb), None, NOW);
        requests.read(customer(2), request(3, 0xb), None, NOW);
        assert_eq!(open(&requests, NOW), [1, 3]);
        requests.withdraw(customer(1), request(5, 0));
        assert_eq!(open(&requests, NOW), [1, 2, 3], "to the others once the command has ended");
        let sent = requests.take_outgoing();
        assert!(matches!(sent[..], [RequestMessage::Asks { .. }, RequestMessage::Withdraws { .. }]), "{sent:?}");
    }

    #[test]
    fn one_incarnation_gets_the_points_of_at_most_sixty_customers_a_minute() {
        let requests = PointsRequests::default();
        for n in 0..60 {
            requests.read(customer(n), request(n, 0xa), None, NOW);
            let last = requests.open(NOW).pop().unwrap();
            requests.answered(&last, NOW);
            requests.withdrawn(request(n, 0xa).id, request(n, 0xa).to);
        }
        requests.read(customer(60), request(60, 0xa), None, NOW);
        requests.read(customer(7), request(61, 0xa), None, NOW);
        requests.read(customer(60), request(62, 0xb), None, NOW);
        assert_eq!(open(&requests, NOW), [61, 62]);
        let later = NOW + ANSWER_WINDOW;
        requests.read(customer(60), request(63, 0xa), None, later);
        assert_eq!(open(&requests, later), [63]);
    }

    #[tokio::test]
    async fn points_are_awaited_from_the_request_until_the_command_ends() {
        let requests = PointsRequests::default();
        let is_awaited = async || tokio::time::timeout(Duration::ZERO, requests.awaited()).await.is_ok();
        assert!(!is_awaited().await);
        requests.ask(customer(1), request(1, 0xa), None);
        assert!(is_awaited().await);
        requests.withdraw(customer(1), request(1, 0xa));
        assert!(!is_awaited().await);
    }

    #[test]
    fn more_requests_than_can_be_kept_are_dropped() {
        let requests = PointsRequests::default();
        for n in 0..2_000 {
            requests.read(customer(n), request(n, 0xa), None, NOW);
            requests.ask(customer(n), request(n + 5_000, 0), None);
        }
        assert_eq!((requests.open(NOW).len(), requests.take_outgoing().len()), (MAX_REQUESTS, MAX_REQUESTS));
    }
}
