//! Maps errors of librdkafka to the [`LogError`] that tells the user the right remedy. Some codes don't say what failed
//! in TLS, or that the listener expects another protocol; only the texts do. These are the texts of the librdkafka and
//! OpenSSL that we link; tests against a real broker fail if the texts change.

use nosmoke_ports::LogError;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

/// Classifies an error by its code and text.
pub fn classify(code: Code, text: &str) -> LogError {
    let text = if text.is_empty() { code.to_string() } else { text.to_owned() };
    match code {
        Code::UnsupportedSASLMechanism => LogError::WrongMechanism(text),
        Code::Authentication if text.contains("Unsupported SASL mechanism") => LogError::WrongMechanism(text),
        Code::Authentication if text.contains("mechanism handshake failed") => LogError::WrongProtocol(text),
        Code::Authentication | Code::SaslAuthenticationFailed => LogError::BadCredentials(text),
        Code::IllegalSASLState | Code::UnsupportedVersion => LogError::WrongProtocol(text),
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
        Code::SSL => tls_error(text),
        Code::Resolve
        | Code::AllBrokersDown
        | Code::BrokerTransportFailure
        | Code::OperationTimedOut
        | Code::MessageTimedOut
        | Code::RequestTimedOut
        | Code::BrokerNotAvailable
        | Code::NetworkException => network_error(text),
        Code::BadMessage => other_protocol(text).unwrap_or_else(LogError::Failed),
        _ => LogError::Failed(text),
    }
}

/// Classifies an error of rdkafka.
pub(crate) fn class_of(error: &KafkaError) -> LogError {
    match (error, code_of(error)) {
        (KafkaError::ClientConfig(_, detail, name, _), _) => LogError::Settings(format!("{name}: {detail}")),
        (KafkaError::ClientCreation(detail), _) => LogError::Settings(detail.clone()),
        (KafkaError::Nul(_), _) => LogError::Settings("a setting contains a NUL character".to_owned()),
        (_, Some(code)) => classify(code, &code.to_string()),
        (other, None) => LogError::Failed(other.to_string()),
    }
}

pub(crate) fn code_of(error: &KafkaError) -> Option<Code> {
    match error {
        KafkaError::PartitionEOF(_) => Some(Code::PartitionEOF),
        // rdkafka returns none for it.
        KafkaError::AdminOp(code) => Some(*code),
        other => other.rdkafka_error_code(),
    }
}

/// Whether an error is certain, so that waiting for further errors is pointless.
pub(crate) fn is_decisive(error: &LogError) -> bool {
    error.is_permanent() && !matches!(error, LogError::WrongProtocol(_))
}

/// Returns the most specific error, or the newest of several that are equally specific.
pub(crate) fn most_telling(errors: impl IntoIterator<Item = LogError>) -> Option<LogError> {
    errors.into_iter().max_by_key(|error| match error {
        error if is_decisive(error) => 3,
        LogError::WrongProtocol(_) => 2,
        LogError::Unreachable(_) => 1,
        _ => 0,
    })
}

fn tls_error(text: String) -> LogError {
    let low = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| low.contains(word));
    // The server rejected our certificate with a TLS alert.
    let refusals =
        ["bad certificate", "certificate required", "unknown ca", "certificate unknown", "handshake failure"];
    if low.contains("alert") && has(&refusals) {
        LogError::CertificateRefused(text)
    } else if low.contains("certificate verify failed") || low.contains("failed to verify broker certificate") {
        LogError::Untrusted(text)
    } else if has(&["wrong version number", "unexpected message", "packet length too long", "message layer failure"]) {
        LogError::WrongProtocol(text)
    } else {
        other_protocol(text).unwrap_or_else(network_error)
    }
}

fn network_error(text: String) -> LogError {
    let low = text.to_lowercase();
    if low.contains("alert") && low.contains("certificate") {
        return LogError::CertificateRefused(text);
    }
    if hung_up_early(&low) {
        return LogError::WrongProtocol(text);
    }
    other_protocol(text).unwrap_or_else(LogError::Unreachable)
}

/// Whether the server closed the connection during the handshake or right after it. A server that expects TLS or a
/// user, and got neither, does that.
fn hung_up_early(low: &str) -> bool {
    const EARLY_MS: u32 = 2_000;
    let Some((_, after)) = low.split_once("disconnected").and_then(|(_, rest)| rest.rsplit_once("(after ")) else {
        return false;
    };
    let at_once = || after.split_once("ms").and_then(|(ms, _)| ms.parse().ok()).is_some_and(|ms: u32| ms < EARLY_MS);
    ["apiversion_query", "ssl_handshake", "auth_handshake"].iter().any(|state| after.contains(state))
        || (after.contains("in state up") && at_once())
}

/// Recognises librdkafka's own guess that the listener expects another protocol.
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
