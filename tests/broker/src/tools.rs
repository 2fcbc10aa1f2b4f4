//! Runs Kafka's own benchmark programs against the broker.

use std::process::Command;

use crate::{Broker, jars};

impl Broker {
    /// Runs a class of Kafka's tools, with Java's default settings, and returns its output.
    ///
    /// # Panics
    /// When the tool can't be run or fails; the message has its output.
    pub fn tool(&self, class: &str, arguments: &[&str]) -> String {
        let jars = jars::of_kafka().expect("Kafka's jars");
        let mut java = Command::new("java");
        java.arg(format!("-Dlog4j2.configurationFile={}", self.folder().join("log4j2.xml").display()));
        java.arg("-cp").arg(jars.join("*")).arg(class).args(arguments);
        let answer = java.output().expect("java runs");
        let printed = String::from_utf8_lossy(&answer.stdout).into_owned();
        assert!(answer.status.success(), "{class}: {printed}{}", String::from_utf8_lossy(&answer.stderr));
        printed
    }
}
