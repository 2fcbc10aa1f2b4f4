//! `nosmoke serve`.

use std::sync::Arc;

use nosmoke_application::commands::Unattended;
use nosmoke_application::queries::Place as Shown;
use nosmoke_composition::{
    Means, MypageServer, OpenFolder, Place, machine_folder, note_gateway_address, open_gateway_token,
    read_facility_file, write_facility_file,
};
use nosmoke_gateway::{Limits, Served, bind};
use nosmoke_ports::contract::{AppError, Connection, Request, SaveTerminal, TracingSetting};
use nosmoke_replication::joining::{connection, pairing};
use uuid::Uuid;

use crate::args::ServeArgs;
use crate::error::{Failed, say};

/// Opens the folder, answers until told to stop, and ends with everything durable.
pub async fn serve(means: Means, args: ServeArgs) -> Result<(), Failed> {
    // Taken before the folder is opened, so that a signal during a long start isn't lost.
    let told_to_stop = told_to_stop()?;
    if !args.listen.ip().is_loopback() {
        return Err(Failed::Other(nosmoke_gateway::Bind::NotLoopback(args.listen).to_string()));
    }
    let mut open = open(&means, &args).await?;
    let running = match answer(&means, &args, &open).await {
        Ok(running) => running,
        Err(failed) => {
            open.close().await;
            return Err(failed);
        }
    };
    say(format_args!("http://{}", running.address))?;
    told_to_stop.await;
    let unnoted = note_gateway_address(open.folder(), None);
    tokio::join!(running.stop(), open.end_exchange());
    open.close().await;
    Ok(unnoted?)
}

/// Is over when the system asks the program to end; heard from now on.
#[cfg(unix)]
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
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
fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where it can't be heard, the program is ended otherwise.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// The token is there before the port opens.
async fn answer(means: &Means, args: &ServeArgs, open: &OpenFolder) -> Result<nosmoke_gateway::Running, Failed> {
    let token = open_gateway_token(open.folder(), &*means.ids)?;
    let listener = bind(args.listen).await.map_err(|error| Failed::Other(error.to_string()))?;
    let address = listener.local_addr()?;
    note_gateway_address(open.folder(), Some(address))?;
    Ok(nosmoke_gateway::serve(listener, Served::new(open.terminal().clone(), &token, Limits::default()))?)
}

async fn open(means: &Means, args: &ServeArgs) -> Result<OpenFolder, Failed> {
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
    let place = Place { folder, marks: machine_folder(), linked: true, connection, mypage };
    let mut open = OpenFolder::open(means.clone(), place, Arc::new(())).await?;
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
    let place = Shown { data_folder: String::new(), demonstration: false, version: String::new() };
    let shown = terminal.queries.session(place).await?;
    if shown.is_some_and(|session| session.terminal.name == name) {
        return Ok(());
    }
    let command = SaveTerminal { name: name.to_owned() }.into();
    let request = Request { idempotency_key: Uuid::new_v4().to_string(), command };
    terminal.commands.run(terminal.queries.recorder().await?, request).await.map(|_| ())
}
