//! Every error code that a broker can answer with, by librdkafka's mock cluster: each ends in an error of the right kind
//! or is got over by the client. Nothing is lost without a word, nothing hangs.

use std::time::{Duration, Instant};

use nosmoke_kafka::Clients;
use nosmoke_ports::{LogError, Partition, Topic};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey as Request, RDKafkaErrorCode as Code, RDKafkaRespErr};
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use crate::support::{fact, settings};

/// How long a client may take to get over one error.
const PATIENCE: Duration = Duration::from_secs(8);
const AT_ONCE: usize = 12;
const FACTS: Partition = Partition { topic: Topic::Facts, number: 0 };

/// What became of one record.
#[derive(Debug, Clone, PartialEq)]
enum End {
    ReadBack,
    Told(LogError),
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

/// Publishes one record and reads it back, where these requests are answered with this error once.
async fn one_record(request: Request, code: RDKafkaRespErr) -> End {
    let cluster = cluster();
    let begin = || Clients::begin(&settings(&cluster.bootstrap_servers(), "")).unwrap();
    let mut clients = begin();
    if request == Request::Fetch {
        // The record is there before the first request that fails.
        clients.begin_publishing().unwrap();
        clients.read_from(&[(FACTS, 0)]).await.unwrap();
        assert_eq!(clients.publish(&[fact("one", "1")]), Ok(1));
        assert_eq!(ending(&clients).await, End::ReadBack);
        clients.close();
        clients = begin();
    }
    cluster.request_errors(request, &[code]);
    clients.read_from(&[(FACTS, 0)]).await.unwrap();
    if request != Request::Fetch {
        clients.begin_publishing().unwrap();
        assert_eq!(clients.publish(&[fact("one", "1")]), Ok(1));
    }
    let end = ending(&clients).await;
    clients.close();
    end
}

async fn ending(clients: &Clients) -> End {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        match clients.fetch(10, Duration::from_millis(100)).await {
            Ok(fetched) if !fetched.records.is_empty() => return End::ReadBack,
            // Passing: the client looks for the broker again.
            Ok(_) | Err(LogError::Unreachable(_)) => {}
            Err(error) => return End::Told(error),
        }
    }
    End::Lost
}

async fn each_code(request: Request) -> Vec<(Code, End)> {
    let mut codes = all_codes().into_iter();
    let (mut running, mut ends) = (JoinSet::new(), Vec::new());
    loop {
        while running.len() < AT_ONCE {
            let Some(code) = codes.next() else { break };
            let runtime = Handle::current();
            running.spawn_blocking(move || (Code::from(code), runtime.block_on(one_record(request, code))));
        }
        let Some(end) = running.join_next().await else { break };
        ends.push(end.unwrap());
    }
    assert!(ends.len() > 100, "{} codes", ends.len());
    ends
}

fn of(ends: &[(Code, End)], code: Code) -> &End {
    &ends.iter().find(|(one, _)| *one == code).unwrap().1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_of_publishing_is_told_or_got_over() {
    let ends = each_code(Request::Produce).await;
    for (code, end) in &ends {
        println!("{code:?}: {end:?}");
    }
    // The broker says that it has the record already, which the mock has not: such a one is never read back, stays pending
    // and is handed over again.
    let lost: Vec<_> = ends.iter().filter(|(_, end)| *end == End::Lost).map(|(code, _)| *code).collect();
    assert_eq!(lost, [Code::DuplicateSequenceNumber]);
    for code in [Code::TopicAuthorizationFailed, Code::ClusterAuthorizationFailed] {
        assert!(matches!(of(&ends, code), End::Told(LogError::NotAuthorised(_))), "{:?}", of(&ends, code));
    }
    assert!(matches!(of(&ends, Code::MessageSizeTooLarge), End::Told(LogError::TooLarge(_))));
    for code in [Code::NotLeaderForPartition, Code::RequestTimedOut, Code::NotEnoughReplicas] {
        assert_eq!(*of(&ends, code), End::ReadBack, "{code:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_error_of_fetching_is_told_or_got_over() {
    let ends = each_code(Request::Fetch).await;
    for (code, end) in &ends {
        println!("{code:?}: {end:?}");
    }
    let lost: Vec<_> = ends.iter().filter(|(_, end)| *end == End::Lost).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(matches!(of(&ends, Code::OffsetOutOfRange), End::Told(LogError::Changed(_))));
    assert!(matches!(of(&ends, Code::TopicAuthorizationFailed), End::Told(LogError::NotAuthorised(_))));
    for code in [Code::NotLeaderForPartition, Code::KafkaStorageError, Code::FencedLeaderEpoch] {
        assert_eq!(*of(&ends, code), End::ReadBack, "{code:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_producer_that_gets_no_identity_is_told_or_tries_again() {
    for code in [RDKafkaRespErr::RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED] {
        let end = one_record(Request::InitProducerId, code).await;
        assert!(matches!(end, End::Told(LogError::NotAuthorised(_))), "{end:?}");
    }
    let passing = RDKafkaRespErr::RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
    assert_eq!(one_record(Request::InitProducerId, passing).await, End::ReadBack);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_in_the_middle_of_a_request_loses_nothing() {
    let cut = RDKafkaRespErr::RD_KAFKA_RESP_ERR__TRANSPORT;
    assert_eq!(one_record(Request::Produce, cut).await, End::ReadBack);
    assert_eq!(one_record(Request::Fetch, cut).await, End::ReadBack);
}
