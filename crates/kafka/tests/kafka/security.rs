//! Tests that each wrong setting for a secured cluster gives its own error.

use std::time::{Duration, Instant};

use nosmoke_broker::{GUEST, GUEST_PASSWORD, Listener, PASSWORD, USER};
use nosmoke_kafka::{KafkaLog, Settings, try_connection};
use nosmoke_ports::contract::{SaslMechanism, Transport};
use nosmoke_ports::{Log, LogError};

use crate::support::{fact, fetch_messages, from_the_start, key, over_tls, publish_all, settings, shared};

fn as_user(mut settings: Settings, user: &str, password: &str) -> Settings {
    settings.user = user.to_owned();
    settings.password = password.to_owned();
    settings
}

fn with(mut settings: Settings, (certificate, key): (std::path::PathBuf, std::path::PathBuf)) -> Settings {
    settings.certificate_file = certificate.display().to_string();
    settings.key_file = key.display().to_string();
    settings
}

/// Returns the trial's error; it must come within 10 s.
async fn error_of(settings: Settings) -> LogError {
    let trial = try_connection(settings).await;
    println!("{:?}: {:?}", trial.took, trial.error);
    assert!(trial.took < Duration::from_secs(10), "{:?}", trial.took);
    trial.error.expect("an error")
}

async fn works(settings: Settings) {
    let log = KafkaLog::new(settings);
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    publish_all(&log, vec![fact("one", "1")]).await.unwrap();
    assert_eq!(fetch_messages(&log, 1).await.messages.len(), 1);
    log.close().await;
}

#[tokio::test]
async fn every_listener_works_with_the_right_settings() {
    works(over_tls(Listener::Tls, "in-tls")).await;
    works(with(over_tls(Listener::MutualTls, "in-mutual"), shared().certificates().client())).await;
    works(as_user(over_tls(Listener::ScramTls, "in-scram-tls"), USER, PASSWORD)).await;
    works(as_user(settings(&shared().address(Listener::Scram), "in-scram"), USER, PASSWORD)).await;
    let by =
        |mechanism, listener, prefix| Settings { mechanism, ..as_user(over_tls(listener, prefix), USER, PASSWORD) };
    works(by(SaslMechanism::ScramSha256, Listener::ScramTls, "in-scram-256")).await;
    works(by(SaslMechanism::Plain, Listener::LoginTls, "in-plain")).await;
}

#[tokio::test]
async fn an_authority_that_did_not_sign_is_untrusted() {
    let mut settings = over_tls(Listener::Tls, "");
    settings.ca_file = shared().certificates().other_ca().display().to_string();
    assert!(matches!(error_of(settings).await, LogError::Untrusted(_)));
    let mut settings = over_tls(Listener::Tls, "");
    settings.ca_file = String::new();
    assert!(
        matches!(error_of(settings).await, LogError::Untrusted(_)),
        "the system's authorities didn't sign it either"
    );
}

#[tokio::test]
async fn an_expired_certificate_is_reported() {
    assert!(matches!(error_of(over_tls(Listener::Expired, "")).await, LogError::Expired(_)));
}

#[tokio::test]
async fn a_certificate_of_another_host_is_reported() {
    assert!(matches!(error_of(over_tls(Listener::Elsewhere, "")).await, LogError::WrongHost(_)));
}

#[tokio::test]
async fn plain_instead_of_tls_and_the_reverse_are_a_wrong_protocol() {
    assert!(matches!(error_of(settings(&shared().address(Listener::Tls), "")).await, LogError::WrongProtocol(_)));
    assert!(matches!(error_of(over_tls(Listener::Plain, "")).await, LogError::WrongProtocol(_)));
}

#[tokio::test]
async fn a_missing_or_foreign_client_certificate_is_refused() {
    let settings = over_tls(Listener::MutualTls, "");
    assert!(matches!(error_of(settings.clone()).await, LogError::CertificateRefused(_)));
    let foreign = with(settings, shared().certificates().stranger());
    assert!(matches!(error_of(foreign).await, LogError::CertificateRefused(_)));
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_are_bad_credentials() {
    for (user, password) in [(USER, "not-this-one"), ("nobody", PASSWORD)] {
        let error = error_of(as_user(over_tls(Listener::ScramTls, ""), user, password)).await;
        assert!(matches!(error, LogError::BadCredentials(_)), "{error:?}");
        assert!(!error.to_string().contains(password));
    }
}

#[tokio::test]
async fn a_server_with_other_login_methods_says_which_it_has() {
    let error = error_of(as_user(over_tls(Listener::LoginTls, ""), USER, PASSWORD)).await;
    assert!(matches!(&error, LogError::WrongMechanism(text) if text.contains("PLAIN")), "{error:?}");
    let plain = as_user(settings(&shared().address(Listener::Scram), ""), USER, PASSWORD);
    let error = error_of(Settings { mechanism: SaslMechanism::Plain, ..plain }).await;
    assert!(matches!(&error, LogError::Settings(text) if text.contains("TLS")), "{error:?}");
}

#[tokio::test]
async fn a_cluster_that_names_unreachable_servers_is_said_to() {
    let away = settings(&shared().address(Listener::Away), "away");
    let error = error_of(away.clone()).await;
    assert!(matches!(&error, LogError::Advertised(text) if text.contains("nowhere.invalid")), "{error:?}");
    let error = KafkaLog::new(away).open(&key()).await.unwrap_err();
    assert!(matches!(error, LogError::Advertised(_)), "{error:?}");
}

#[tokio::test]
async fn a_missing_and_a_needless_user_are_reported() {
    let none = error_of(settings(&shared().address(Listener::Scram), "")).await;
    assert!(matches!(none, LogError::BadCredentials(_) | LogError::WrongProtocol(_)), "{none:?}");
    let needless = error_of(as_user(settings(&shared().servers(), ""), USER, PASSWORD)).await;
    assert!(matches!(needless, LogError::WrongProtocol(_)), "{needless:?}");
}

#[tokio::test]
async fn a_user_without_rights_is_not_authorised() {
    let guest = as_user(over_tls(Listener::ScramTls, "guest"), GUEST, GUEST_PASSWORD);
    let error = KafkaLog::new(guest).open(&key()).await.unwrap_err();
    assert!(matches!(error, LogError::NotAuthorised(_)), "{error:?}");
}

#[tokio::test]
async fn rights_to_read_and_write_the_topics_are_enough() {
    let made = KafkaLog::new(settings(&shared().servers(), "unread"));
    made.open(&key()).await.unwrap();
    made.close().await;
    let servers = shared().servers();
    let rights = ["--operation", "Read", "--operation", "Write"];
    let whose = ["--bootstrap-server", &servers, "--add", "--allow-principal", "User:guest"];
    let on = ["--topic", "unread.", "--resource-pattern-type", "prefixed"];
    shared().tool("org.apache.kafka.tools.AclCommand", &[&whose[..], &rights, &on].concat());
    let log = KafkaLog::new(as_user(over_tls(Listener::ScramTls, "unread"), GUEST, GUEST_PASSWORD));
    let view = log.open(&key()).await.unwrap();
    log.read_from(&from_the_start(&view)).await.unwrap();
    publish_all(&log, vec![fact("one", "1")]).await.unwrap();
    assert_eq!(fetch_messages(&log, 1).await.messages.len(), 1);
    // The refusal of the group, which is named and not used, comes within a second.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(1_500) {
        log.fetch(10, Duration::from_millis(100)).await.unwrap();
    }
    log.close().await;
}

#[tokio::test]
async fn invalid_settings_are_reported_without_a_connection() {
    let folder = tempfile::tempdir().unwrap();
    let nonsense = folder.path().join("nonsense.pem");
    std::fs::write(&nonsense, "nonsense").unwrap();
    let plain = settings("localhost:1", "");
    let tls = || Settings { transport: Transport::Tls, ..plain.clone() };
    let file = || nonsense.display().to_string();
    for wrong in [
        Settings { servers: String::new(), ..plain.clone() },
        Settings { servers: "localhost".to_owned(), ..plain.clone() },
        Settings { servers: "localhost:99999".to_owned(), ..plain.clone() },
        Settings { prefix: "a b".to_owned(), ..plain.clone() },
        Settings { ca_file: "/nowhere/ca.pem".to_owned(), ..tls() },
        Settings { ca_file: file(), ..tls() },
        Settings { certificate_file: file(), ..tls() },
        Settings { certificate_file: file(), key_file: file(), ..tls() },
    ] {
        let error = error_of(wrong).await;
        assert!(matches!(error, LogError::Settings(_)), "{error:?}");
    }
}

#[tokio::test]
async fn no_server_is_unreachable() {
    let (refused, unknown) =
        tokio::join!(error_of(settings("localhost:1", "")), error_of(settings("no-such-host.invalid:9092", "")));
    assert!(matches!(refused, LogError::Unreachable(_)), "{refused:?}");
    assert!(matches!(unknown, LogError::Unreachable(_)), "{unknown:?}");
}

#[tokio::test]
async fn a_trial_counts_the_facts_and_creates_no_topic() {
    let trial = try_connection(settings(&shared().servers(), "trial")).await;
    assert_eq!((trial.facts, &trial.error), (Some(0), &None));
    let log = KafkaLog::new(settings(&shared().servers(), "trial"));
    let view = log.open(&key()).await.unwrap();
    assert_eq!(trial.cluster_id.as_ref(), Some(&view.cluster_id));
    log.read_from(&from_the_start(&view)).await.unwrap();
    publish_all(&log, vec![fact("one", "1"), fact("other", "2")]).await.unwrap();
    fetch_messages(&log, 2).await;
    log.close().await;
    let trial = try_connection(settings(&shared().servers(), "trial")).await;
    assert_eq!((trial.facts, trial.error), (Some(2), None));
}
