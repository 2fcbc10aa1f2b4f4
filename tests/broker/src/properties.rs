//! The broker's configuration: a single node that is its own controller, listens on loopback only and keeps its data in
//! one folder.

use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};
use std::net::TcpListener;
use std::path::Path;

use crate::{Certificates, Listener, Options};

/// Each listener with its port.
pub(crate) type Ports = Vec<(Listener, u16)>;

pub(crate) fn listeners(options: Options) -> Vec<Listener> {
    let all = [
        (true, &[Listener::Plain][..]),
        (options.scram, &[Listener::Scram]),
        (options.tls, &[Listener::Tls, Listener::MutualTls, Listener::Expired, Listener::Elsewhere]),
        (options.tls && options.scram, &[Listener::ScramTls, Listener::LoginTls, Listener::Away]),
    ];
    all.into_iter().filter(|(wanted, _)| *wanted).flat_map(|(_, listeners)| listeners.iter().copied()).collect()
}

/// Returns free ports below the range that outgoing connections take theirs from (32,768 on Linux): otherwise one of
/// those could take the port before the broker binds it, or while a killed broker is down.
pub(crate) fn free_ports(count: usize) -> Result<Vec<u16>, String> {
    const RANGE: std::ops::Range<u16> = 12_000..32_000;
    let start = RandomState::new().hash_one(std::process::id());
    let start = usize::try_from(start % RANGE.len() as u64).unwrap_or_default();
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let free: Vec<u16> = RANGE.cycle().skip(start).take(RANGE.len()).filter(is_free).take(count).collect();
    if free.len() < count { Err("no free port".to_owned()) } else { Ok(free) }
}

pub(crate) fn text(ports: &Ports, controller: u16, folder: &Path, certificates: Option<&Certificates>) -> String {
    let at = |(listener, port): &(Listener, u16)| format!("{}://127.0.0.1:{port}", listener.name());
    let advertised = |(listener, port): &(Listener, u16)| {
        let host = if *listener == Listener::Away { "nowhere.invalid" } else { "localhost" };
        format!("{}://{host}:{port}", listener.name())
    };
    let protocol = |(listener, _): &(Listener, u16)| format!("{}:{}", listener.name(), listener.protocol());
    let joined = |of: &dyn Fn(&(Listener, u16)) -> String| ports.iter().map(of).collect::<Vec<_>>().join(",");
    let mut text = format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAIN
listeners=CONTROLLER://127.0.0.1:{controller},{}
advertised.listeners={}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,{}
log.dirs={}
num.network.threads=2
num.io.threads=2
background.threads=2
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
controlled.shutdown.enable=false
sasl.enabled.mechanisms=SCRAM-SHA-512,SCRAM-SHA-256
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:{};User:CN=desk
",
        joined(&at),
        joined(&advertised),
        joined(&protocol),
        folder.join("data").display(),
        crate::USER,
    );
    let scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;";
    for (listener, _) in ports {
        let of = format!("listener.name.{}", listener.name().to_lowercase());
        if *listener == Listener::LoginTls {
            let login = "org.apache.kafka.common.security.plain.PlainLoginModule required";
            let _ = writeln!(text, "{of}.sasl.enabled.mechanisms=PLAIN");
            let _ = writeln!(text, "{of}.plain.sasl.jaas.config={login} user_{}=\"{}\";", crate::USER, crate::PASSWORD);
        } else if listener.protocol().starts_with("SASL") {
            let _ = writeln!(text, "{of}.scram-sha-512.sasl.jaas.config={scram}");
            let _ = writeln!(text, "{of}.scram-sha-256.sasl.jaas.config={scram}");
        }
        let (Some(keystore), Some(certificates)) = (listener.keystore(), certificates) else { continue };
        let _ = writeln!(text, "{of}.ssl.keystore.type=PEM");
        let _ = writeln!(text, "{of}.ssl.keystore.location={}", certificates.keystore(keystore).display());
        if *listener == Listener::MutualTls {
            let _ = writeln!(text, "{of}.ssl.client.auth=required");
            let _ = writeln!(text, "{of}.ssl.truststore.type=PEM");
            let _ = writeln!(text, "{of}.ssl.truststore.location={}", certificates.ca().display());
        }
    }
    text
}

/// Kafka's logging configuration: warnings, and the line that says that the broker has started.
pub(crate) const LOGGING: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN">
  <Appenders>
    <Console name="out"><PatternLayout pattern="%d %p %m (%c{1})%n"/></Console>
  </Appenders>
  <Loggers>
    <Logger name="kafka.server.KafkaRaftServer" level="INFO"/>
    <Root level="WARN"><AppenderRef ref="out"/></Root>
  </Loggers>
</Configuration>
"#;
