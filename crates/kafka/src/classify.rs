//! What an error of librdkafka means to somebody who can do something about it.
//!
//! Its codes tell much, but not what went wrong in TLS or with the kind of listener: that stands in its texts alone. The
//! texts are those of the librdkafka and OpenSSL that we are built with; the tests against a real broker hold them fast.

use nosmoke_ports::LogError;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

/// The class of an error with this code and this text.
pub fn classify(code: Code, text: &str) -> LogError {
    let text = if text.is_empty() { code.to_string() } else { text.to_owned() };
    match code {
        Code::Authentication if text.contains("mechanism handshake failed") => LogError::WrongProtocol(text),
        Code::Authentication | Code::SaslAuthenticationFailed => LogError::BadCredentials(text),
        Code::UnsupportedSASLMechanism | Code::IllegalSASLState | Code::UnsupportedVersion => {
            LogError::WrongProtocol(text)
        }
        Code::TopicAuthorizationFailed
        | Code::ClusterAuthorizationFailed
        | Code::GroupAuthorizationFailed
        | Code::TransactionalIdAuthorizationFailed => LogError::NotAuthorised(text),
        Code::MessageSizeTooLarge | Code::InvalidMessageSize => LogError::TooLarge(text),
        Code::OffsetOutOfRange
        | Code::AutoOffsetReset
        | Code::UnknownTopicOrPartition
        | Code::UnknownTopic
        | Code::UnknownPartition
        | Code::UnknownTopicId
        | Code::InvalidTopic => LogError::Changed(text),
        Code::SSL => of_tls(text),
        Code::Resolve
        | Code::AllBrokersDown
        | Code::BrokerTransportFailure
        | Code::OperationTimedOut
        | Code::MessageTimedOut
        | Code::RequestTimedOut
        | Code::BrokerNotAvailable
        | Code::NetworkException => of_the_way(text),
        Code::BadMessage => other_protocol(text).unwrap_or_else(LogError::Failed),
        _ => LogError::Failed(text),
    }
}

/// The class of an error as the binding gives it.
pub(crate) fn class_of(error: &KafkaError) -> LogError {
    match (error, code_of(error)) {
        (KafkaError::ClientConfig(_, detail, name, _), _) => LogError::Settings(format!("{name}: {detail}")),
        (KafkaError::ClientCreation(detail), _) => LogError::Settings(detail.clone()),
        (KafkaError::Nul(_), _) => LogError::Settings("a zero character".to_owned()),
        (_, Some(code)) => classify(code, &code.to_string()),
        (other, None) => LogError::Failed(other.to_string()),
    }
}

pub(crate) fn code_of(error: &KafkaError) -> Option<Code> {
    match error {
        KafkaError::PartitionEOF(_) => Some(Code::PartitionEOF),
        other => other.rdkafka_error_code(),
    }
}

/// Nothing else that is known of the connection tells more.
pub(crate) fn is_decisive(error: &LogError) -> bool {
    error.is_permanent() && !matches!(error, LogError::WrongProtocol(_))
}

/// The one that tells most, the newest of several.
pub(crate) fn most_telling(errors: impl IntoIterator<Item = LogError>) -> Option<LogError> {
    errors.into_iter().max_by_key(|error| match error {
        error if is_decisive(error) => 3,
        LogError::WrongProtocol(_) => 2,
        LogError::Unreachable(_) => 1,
        _ => 0,
    })
}

fn of_tls(text: String) -> LogError {
    let low = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| low.contains(word));
    // What the server says of us comes as an alert.
    let refusals =
        ["bad certificate", "certificate required", "unknown ca", "certificate unknown", "handshake failure"];
    if low.contains("alert") && has(&refusals) {
        LogError::CertificateRefused(text)
    } else if low.contains("certificate verify failed") || low.contains("failed to verify broker certificate") {
        LogError::Untrusted(text)
    } else if has(&["wrong version number", "unexpected message", "packet length too long", "record layer failure"]) {
        LogError::WrongProtocol(text)
    } else {
        other_protocol(text).unwrap_or_else(of_the_way)
    }
}

fn of_the_way(text: String) -> LogError {
    let low = text.to_lowercase();
    if low.contains("alert") && low.contains("certificate") {
        return LogError::CertificateRefused(text);
    }
    if hung_up_early(&low) {
        return LogError::WrongProtocol(text);
    }
    other_protocol(text).unwrap_or_else(LogError::Unreachable)
}

/// A server that wants TLS or a user, and gets neither, says nothing and hangs up.
fn hung_up_early(low: &str) -> bool {
    const EARLY_MS: u32 = 2_000;
    let Some((_, after)) = low.split_once("disconnected").and_then(|(_, rest)| rest.rsplit_once("(after ")) else {
        return false;
    };
    let at_once = || after.split_once("ms").and_then(|(ms, _)| ms.parse().ok()).is_some_and(|ms: u32| ms < EARLY_MS);
    ["apiversion_query", "ssl_handshake", "auth_handshake"].iter().any(|state| after.contains(state))
        || (after.contains("in state up") && at_once())
}

/// The client's own guess, from how the other side behaved.
fn other_protocol(text: String) -> Result<LogError, String> {
    const HINTS: &[&str] = &[
        "connecting to a ssl listener",
        "connecting to a plaintext broker listener",
        "incorrect security.protocol",
        "invalid response size",
        "security.protocol is correctly configured",
    ];
    let low = text.to_lowercase();
    if HINTS.iter().any(|hint| low.contains(hint)) { Ok(LogError::WrongProtocol(text)) } else { Err(text) }
}
