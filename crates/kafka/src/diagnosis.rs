//! Finds out why a server's certificate wasn't accepted. librdkafka reports only that verification failed, not whether
//! the certificate is expired or belongs to another host. OpenSSL passes the reason to its verification callback, which
//! rdkafka doesn't expose; so another client connects, with that callback set directly.

use std::ffi::{c_char, c_int, c_void};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::{Duration, Instant};

use nosmoke_ports::LogError;
use rdkafka::client::Client;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::{ClientContext, bindings, types};

use crate::settings::Settings;

/// How long to wait for the callback.
const DIAGNOSIS_TIMEOUT: Duration = Duration::from_millis(1_500);

/// OpenSSL's number of the first error in the certificate chain; 0 if there is none yet.
#[derive(Debug, Default)]
struct FirstFault(Arc<AtomicI32>);

impl ClientContext for FirstFault {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}
    fn error(&self, _: KafkaError, _: &str) {}
}

/// Returns the error that names the certificate's fault; `Untrusted` if none is found, or one without an error of its own.
pub(crate) fn of_certificate(settings: &Settings, text: String) -> LogError {
    // Numbers of OpenSSL's X509_V_ERR_...: not yet valid and expired; hostname, e-mail and IP address mismatch.
    match first_fault(settings) {
        Some(9 | 10) => LogError::Expired(text),
        Some(62..=64) => LogError::WrongHost(text),
        _ => LogError::Untrusted(text),
    }
}

fn first_fault(settings: &Settings) -> Option<i32> {
    let config = settings.client();
    let native = config.create_native_config().ok()?;
    // SAFETY: the configuration is alive, and `note` has the callback's type and is static.
    unsafe { bindings::rd_kafka_conf_set_ssl_cert_verify_cb(native.ptr(), Some(note)) };
    let number = Arc::new(AtomicI32::new(0));
    let client =
        Client::new(&config, native, types::RDKafkaType::RD_KAFKA_PRODUCER, FirstFault(number.clone())).ok()?;
    let begin = Instant::now();
    while number.load(Ordering::Relaxed) == 0 && begin.elapsed() < DIAGNOSIS_TIMEOUT {
        let _ = client.fetch_metadata(Some("nosmoke"), Duration::from_millis(50));
    }
    Some(number.load(Ordering::Relaxed)).filter(|number| *number != 0)
}

/// librdkafka's callback for each certificate of the chain. The opaque pointer is the context that `Client::new` has
/// set, which lives as long as the client. The callback returns OpenSSL's verdict unchanged.
unsafe extern "C" fn note(
    _: *mut bindings::rd_kafka_t,
    _broker: *const c_char,
    _id: i32,
    fault: *mut c_int,
    _depth: c_int,
    _certificate: *const c_char,
    _size: usize,
    _text: *mut c_char,
    _text_size: usize,
    context: *mut c_void,
) -> c_int {
    // SAFETY: `context` is valid (see above), and librdkafka passes a valid pointer to the fault.
    let (found, fault) = unsafe { (&*context.cast::<FirstFault>(), *fault) };
    if fault != 0 {
        let _ = found.0.compare_exchange(0, fault, Ordering::Relaxed, Ordering::Relaxed);
    }
    c_int::from(fault == 0)
}
