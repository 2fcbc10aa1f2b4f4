//! `nosmoke-broker [--tls] [--scram] [--json]`: runs a Kafka broker for trying replication by hand until Ctrl+C, or
//! with `--json` for a test program until this program's input closes.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use std::io::Read;
use std::process::ExitCode;

use nosmoke_broker::{Broker, Listener, Options, PASSWORD, USER};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = arguments.iter().find(|word| !["--tls", "--scram", "--json"].contains(&word.as_str())) {
        eprintln!("{unknown} is not known here: nosmoke-broker [--tls] [--scram] [--json]");
        return ExitCode::FAILURE;
    }
    let has = |word: &str| arguments.iter().any(|given| given == word);
    let options = Options { tls: has("--tls"), scram: has("--scram") };
    let broker = match Broker::try_start(options) {
        Ok(broker) => broker,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    if has("--json") {
        println!("{}", as_json(&broker, options));
    } else {
        println!("{}", as_text(&broker, options));
    }
    // Ctrl+C ends this process and, with it, the broker.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    if !has("--json") {
        loop {
            std::thread::park();
        }
    }
    ExitCode::SUCCESS
}

/// Formats the broker's addresses, process id and folder as JSON, for the program that started this one.
fn as_json(broker: &Broker, options: Options) -> String {
    let secure = strictest(options).map_or("null".to_owned(), |listener| format!("{:?}", broker.address(listener)));
    let folder = broker.folder().display().to_string();
    format!(r#"{{"servers":{:?},"secure":{secure},"pid":{},"folder":{folder:?}}}"#, broker.servers(), broker.pid())
}

/// Formats the values to enter in Settings, Connection.
fn as_text(broker: &Broker, options: Options) -> String {
    let mut lines = vec![format!("Kafka runs. Servers: {} (no TLS, no user)", broker.servers())];
    if let Some(listener) = strictest(options) {
        lines.push(format!("\nWith the security that you asked for:\n  Servers   {}", broker.address(listener)));
    }
    if options.tls {
        lines.push(format!("  Transport TLS\n  CA file   {}", broker.certificates().ca().display()));
    }
    if options.scram {
        lines.push(format!("  User      {USER}\n  Password  {PASSWORD}"));
    }
    if options.tls {
        let (certificate, key) = broker.certificates().client();
        lines.push(format!("\nWith mutual TLS:\n  Servers     {}", broker.address(Listener::MutualTls)));
        lines.push(format!("  Certificate {}\n  Key         {}", certificate.display(), key.display()));
    }
    lines.push(format!(
        "\nTerminals exchange over it if they have the same facility key. With windows: set the first one up, enter the \
         servers in Settings, Connection (설정, 연결), and join with the code in Settings, Pairing (설정, 단말 연결).\nWithout, \
         the first start makes the file `facility-key`:\n\
         \x20 nosmoke serve --data-dir A --listen 127.0.0.1:8081 --kafka {servers} --facility-key facility-key\n\
         \x20 nosmoke serve --data-dir B --listen 127.0.0.1:8082 --kafka {servers} --facility-key facility-key",
        servers = broker.servers()
    ));
    lines.push("\nCtrl+C ends it and deletes its data.".to_owned());
    lines.join("\n")
}

/// Returns the listener that uses all of the options: SCRAM, TLS or both. `None` without options.
fn strictest(options: Options) -> Option<Listener> {
    match (options.tls, options.scram) {
        (true, true) => Some(Listener::ScramTls),
        (true, false) => Some(Listener::Tls),
        (false, true) => Some(Listener::Scram),
        (false, false) => None,
    }
}
