//! Why a server's certificate wasn't accepted. librdkafka says that the check failed, and not whether the certificate has
//! expired or is of another host; its callback for checking certificates is told OpenSSL's reason, which the binding has
//! no way to ask for. So a client that does nothing else connects once more and listens.

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

const PATIENCE: Duration = Duration::from_millis(1_500);

/// OpenSSL's number of the first thing that was wrong.
#[derive(Debug, Default)]
struct Found(Arc<AtomicI32>);

impl ClientContext for Found {
    fn log(&self, _: RDKafkaLogLevel, _: &str, _: &str) {}
    fn error(&self, _: KafkaError, _: &str) {}
}

/// The certificate's fault, or that it isn't trusted when no other is found.
pub(crate) fn of_certificate(settings: &Settings, text: String) -> LogError {
    // X509_V_ERR_...: not yet valid and expired; hostname, e-mail and IP address mismatch.
    match first_fault(settings) {
        Some(9 | 10) => LogError::Expired(text),
        Some(62..=64) => LogError::WrongHost(text),
        _ => LogError::Untrusted(text),
    }
}

fn first_fault(settings: &Settings) -> Option<i32> {
    let config = settings.client();
    let native = config.create_native_config().ok()?;
    // SAFETY: the configuration is alive, and `note` is of the type that is asked for and lives for ever.
    unsafe { bindings::rd_kafka_conf_set_ssl_cert_verify_cb(native.ptr(), Some(note)) };
    let number = Arc::new(AtomicI32::new(0));
    let client = Client::new(&config, native, types::RDKafkaType::RD_KAFKA_PRODUCER, Found(number.clone())).ok()?;
    let begin = Instant::now();
    while number.load(Ordering::Relaxed) == 0 && begin.elapsed() < PATIENCE {
        let _ = client.fetch_metadata(Some("nosmoke"), Duration::from_millis(50));
    }
    Some(number.load(Ordering::Relaxed)).filter(|number| *number != 0)
}

/// Called by librdkafka for each certificate of the chain, with the opaque pointer that `Client::new` has set: its
/// context, which lives as long as the client. Leaves OpenSSL's judgement as it is.
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
    // SAFETY: see above; librdkafka gives a valid pointer to the fault.
    let (found, fault) = unsafe { (&*context.cast::<Found>(), *fault) };
    if fault != 0 {
        let _ = found.0.compare_exchange(0, fault, Ordering::Relaxed, Ordering::Relaxed);
    }
    c_int::from(fault == 0)
}
