//! `nosmoke-postgres`: runs a PostgreSQL server for tests that aren't written in Rust, until this program's input
//! closes. Prints a line of JSON with the connection settings, then reads the commands `kill` and `start`, one a line,
//! and answers each with `done`.

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
