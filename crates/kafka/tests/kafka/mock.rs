//! Makes librdkafka's mock cluster answer with every error code. The client must either recover or report an error of
//! the right kind. No message may be lost silently, and no call may hang.

use std::time::{Duration, Instant};

use nosmoke_kafka::Clients;
use nosmoke_ports::{LogError, Partition, Topic};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey as Request, RDKafkaErrorCode as Code, RDKafkaRespErr};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::support::{fact, key, settings};

/// How long a client may take to recover from one error.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(8);
const MAX_PARALLEL: usize = 12;
const FACTS: Partition = Partition { topic: Topic::Facts, number: 0 };

/// What happened to one message.
#[derive(Debug, Clone, PartialEq)]
enum Outcome {
    ReadBack,
    Reported(LogError),
    Lost,
}

fn all_codes() -> Vec<RDKafkaRespErr> {
    (-1..=150).filter(|number| *number != 0).filter_map(|number| RDKafkaRespErr::try_from(number).ok()).collect()
}

fn cluster() -> MockCluster<'static, DefaultProducerContext> {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic(Topic::Facts.name(), 1, 1).unwrap();
    cluster
}

/// Publishes one message and reads it back from the cluster, which answers the first `request` with this error.
async fn publish_one(request: Request, code: RDKafkaRespErr) -> Outcome {
    let cluster = cluster();
    let begin = || Clients::begin(&settings(&cluster.bootstrap_servers(), ""), &key()).unwrap();
    let mut clients = begin();
    if request == Request::Fetch {
        // The message must exist before the request that fails.
        clients.begin_publishing().unwrap();
        clients.read_from(&[(FACTS, 0)]).await.unwrap();
        assert_eq!(clients.publish(&[fact("one", "1")]), Ok(1));
        assert_eq!(outcome_of(&clients).await, Outcome::ReadBack);
        clients.close();
        clients = begin();
    }
    cluster.request_errors(request, &[code]);
    clients.read_from(&[(FACTS, 0)]).await.unwrap();
    if request != Request::Fetch {
        clients.begin_publishing().unwrap();
        assert_eq!(clients.publish(&[fact("one", "1")]), Ok(1));
    }
    let outcome = outcome_of(&clients).await;
    clients.close();
    outcome
}

async fn outcome_of(clients: &Clients) -> Outcome {
    let begin = Instant::now();
    while begin.elapsed() < RECOVERY_TIMEOUT {
        match clients.fetch(10, Duration::from_millis(100)).await {
            Ok(fetched) if !fetched.messages.is_empty() => return Outcome::ReadBack,
            // A temporary error: the client reconnects.
            Ok(_) | Err(LogError::Unreachable(_)) => {}
            Err(error) => return Outcome::Reported(error),
        }
    }
    Outcome::Lost
}

async fn with_each_code(request: Request) -> Vec<(Code, Outcome)> {
    let mut codes = all_codes().into_iter();
    let (mut running, mut outcomes) = (JoinSet::new(), Vec::new());
    loop {
        while running.len() < MAX_PARALLEL {
            let Some(code) = codes.next() else { break };
            let runtime = Handle::current();
            running.spawn_blocking(move || (Code::from(code), runtime.block_on(publish_one(request, code))));
        }
        let Some(outcome) = running.join_next().await else { break };
        outcomes.push(outcome.unwrap());
    }
    assert!(outcomes.len() > 100, "{} codes", outcomes.len());
    outcomes
}

fn of(outcomes: &[(Code, Outcome)], code: Code) -> &Outcome {
    &outcomes.iter().find(|(one, _)| *one == code).unwrap().1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_of_publishing_is_reported_or_recovered_from() {
    let outcomes = with_each_code(Request::Produce).await;
    for (code, outcome) in &outcomes {
        println!("{code:?}: {outcome:?}");
    }
    // The broker claims to have the message already, but the mock hasn't. The message is never read back, so it stays
    // pending and is published again.
    let lost: Vec<_> =
        outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Lost).map(|(code, _)| *code).collect();
    assert_eq!(lost, [Code::DuplicateSequenceNumber]);
    for code in [Code::TopicAuthorizationFailed, Code::ClusterAuthorizationFailed] {
        assert!(
            matches!(of(&outcomes, code), Outcome::Reported(LogError::NotAuthorised(_))),
            "{:?}",
            of(&outcomes, code)
        );
    }
    assert!(matches!(of(&outcomes, Code::MessageSizeTooLarge), Outcome::Reported(LogError::TooLarge(_))));
    for code in [Code::NotLeaderForPartition, Code::RequestTimedOut, Code::NotEnoughReplicas] {
        assert_eq!(*of(&outcomes, code), Outcome::ReadBack, "{code:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_of_fetching_is_reported_or_recovered_from() {
    let outcomes = with_each_code(Request::Fetch).await;
    for (code, outcome) in &outcomes {
        println!("{code:?}: {outcome:?}");
    }
    let lost: Vec<_> = outcomes.iter().filter(|(_, outcome)| *outcome == Outcome::Lost).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(matches!(of(&outcomes, Code::OffsetOutOfRange), Outcome::Reported(LogError::Changed(_))));
    assert!(matches!(of(&outcomes, Code::TopicAuthorizationFailed), Outcome::Reported(LogError::NotAuthorised(_))));
    for code in [Code::NotLeaderForPartition, Code::KafkaStorageError, Code::FencedLeaderEpoch] {
        assert_eq!(*of(&outcomes, code), Outcome::ReadBack, "{code:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_producer_id_is_reported_or_requested_again() {
    for code in [RDKafkaRespErr::RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED] {
        let outcome = publish_one(Request::InitProducerId, code).await;
        assert!(matches!(outcome, Outcome::Reported(LogError::NotAuthorised(_))), "{outcome:?}");
    }
    let passing = RDKafkaRespErr::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
    assert_eq!(publish_one(Request::InitProducerId, passing).await, Outcome::ReadBack);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_during_a_request_loses_no_message() {
    let cut = RDKafkaRespErr::RD_KAFKA_RESP_ERR__TRANSPORT;
    assert_eq!(publish_one(Request::Produce, cut).await, Outcome::ReadBack);
    assert_eq!(publish_one(Request::Fetch, cut).await, Outcome::ReadBack);
}
