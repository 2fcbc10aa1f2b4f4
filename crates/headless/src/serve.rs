//! `nosmoke serve`: runs a terminal with its gateway until it is stopped.

use std::sync::Arc;

use nosmoke_application::commands::Unattended;
use nosmoke_application::queries;
use nosmoke_composition::{
    Environment, FolderOptions, MypageServer, OpenFolder, machine_folder, note_gateway_address, open_gateway_token,
    read_facility_file, write_facility_file,
};
use nosmoke_gateway::{Limits, Served, bind};
use nosmoke_ports::contract::{AppError, Connection, Request, SaveTerminal, TracingSetting};
use nosmoke_replication::joining::{connection, pairing};
use uuid::Uuid;

use crate::args::ServeArgs;
use crate::error::{Failed, say};

/// Opens the folder, serves requests until a signal to stop, and closes the folder.
pub async fn serve(environment: Environment, args: ServeArgs) -> Result<(), Failed> {
    // Registered before the folder is opened, so that a signal is noticed even if opening takes long.
    let stop_signal = stop_signal()?;
    if !args.listen.ip().is_loopback() {
        return Err(Failed::Other(nosmoke_gateway::BindError::NotLoopback(args.listen).to_string()));
    }
    let mut open = open(&environment, &args).await?;
    let running = match answer(&environment, &args, &open).await {
        Ok(running) => running,
        Err(failed) => {
            open.close().await;
            return Err(failed);
        }
    };
    say(format_args!("http://{}", running.address))?;
    stop_signal.await;
    let address_cleared = note_gateway_address(open.folder(), None);
    tokio::join!(running.stop(), open.end_replication());
    open.close().await;
    Ok(address_cleared?)
}

/// Registers for SIGTERM and SIGINT, and returns a future that completes at the first of them.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // If Ctrl+C can't be caught, this never completes, and the program must be killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Starts the gateway. The token is written before the port is bound, so that a client that can connect finds the
/// token.
async fn answer(
    environment: &Environment,
    args: &ServeArgs,
    open: &OpenFolder,
) -> Result<nosmoke_gateway::RunningGateway, Failed> {
    let token = open_gateway_token(open.folder(), &*environment.ids)?;
    let listener = bind(args.listen).await.map_err(|error| Failed::Other(error.to_string()))?;
    let address = listener.local_addr()?;
    note_gateway_address(open.folder(), Some(address))?;
    Ok(nosmoke_gateway::serve(listener, Served::new(open.terminal().clone(), &token, Limits::default()))?)
}

async fn open(environment: &Environment, args: &ServeArgs) -> Result<OpenFolder, Failed> {
    let connection = args.kafka.clone().map(|servers| Connection {
        servers,
        prefix: args.topic_prefix.clone().unwrap_or_default(),
        ..Connection::default()
    });
    if let Some(connection) = &connection {
        connection::check(connection)?;
    }
    let given = args.facility_key.as_deref().map(read_facility_file).transpose()?.flatten();
    let mypage = args
        .mypage_url
        .as_deref()
        .filter(|url| !url.is_empty())
        .map(MypageServer::from_url)
        .transpose()
        .map_err(|error| Failed::Other(format!("--mypage-url: {error}")))?;
    let folder = args.folder.data_dir.clone();
    let options = FolderOptions { folder, marks: machine_folder(), replicates: true, connection, mypage };
    let mut open = OpenFolder::open(environment.clone(), options, Arc::new(())).await?;
    let begun = async {
        if !open.is_set_up().await? {
            let (facility_id, key) = given.clone().map_or((None, None), |it| (it.facility_id, Some(it.key)));
            let input = Unattended { terminal_name: args.terminal_name.clone(), facility_id, key };
            open.set_up_unattended(input).await?;
        } else {
            if let Some(given) = &given {
                open.accept_key(given.key.clone()).await?;
            }
            if let Some(name) = &args.terminal_name {
                rename(&open, name).await?;
            }
        }
        if args.otlp.is_some() || args.zipkin.is_some() {
            let kept = open.tracing().setting;
            let setting =
                TracingSetting { otlp: args.otlp.clone().or(kept.otlp), zipkin: args.zipkin.clone().or(kept.zipkin) };
            open.save_tracing(&setting).await?;
        }
        if let (Some(path), None) = (&args.facility_key, &given) {
            let pairing = pairing::pairing(&*open.terminal().core.journal).await?;
            write_facility_file(path, &pairing.code)?;
        }
        Ok::<_, AppError>(())
    };
    match begun.await {
        Ok(()) => Ok(open),
        Err(error) => {
            open.close().await;
            Err(error.into())
        }
    }
}

async fn rename(open: &OpenFolder, name: &str) -> Result<(), AppError> {
    let terminal = open.terminal();
    let place = queries::Place { data_folder: String::new(), demonstration: false, version: String::new() };
    let shown = terminal.queries.session(place).await?;
    if shown.is_some_and(|session| session.terminal.name == name) {
        return Ok(());
    }
    let command = SaveTerminal { name: name.to_owned() }.into();
    let request = Request { idempotency_key: Uuid::new_v4().to_string(), command };
    terminal.commands.run(terminal.queries.recorder().await?, request).await.map(|_| ())
}
