//! What an error of a client means, by its code: whether reading and delivering go on. Pure, so that each code can be
//! tested; some come from a broker only by chance.

use nosmoke_ports::LogError;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::classify::{class_of, classify, code_of};

/// Errors after which a producer delivers no further messages.
const FATAL: [Code; 3] = [Code::Fatal, Code::UnsupportedFeature, Code::Fenced];

/// What an error from the consumer's queues means for reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ForReading {
    /// Reading goes on: the client retries by itself, or the error concerns nothing that is used.
    GoesOn,
    /// No broker can be reached. The client's callback has the reason.
    NoBroker,
    /// The cause is in what the client's callback reported before, if that is certain.
    AsReported,
    Fails(LogError),
}

/// What an error that a client reports by its callback means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reported {
    /// The end of a partition; the text has its offset.
    End,
    /// It concerns nothing that is used, or says less than the error before it.
    Nothing,
    Error {
        class: LogError,
        /// Whether a producer doesn't recover from it, so that it counts as a failed delivery.
        ends_delivery: bool,
    },
}

/// Says what an error from the consumer's queues means for reading.
pub(crate) fn for_reading(error: &KafkaError) -> ForReading {
    match code_of(error) {
        // These errors are temporary, or concern one broker of several: the client retries by itself.
        Some(
            Code::BrokerTransportFailure
            | Code::Resolve
            | Code::OperationTimedOut
            | Code::BadMessage
            | Code::PartitionEOF,
        ) => ForReading::GoesOn,
        // A group must be named, but none is joined, so no right to it is needed.
        Some(Code::GroupAuthorizationFailed) => ForReading::GoesOn,
        Some(Code::AllBrokersDown) => ForReading::NoBroker,
        Some(Code::SSL) => ForReading::AsReported,
        Some(code) => ForReading::Fails(classify(code, "")),
        None => ForReading::Fails(class_of(error)),
    }
}

/// Says what an error that a client reports by its callback means.
pub(crate) fn reported(error: &KafkaError, reason: &str) -> Reported {
    match code_of(error) {
        Some(Code::PartitionEOF) => Reported::End,
        // librdkafka looks for a coordinator because a group must be named, but no group is joined.
        Some(Code::GroupAuthorizationFailed) => Reported::Nothing,
        // The error that was reported before this one has the reason.
        Some(Code::AllBrokersDown) => Reported::Nothing,
        Some(code) => {
            let class = classify(code, reason);
            // Network errors end nothing: the client retries, and the consumer reports them too.
            let ends_delivery = match &class {
                LogError::NotAuthorised(_) => true,
                LogError::Failed(_) => code as i32 > 0 || FATAL.contains(&code),
                _ => false,
            };
            Reported::Error { class, ends_delivery }
        }
        None => Reported::Error { class: LogError::Failed(reason.to_owned()), ends_delivery: false },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(code: Code) -> ForReading {
        for_reading(&KafkaError::MessageConsumption(code))
    }

    fn report(code: Code) -> Reported {
        reported(&KafkaError::Global(code), "why")
    }

    #[test]
    fn a_refused_group_stops_neither_reading_nor_delivering() {
        assert_eq!(read(Code::GroupAuthorizationFailed), ForReading::GoesOn);
        assert_eq!(report(Code::GroupAuthorizationFailed), Reported::Nothing);
    }

    #[test]
    fn reading_goes_on_after_what_the_client_retries() {
        let retried = [Code::BrokerTransportFailure, Code::Resolve, Code::OperationTimedOut, Code::BadMessage];
        for code in retried {
            assert_eq!(read(code), ForReading::GoesOn, "{code:?}");
        }
        assert_eq!(for_reading(&KafkaError::PartitionEOF(3)), ForReading::GoesOn);
    }

    #[test]
    fn reading_fails_by_a_missing_right_and_by_another_log() {
        for code in [Code::TopicAuthorizationFailed, Code::ClusterAuthorizationFailed] {
            assert!(matches!(read(code), ForReading::Fails(LogError::NotAuthorised(_))), "{code:?}");
        }
        for code in [Code::OffsetOutOfRange, Code::AutoOffsetReset, Code::UnknownTopicOrPartition] {
            assert!(matches!(read(code), ForReading::Fails(LogError::Changed(_))), "{code:?}");
        }
        assert!(matches!(read(Code::Authentication), ForReading::Fails(LogError::BadCredentials(_))));
        assert_eq!((read(Code::AllBrokersDown), read(Code::SSL)), (ForReading::NoBroker, ForReading::AsReported));
        let setting = KafkaError::ClientCreation("a setting".into());
        assert!(matches!(for_reading(&setting), ForReading::Fails(LogError::Settings(_))));
    }

    #[test]
    fn delivery_ends_by_a_missing_right_or_a_fatal_error_and_by_no_network_error() {
        let ends = |code| match report(code) {
            Reported::Error { ends_delivery, .. } => Some(ends_delivery),
            Reported::End | Reported::Nothing => None,
        };
        for code in [Code::TopicAuthorizationFailed, Code::ClusterAuthorizationFailed, Code::Fatal, Code::Fenced] {
            assert_eq!(ends(code), Some(true), "{code:?}");
        }
        // An answer of a broker without a class of its own.
        assert_eq!(ends(Code::NotEnoughReplicas), Some(true));
        for code in [Code::BrokerTransportFailure, Code::Resolve, Code::SSL, Code::Authentication, Code::UnknownTopic] {
            assert_eq!(ends(code), Some(false), "{code:?}");
        }
        assert_eq!((report(Code::PartitionEOF), report(Code::AllBrokersDown)), (Reported::End, Reported::Nothing));
    }
}
