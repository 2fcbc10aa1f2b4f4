//! Tests that a terminal that is offline for days logs little.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nosmoke_kafka::KafkaLog;
use nosmoke_ports::Log;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{key, settings};

#[derive(Clone, Default)]
struct Lines(Arc<AtomicUsize>, Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.fetch_add(bytes.iter().filter(|byte| **byte == b'\n').count(), Ordering::Relaxed);
        self.1.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Other tests of this binary log to the same writer, so only lines with this test's port are counted.
#[tokio::test]
async fn repeated_attempts_without_a_server_log_only_a_few_lines() {
    let lines = Lines::default();
    tracing_subscriber::fmt().with_writer(lines.clone()).with_ansi(false).init();
    let log = KafkaLog::new(settings("localhost:2", ""));
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(8) {
        assert!(log.open(&key()).await.is_err());
    }
    let text = String::from_utf8(lines.1.lock().unwrap().clone()).unwrap();
    let ours: Vec<&str> = text.lines().filter(|line| line.contains("localhost:2")).collect();
    assert!(!ours.is_empty() && ours.len() <= 4, "{ours:#?}");
}
