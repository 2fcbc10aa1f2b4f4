//! `nosmoke-postgres`: a server for a test that isn't written in Rust, until its input ends. It says how to connect in a line of
//! JSON, and `done` after each line that it hears: `kill`, `start`.

#![allow(clippy::print_stdout, reason = "a program for another program")]

use std::process::ExitCode;

use nosmoke_postgres::{DATABASE, PASSWORD, Server, USER};

fn main() -> ExitCode {
    let mut server = Server::start();
    let port = server.port();
    println!(r#"{{"port":{port},"database":{DATABASE:?},"user":{USER:?},"password":{PASSWORD:?}}}"#);
    for line in std::io::stdin().lines().map_while(Result::ok) {
        match line.as_str() {
            "kill" => server.kill(),
            "start" => server.start_again(),
            unknown => {
                eprintln!("{unknown} is not known here: kill, start");
                return ExitCode::FAILURE;
            }
        }
        println!("done");
    }
    ExitCode::SUCCESS
}
